"""Lines of Chinese text: where they break and how far their characters stand apart.

Pure: measures are passed in, nothing is drawn. Browsers' engines stretch only spaces, so a line of Chinese would stay
ragged; here every line but a paragraph's last fills its measure by moving all characters apart or together equally.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

NOT_FIRST = frozenset("，。、；：？！）〕】》〉」』”’〗］｝％‰℃°′″…—～·.,;:?!)]}>%")
"""What no line begins with (避头)."""
NOT_LAST = frozenset("（〔【《〈「『“‘〖［｛￥＄№#([{<")
"""What no line ends with (避尾)."""
COUNTED = frozenset("年月日号")
"""What stays with the figure before it, unless there is need."""
SQUEEZE = 0.045
"""Characters may come together by this part of an em: enough to take one more character into a full line."""
STRETCH = 0.25
"""Beyond this gap a word is cut rather than the line torn apart."""

_WORD = re.compile(r"[A-Za-z0-9\u00c0-\u024f]+(?:[.,:'’/@_%&=?#+~-]+[A-Za-z0-9\u00c0-\u024f]+)*(?:[/%]|[+#]{1,2})?")
_CUTTABLE = re.compile(r"://|/.*/|^.{25,}$")

Measure = Callable[[str, str], float]
"""(face, character) → advance in em."""


@dataclass(frozen=True)
class Run:
    """Text in one face ("fang", "kai", "hei", "title", "song")."""

    text: str
    face: str = "fang"


@dataclass(frozen=True)
class Line:
    """One line: its runs, and the space in points that follows each character."""

    runs: tuple[Run, ...]
    spacing: float


@dataclass(frozen=True)
class Measured:
    """A paragraph ready to be broken: characters, faces, running widths in points, and where a break is allowed."""

    text: str
    faces: tuple[str, ...]
    widths: tuple[float, ...]
    breaks: tuple[int, ...]
    """0 forbidden · 1 only in need (inside a word) · 2 allowed; index i is the place before character i."""

    def width(self, start: int, end: int) -> float:
        """Return the natural width of characters start…end-1 in points."""
        return self.widths[end] - self.widths[start]


def measured(runs: Sequence[Run], measure: Measure, size: float) -> Measured:
    """Measure runs set at `size` points with the advances of the fonts really used."""
    text = "".join(run.text for run in runs)
    faces = tuple(run.face for run in runs for _ in run.text)
    widths = [0.0]
    for face, character in zip(faces, text, strict=True):
        widths.append(widths[-1] + measure(face, character) * size)
    return Measured(text, faces, tuple(widths), tuple(break_places(text)))


def break_places(text: str) -> list[int]:
    """Return for each place before a character, and the end, whether a line may break there (see `Measured.breaks`)."""
    places = [2] * (len(text) + 1)
    for word in _WORD.finditer(text):
        url = bool(_CUTTABLE.search(word[0]))
        for at in range(word.start() + 1, word.end()):
            places[at] = 2 if url and text[at - 1] in "/?&=-_." and text[at].isalnum() else 1
    for at in range(1, len(text)):
        before, after = text[at - 1], text[at]
        inside_word = places[at] == 1
        if before.isdigit() and after in COUNTED:
            places[at] = 1
        if (after in NOT_FIRST and not inside_word) or before in NOT_LAST or (before == after and before in "—…"):
            places[at] = 0
    places[0] = 0
    return places


@dataclass(frozen=True)
class Column:
    """What a paragraph is set into, in points: type size, grid spacing, width, blank before first and other lines."""

    size: float
    track: float
    width: float
    indent: float = 0.0
    hang: float = 0.0


def break_lines(runs: Sequence[Run], measure: Measure, column: Column) -> list[Line]:
    """Break one paragraph into the lines of a column.

    Every line but the last has the spacing that makes it end exactly at the right edge; the last keeps the
    column's own spacing.
    """
    paragraph = measured(runs, measure, column.size)
    total = len(paragraph.text)
    lines: list[Line] = []
    start = 0
    while start < total:
        room = column.width - (column.hang if lines else column.indent)
        if paragraph.width(start, total) + (total - start - 1) * column.track <= room + 0.02:
            lines.append(cut(paragraph, start, total, column.track))
            break
        end = line_end(paragraph, start, room, column)
        lines.append(cut(paragraph, start, end, spacing(paragraph, start, end, room)))
        start = end
        while start < total and paragraph.text[start] == " ":
            start += 1
    return lines or [Line((), column.track)]


def spacing(paragraph: Measured, start: int, end: int, room: float) -> float:
    """Return the space after each character that makes start…end-1 exactly `room` wide (a trailing blank hangs out)."""
    while end - 1 > start and paragraph.text[end - 1] == " ":
        end -= 1
    return (room - paragraph.width(start, end)) / max(end - start - 1, 1)


def line_end(paragraph: Measured, start: int, room: float, column: Column) -> int:
    """Return where the line that begins at `start` ends: the allowed place that disturbs the grid least."""
    total = len(paragraph.text)
    best: dict[int, tuple[float, int]] = {}
    end = start + 1
    while end <= total:
        change = spacing(paragraph, start, end, room) - column.track
        if change < -SQUEEZE * column.size and end > start + 1:
            break
        kind = 2 if end == total else paragraph.breaks[end]
        cost = abs(change) + (column.size if end == start + 1 else 0.0)
        if kind not in best or cost <= best[kind][0]:
            best[kind] = (cost, end)
        end += 1
    if 2 in best and best[2][0] <= STRETCH * column.size:
        return best[2][1]
    return min(best.items(), key=lambda found: (found[1][0] > STRETCH * column.size, -found[0]))[1][1]


def cut(paragraph: Measured, start: int, end: int, space: float) -> Line:
    """Return characters start…end-1 as a line of runs, trailing blanks dropped."""
    text = paragraph.text[start:end].rstrip(" ")
    runs: list[Run] = []
    for offset, character in enumerate(text):
        face = paragraph.faces[start + offset]
        if runs and runs[-1].face == face:
            runs[-1] = Run(runs[-1].text + character, face)
        else:
            runs.append(Run(character, face))
    return Line(tuple(runs), space)
