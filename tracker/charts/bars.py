"""Lying bars over named things: the name in full beside the bar where it fits, the number behind it."""

from tracker.charts.axes import key
from tracker.charts.canvas import Canvas
from tracker.charts.lines import Url
from tracker.charts.scale import width_of, wrapped

NAMES = 0.46
"""Part of the width that names may take."""


def bars(canvas: Canvas, url: Url) -> None:
    """Draw each place as a row; its height follows from the lines of its name."""
    figure, size = canvas.figure, canvas.size
    room = min(max(width_of(each.label, size) for each in figure.places) + size * 0.2, canvas.width * NAMES)
    sums = [sum(each.values[place] or 0 for each in figure.series) for place in range(len(figure.places))]
    after = max(width_of(str(each), size) for each in sums) + size
    y = key(canvas, figure.drawn) + size * 0.2
    scale = (canvas.width - room - size * 0.7 - after) / (max(sums) or 1)
    begin = y
    for place, total in enumerate(sums):
        y = _row(canvas, place, y, room, scale, total, url)
    canvas.rule("base", (room + size * 0.7, begin), (room + size * 0.7, y - size * 0.25))
    canvas.height = y


def _row(canvas: Canvas, place: int, y: float, room: float, scale: float, total: float, url: Url) -> float:
    size, label = canvas.size, canvas.figure.places[place].label
    lines = wrapped(label, room, size)
    high = size * 1.25 * max(len(lines), 1.3)
    for number, line in enumerate(lines):
        middle = y + high / 2 + (number - (len(lines) - 1) / 2) * size * 1.25
        canvas.words("name end", room, middle + size * 0.35, line, label)
    x = room + size * 0.7
    for n in canvas.figure.drawn:
        series = canvas.figure.series[n]
        value = series.values[place]
        if value:
            said = f"{label} {series.name}：{series.shown[place]}"
            canvas.box(x, y + high / 2 - size * 0.62, value * scale, size * 1.24, n, said, url(n, place))
            x += value * scale
    canvas.words("value", x + size * 0.4, y + high / 2 + size * 0.35, str(total))
    return y + high + size * 0.45
