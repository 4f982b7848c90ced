"""Bars over time, one series upon the other; every bar begins at zero."""

from tracker.charts.axes import Field, frame, key
from tracker.charts.canvas import Canvas
from tracker.charts.lines import Url
from tracker.charts.scale import ticks, width_of

THICKEST = 3.2
"""A bar is at most so many characters wide: one month alone is a bar, not a wall."""


def stacks(canvas: Canvas, height: float, url: Url) -> None:
    """Draw each place's numbers as one bar, its sum above it where all sums have room."""
    figure = canvas.figure
    drawn = figure.drawn
    sums = [_sum(canvas, place) for place in range(len(figure.places))]
    top = key(canvas, drawn)
    marks = ticks(max((each for each in sums if each is not None), default=0))
    field = frame(canvas, marks, height, canvas.size * 0.4, top)
    room = max((width_of(str(each), canvas.size) for each in sums if each is not None), default=0)
    for place, total in enumerate(sums):
        if total is not None:
            y = _bar(canvas, field, place, url)
            if room + canvas.size * 0.3 <= field.band:
                canvas.words("value mid" if total else "tick mid", field.x(place), y - canvas.size * 0.3, _short(total))


def _sum(canvas: Canvas, place: int) -> float | None:
    values = [each.values[place] for each in canvas.figure.series if each.values[place] is not None]
    return sum(value or 0 for value in values) if values else None


def _short(total: float) -> str:
    return f"{total:g}" if isinstance(total, float) else str(total)


def _bar(canvas: Canvas, field: Field, place: int, url: Url) -> float:
    """Draw one bar from the ground up; return the height at which it ends."""
    wide = min(field.band * 0.66, canvas.size * THICKEST)
    base = 0.0
    for n in canvas.figure.drawn:
        series = canvas.figure.series[n]
        value = series.values[place]
        if value:
            y, under = field.y(base + value), field.y(base)
            said = f"{canvas.figure.places[place].label} {series.name}：{series.shown[place]}"
            canvas.box(field.x(place) - wide / 2, y, wide, under - y, n, said, url(n, place))
            base += value
    return field.y(base)
