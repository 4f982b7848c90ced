"""Figures over months: the same counts as bulletins', for many months at once and a constant number of statements."""

from tracker.bulletins.queries.series.figures import OTHER, Made, figures, place_name
from tracker.bulletins.queries.series.months import Counting, Span, counting
from tracker.bulletins.queries.series.rates import failed_rows, rates
from tracker.bulletins.queries.series.rows import MOST_ROWS, SOURCES, Asked, Behind, behind

__all__ = [
    "MOST_ROWS",
    "OTHER",
    "SOURCES",
    "Asked",
    "Behind",
    "Counting",
    "Made",
    "Span",
    "behind",
    "counting",
    "failed_rows",
    "figures",
    "place_name",
    "rates",
]
