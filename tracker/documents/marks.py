"""Marks printed on pages outside the text: QR codes, registration squares, 草稿 across a draft.

They are drawn straight into the page (as artifacts, which reading aids skip): they stand to the tenth of a millimetre,
and a code may name its own page, which no style sheet knows before the pages are made.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from fontTools.pens.basePen import BasePen

from tracker.documents import geometry
from tracker.documents.fonts import Font, Shelf
from tracker.documents.qr import modules

Draw = Callable[[int, int], str]
"""(page, pages) → PDF drawing operators in millimetres from the upper left corner."""
DRAFT_GREY, DRAFT_MM = 0.9, 62.0


@dataclass
class Marks:
    """What a template asks to be printed on its pages; every method prints nothing at the place of the call."""

    draws: list[Draw] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    text_pages: int = 0
    """How many pages the text is thought to take, 0 when nobody said: it saves a layout, and decides nothing."""

    def fills(self, lines: float, first: float, others: int) -> str:
        """Say that the text has so many lines, when the first page holds `first` and each other page `others`."""
        self.text_pages = 1 + max(ceil((lines - first) / others - 1e-6), 0)
        return ""

    def qr(self, payload: str, x: float, y: float, side: float, first_only: bool = False) -> str:
        """Print a QR code `side` mm wide, its upper left corner at x, y; {page} and {pages} in it are filled."""

        def draw(page: int, pages: int) -> str:
            if first_only and page > 1:
                return ""
            return _squares(payload.replace("{page}", str(page)).replace("{pages}", str(pages)), x, y, side)

        self.draws.append(draw)
        return ""

    def squares(self) -> str:
        """Print the four registration squares that let a scan of this page be laid straight."""
        side, near = geometry.SQUARE, geometry.SQUARE_INSET
        right, low = geometry.PAGE_WIDTH - near - side, geometry.PAGE_HEIGHT - near - side
        ink = "".join(f"{x:g} {y:g} {side:g} {side:g} re " for x in (near, right) for y in (near, low))
        self.draws.append(lambda *_: f"0 g {ink}f")
        return ""

    def draft(self, word: str = "草稿") -> str:
        """Print a word in light grey across every page, beneath the text."""
        self.drafts.append(word)
        return ""


def _squares(payload: str, x: float, y: float, side: float) -> str:
    matrix = modules(payload)
    unit = side / len(matrix)
    ink = "".join(
        f"{x + start * unit:.4f} {y + row * unit:.4f} {length * unit:.4f} {unit:.4f} re "
        for row, line in enumerate(matrix)
        for start, length in _dark_runs(line)
    )
    return f"0 g {ink}f"


def _dark_runs(line: list[bool]) -> Iterator[tuple[int, int]]:
    start = 0
    for at, dark in enumerate([*line, False]):
        if not dark:
            if at > start:
                yield start, at - start
            start = at + 1


class _Outline(BasePen):  # type: ignore[misc]
    """Collects a glyph's outline as PDF path operators in font units."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.path: list[str] = []

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self.path.append(f"{point[0]:g} {point[1]:g} m")

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self.path.append(f"{point[0]:g} {point[1]:g} l")

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self.path.append(" ".join(f"{x:.1f} {y:.1f}" for x, y in points) + " c")

    def _closePath(self) -> None:  # noqa: N802
        self.path.append("h")


def _outline(font: Font, character: str) -> str:
    glyphs = font.file.getGlyphSet()
    pen = _Outline(glyphs)
    glyphs[font.characters[ord(character)]].draw(pen)
    return " ".join(pen.path)


def _draft(word: str, shelf: Shelf) -> str:
    """Return a word written upwards across the middle of the page, 35 degrees."""
    cos, sin = 0.819, 0.574
    parts = [f"q {cos} {-sin} {sin} {cos} {geometry.PAGE_WIDTH / 2} {geometry.PAGE_HEIGHT / 2} cm {DRAFT_GREY} g"]
    start = -len(word) * DRAFT_MM / 2
    for place, character in enumerate(word):
        font = shelf.font_for("hei", character)
        if font:
            scale = DRAFT_MM / font.em
            parts.append(f"q {scale:.5f} 0 0 {-scale:.5f} {start + place * DRAFT_MM:.3f} {DRAFT_MM * 0.38:.3f} cm")
            parts.append(f"{_outline(font, character)} f Q")
    return " ".join([*parts, "Q"])


def operators(marks: Marks, page: int, pages: int, shelf: Shelf) -> str:
    """Return the PDF operators that draw all marks of a page as one artifact, or "" when it has none."""
    ink = [_draft(word, shelf) for word in marks.drafts] + [draw(page, pages) for draw in marks.draws]
    ink = [each for each in ink if each]
    if not ink:
        return ""
    scale, height = geometry.POINTS_PER_MM, geometry.points(geometry.PAGE_HEIGHT)
    return f"/Artifact BMC q {scale:.6f} 0 0 {-scale:.6f} 0 {height:.4f} cm {' '.join(ink)} Q EMC"
