"""From a figure to a drawing of a width: the face of this room."""

from collections.abc import Mapping

from tracker.charts.bars import bars
from tracker.charts.canvas import Canvas
from tracker.charts.figure import Figure, Kind
from tracker.charts.lines import lines
from tracker.charts.stacks import stacks

Links = Mapping[tuple[int, int], str]
"""Addresses of the rows behind numbers, by series and place."""


def draw(figure: Figure, width: float, size: float = 12.0, height: float = 0.0, links: Links | None = None) -> Canvas:
    """Return the drawing of a figure that has something to draw; `size` is that of its texts, in the same unit.

    `height` is that of the field of numbers (lying bars take what their names need); 0: what suits the width.
    """
    canvas = Canvas(figure, width, size)
    known = links or {}
    high = height or min(max(width * 0.36, size * 9), size * 17)

    def url(series: int, place: int) -> str:
        return known.get((series, place), "")

    if figure.kind is Kind.LINES:
        lines(canvas, high, url)
    elif figure.kind is Kind.STACKS:
        stacks(canvas, high, url)
    else:
        bars(canvas, url)
    return canvas
