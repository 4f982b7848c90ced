"""What a drawing consists of: a few simple parts with classes, which a template writes as SVG."""

from dataclasses import dataclass, field

from tracker.charts.figure import Figure, Tone


@dataclass(frozen=True)
class Part:
    """A piece of the drawing. `tag`: rect, path, circle or text; numbers in the drawing's own units, y downwards."""

    tag: str
    look: str
    """Its classes."""
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    path: str = ""
    text: str = ""
    said: str = ""
    """What a pointer is told over it."""
    url: str = ""
    """The page of the rows behind it."""
    fill: int = -1
    """Which series' pattern fills it; -1: its class says."""
    tone: Tone = Tone.PLAIN


@dataclass
class Canvas:
    """A drawing under the hand: parts in the order in which they are painted."""

    figure: Figure
    width: float
    size: float
    height: float = 0.0
    parts: list[Part] = field(default_factory=list)

    def rule(self, look: str, *points: tuple[float, float]) -> None:
        """Draw a line through points."""
        self.parts.append(Part("path", look, path=path_of(points)))

    def words(self, look: str, x: float, y: float, text: str, said: str = "") -> None:
        """Write a text whose base line begins, is centred or ends at x, by its look (start, mid or end)."""
        self.parts.append(Part("text", look, x=round(x, 2), y=round(y, 2), text=text, said=said))

    def box(self, x: float, y: float, width: float, height: float, fill: int, said: str = "", url: str = "") -> None:
        """Draw a filled rectangle of a series."""
        wide, high = round(max(width, 0), 2), round(max(height, 0), 2)
        tone = self.figure.series[fill].tone
        self.parts.append(
            Part("rect", "box", round(x, 2), round(y, 2), wide, high, said=said, url=url, fill=fill, tone=tone)
        )


def path_of(points: tuple[tuple[float, float], ...] | list[tuple[float, float]]) -> str:
    """Return points as the data of an SVG path."""
    return "M" + " L".join(f"{round(x, 2):g},{round(y, 2):g}" for x, y in points)
