"""The ledger's rows, narrowed and searched."""

from tracker.ledger.queries.filters import LedgerFilter, annex_filter
from tracker.ledger.queries.names import Names, names
from tracker.ledger.queries.pages import LedgerPage, count_lines, ledger_page
from tracker.ledger.queries.rows import Moment, every_line, lines

__all__ = [
    "LedgerFilter",
    "LedgerPage",
    "Moment",
    "Names",
    "annex_filter",
    "count_lines",
    "every_line",
    "ledger_page",
    "lines",
    "names",
]
