"""Loading indicator sets from their data files."""

from tracker.indicators.operations.load import load_set
from tracker.indicators.operations.parse import DATA, ParsedSet, parse, read_set, shipped_files

__all__ = ["DATA", "ParsedSet", "load_set", "parse", "read_set", "shipped_files"]
