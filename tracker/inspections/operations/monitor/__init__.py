"""Taking over what a monitor found: a sheet or a JSON file, checked as a whole, stored all or not at all."""

from tracker.inspections.operations.monitor.check import Line, Plan, check
from tracker.inspections.operations.monitor.columns import COLUMNS, ROWS, TITLE
from tracker.inspections.operations.monitor.json_file import LARGEST, is_json, read_json
from tracker.inspections.operations.monitor.store import store

__all__ = ["COLUMNS", "LARGEST", "ROWS", "TITLE", "Line", "Plan", "check", "is_json", "read_json", "store"]
