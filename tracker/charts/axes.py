"""The frame of a drawing over time: key above, value axis at the left, places beneath."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.charts.canvas import Canvas
from tracker.charts.scale import thinned, width_of


@dataclass(frozen=True)
class Field:
    """The area that the numbers stand in, and the scale of their axis."""

    left: float
    top: float
    right: float
    bottom: float
    low: float
    high: float
    count: int

    @property
    def band(self) -> float:
        """Return the width of one place."""
        return (self.right - self.left) / max(self.count, 1)

    def x(self, place: int) -> float:
        """Return the middle of a place."""
        return self.left + self.band * (place + 0.5)

    def y(self, value: float) -> float:
        """Return the height of a value."""
        return self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low or 1)


def frame(canvas: Canvas, marks: Sequence[int], height: float, right: float, top: float = 0.0) -> Field:
    """Draw axis, rules and places for a field of this height; return it. `right`: room for what stands beside it."""
    size, figure = canvas.size, canvas.figure
    unit = "%" if figure.measure == "%" else ""
    left = max(width_of(f"{each}{unit}", size) for each in marks) + size * 0.6
    right = max(right, (_widest(canvas) - (canvas.width - left - right) / max(len(figure.places), 1)) / 2)
    upper = top + size * 0.9
    field = Field(left, upper, canvas.width - right, upper + height, marks[0], marks[-1], len(figure.places))
    for mark in marks:
        y = field.y(mark)
        canvas.rule("base" if mark == marks[0] else "grid", (field.left, y), (field.right, y))
        canvas.words("tick end", field.left - size * 0.5, y + size * 0.35, f"{mark}{unit}")
    if marks[0]:
        _torn(canvas, field)
    _places(canvas, field)
    canvas.height = field.bottom + size * (2.9 if any(each.over for each in figure.places) else 1.6)
    return field


def _widest(canvas: Canvas) -> float:
    return max((width_of(each.tick, canvas.size) for each in canvas.figure.places), default=0.0)


def _torn(canvas: Canvas, field: Field) -> None:
    """Show that the axis does not begin at zero: a tooth across its lower end."""
    x, y, s = field.left, field.bottom, canvas.size * 0.3
    canvas.rule("torn", (x, y - 4.2 * s), (x - s, y - 3.4 * s), (x + s, y - 2.4 * s), (x, y - 1.6 * s), (x, y))


def _places(canvas: Canvas, field: Field) -> None:
    size, places = canvas.size, canvas.figure.places
    before = None
    free = 0.0
    for n in thinned(len(places), field.band, _widest(canvas)):
        place, x = places[n], field.x(n)
        canvas.words("tick mid", x, field.bottom + size * 1.25, place.tick, place.label)
        if place.over and place.over != before and x - width_of(place.over, size) / 2 >= free:
            canvas.words("tick over mid", x, field.bottom + size * 2.55, place.over)
            free = x + width_of(place.over, size) / 2 + size * 0.5
        before = place.over


def key(canvas: Canvas, drawn: Sequence[int]) -> float:
    """Write which pattern is which series above the field; return the room that it takes (none for one series)."""
    if len(canvas.figure.series) < 2:
        return 0.0
    size, x, y = canvas.size, 0.0, 0.0
    for n in drawn:
        name = canvas.figure.series[n].name
        wide = width_of(name, size) + size * 2.6
        if x and x + wide > canvas.width:
            x, y = 0.0, y + size * 1.6
        canvas.box(x, y + size * 0.15, size, size, n)
        canvas.words("name", x + size * 1.4, y + size * 1.02, name)
        x += wide
    return y + size * 1.9
