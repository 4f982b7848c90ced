"""A figure's table twin: the same numbers, for readers of tables, for paper and for files."""

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.charts.figure import Figure, Place

ACROSS = 12
"""Places that one table on paper holds side by side."""


@dataclass(frozen=True)
class Row:
    """A place with its cells: those of the series, then those of the further columns."""

    place: int
    label: str
    cells: tuple[str, ...]


def head(figure: Figure) -> list[str]:
    """Return the names of the columns."""
    return [figure.head, *(each.name for each in figure.series), *(each.name for each in figure.columns)]


def rows(figure: Figure, blank: str = "—") -> list[Row]:
    """Return a row for each place; what was not measured is told by `blank`."""
    return [
        Row(
            n,
            place.label,
            tuple(each.shown[n] or blank for each in figure.series)
            + tuple(each.cells[n] or blank for each in figure.columns),
        )
        for n, place in enumerate(figure.places)
    ]


def across(figure: Figure, blank: str = "—") -> Iterator[tuple[list[Place], list[tuple[str, list[str]]]]]:
    """Yield the table lying, a year of places side by side at a time: the places, and each column as a line."""
    lines = [(each.name, each.shown) for each in figure.series] + [(each.name, each.cells) for each in figure.columns]
    for start in range(0, len(figure.places), ACROSS):
        part = slice(start, start + ACROSS)
        yield list(figure.places[part]), [(name, [cell or blank for cell in cells[part]]) for name, cells in lines]
