"""A figure beside its budget, and the table of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import east_asian_width


@dataclass(frozen=True)
class Figure:
    """What was measured; `at_most` is its budget, None where it is only told."""

    name: str
    value: float
    unit: str = ""
    at_most: float | None = None
    digits: int = 2

    @property
    def ok(self) -> bool:
        """Tell whether the budget is kept, as the figure is shown."""
        return self.at_most is None or round(self.value, self.digits) <= self.at_most

    def cells(self) -> tuple[str, str, str, str]:
        """Return the row of the table."""
        budget = f"<= {self.at_most:g} {self.unit}".rstrip() if self.at_most is not None else ""
        verdict = "" if self.at_most is None else "yes" if self.ok else "NO"
        return self.name, f"{self.value:.{self.digits}f} {self.unit}".rstrip(), budget, verdict


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a table of plain text."""
    rows = [("figure", "value", "budget", "ok"), *(figure.cells() for figure in figures)]
    widths = [max(_width(row[column]) for row in rows) for column in range(4)]
    lines = [" | ".join(map(_padded, row, widths)) for row in rows]
    return "\n".join([lines[0], "-+-".join("-" * width for width in widths), *lines[1:]])


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
