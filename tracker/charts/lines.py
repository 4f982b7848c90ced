"""Lines over time: broken where nothing was measured, named at their end."""

from collections.abc import Callable

from tracker.charts.axes import Field, frame
from tracker.charts.canvas import Canvas, Part, path_of
from tracker.charts.scale import apart, percent_ticks, ticks, width_of

DOTS = 18
"""More places than this: only the ends of a line, and what stands alone, have a dot."""
Url = Callable[[int, int], str]


def lines(canvas: Canvas, height: float, url: Url) -> None:
    """Draw each series as a line; gaps stay open, a number without neighbours is a dot."""
    figure = canvas.figure
    numbers = [value for each in figure.series for value in each.values if value is not None]
    marks = percent_ticks(min(numbers)) if figure.measure == "%" else ticks(max(numbers))
    names = [f"{each.name}" for each in figure.series]
    lasts = [next((s for s in reversed(each.shown) if s), "") for each in figure.series]
    right = max(width_of(each, canvas.size) for each in (*names, *lasts)) + canvas.size * 1.2
    field = frame(canvas, marks, height, right)
    for n in range(len(figure.series)):
        _line(canvas, field, n, url)
    _named(canvas, field, names, lasts)


def _line(canvas: Canvas, field: Field, n: int, url: Url) -> None:
    series = canvas.figure.series[n]
    pieces: list[list[int]] = [[]]
    for place, value in enumerate(series.values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(place)
    for piece in filter(None, pieces):
        points = [(field.x(place), field.y(series.values[place] or 0)) for place in piece]
        if len(points) > 1:
            canvas.parts.append(Part("path", f"line line-{n}", path=path_of(points)))
        _written(canvas, field, n, piece, points)
        for place, (x, y) in zip(piece, points, strict=True):
            ends = len(series.values) <= DOTS or place in (piece[0], piece[-1])
            canvas.parts.append(
                Part(
                    "circle",
                    f"dot dot-{n}" if ends else "dot still",
                    round(x, 2),
                    round(y, 2),
                    round(canvas.size * 0.27, 2),
                    said=f"{series.name} {canvas.figure.places[place].label}：{series.shown[place]}",
                    url=url(n, place),
                    fill=n,
                )
            )


def _written(canvas: Canvas, field: Field, n: int, piece: list[int], points: list[tuple[float, float]]) -> None:
    """Write each number beside its dot where all have room: the first series' above its line, the others' below."""
    series, size = canvas.figure.series[n], canvas.size
    last = max(place for place, value in enumerate(series.values) if value is not None)
    if max(width_of(each, size) for each in series.shown) + size > field.band:
        return
    for place, (x, y) in zip(piece, points, strict=True):
        if place != last:
            canvas.words("tick mid", x, y + (1.5 * size if n else -0.7 * size), series.shown[place])


def _named(canvas: Canvas, field: Field, names: list[str], lasts: list[str]) -> None:
    """Write name and last number beside each line's end, moved apart where lines end close together."""
    size = canvas.size
    ends = [
        next((value for value in reversed(each.values) if value is not None), None) for each in canvas.figure.series
    ]
    told = [n for n, value in enumerate(ends) if value is not None]
    at = apart([field.y(ends[n] or 0) for n in told], size * 2.5, field.top + size * 0.3, field.bottom - size * 0.4)
    for n, y in zip(told, at, strict=True):
        canvas.words("name", field.right + size * 0.5, y - size * 0.15, names[n])
        canvas.words("value", field.right + size * 0.5, y + size * 1.0, lasts[n])
