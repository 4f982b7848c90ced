"""From frozen content to HTML: the Jinja environment of papers and the words its templates use.

User text enters only as values under autoescape. A type is a folder of templates (`page.html`, `page.css`); nothing
here knows one type from another.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from tracker.charts import table
from tracker.charts.drawing import draw
from tracker.charts.figure import loaded
from tracker.documents import geometry
from tracker.documents.fonts import STACKS, Shelf
from tracker.documents.marks import Marks
from tracker.documents.titles import balanced
from tracker.documents.typeset import Column, Line, Run, break_lines

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "documents"
HEADING = 40
"""A numbered paragraph or first sentence longer than this is running text, not a heading."""
CELL = 40
"""Characters of a table's cell that the layout engine may break by itself."""
CELL_SIDES, CELL_STRETCH = 11.0, 0.12
"""Both paddings and half of both rules of a cell (points); how far (em) characters of a full line in it may part."""
_TYPE = re.compile(r"[a-z][a-z_]{0,39}")
_FIRST_LEVEL = re.compile(r"[一二三四五六七八九十]{1,3}、")
_SECOND_LEVEL = re.compile(r"（[一二三四五六七八九十]{1,3}）[^。！？；\n]*[。！？]?")
_LINES = re.compile(r'<(?:span|p|div) class="(?:under )?(?:line|blank)[" ]')
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
"""Controls, invisible formatting marks, halves of characters: nothing that ink can show, and some that XML forbids."""


def types() -> list[str]:
    """Return the names of the types that papers can have: the folders with a page.html, sorted."""
    return sorted(page.parent.name for page in TEMPLATES.glob("*/page.html") if _TYPE.fullmatch(page.parent.name))


def printable(value: Any) -> Any:
    """Return content with every text reduced to what ink can show; line ends stay, a tab becomes a wide blank."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", "　")
        return "".join(each for each in text if each == "\n" or unicodedata.category(each) not in _UNPRINTABLE)
    if isinstance(value, Mapping):
        return {key: printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [printable(each) for each in value]
    return value


def chinese_date(value: str) -> str:
    """Return "2021-12-28" as 2021年12月28日 (GB/T 9704 7.3.5.3: no leading noughts); other words stay as they are."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value[:10])
    return f"{int(found[1])}年{int(found[2])}月{int(found[3])}日" if found else value


def we(issuer: str) -> str:
    """Return how an issuer names itself in its own letter: 我办, 我局 …; its full name when no short one is usual."""
    kinds = {"办公室": "办", "办公厅": "办", "委员会": "委"} | {
        each: each for each in ("办", "局", "委", "厅", "部", "中心")
    }
    return next((f"我{short}" for ending, short in kinds.items() if issuer.endswith(ending)), issuer)


@dataclass
class Setter:
    """Sets paragraphs for templates: text → lines on the grid, as HTML."""

    grid: geometry.Grid
    shelf: Shelf

    def para(
        self,
        *parts: str | Run,
        indent: float = 2,
        hang: float = 0,
        blank: float = 0,
        size: float = 0,
        face: str = "fang",
        kind: str = "body",
    ) -> Markup:
        """Return paragraphs of justified lines; a line end in the text begins a new one.

        `indent`, `hang` (lines after the first) and `blank` (left and right of all) count characters; `size` is in
        points, 0 the grid's; `kind` becomes the class of each `<p>`.
        """
        size = size or self.grid.size
        cell = size * self.grid.cell / self.grid.size
        width = geometry.points(geometry.TEXT_WIDTH) - 2 * blank * cell
        column = Column(size, self.grid.track * size / self.grid.size, width, indent * cell, hang * cell)
        runs = [part if isinstance(part, Run) else Run(part, face) for part in parts]
        return Markup("\n").join(
            self._paragraph(break_lines(each, self.shelf.measure, column), column, blank * cell, face, kind)
            for each in split_paragraphs(runs)
        )

    def cell(self, text: str, millimetres: float, size: float = 10.5) -> Markup:
        """Return the text of a table's cell of this width (both paddings, 5 pt at most, included).

        A long one is broken here: the layout engine would look at all the rest again for every line of a narrow cell.
        """
        if len(text) <= CELL:
            return escape(text)
        column = Column(size, 0.0, geometry.points(millimetres) - CELL_SIDES)
        lines = [
            self._cut(line, size)
            for paragraph in split_paragraphs([Run(text)])
            for line in break_lines(paragraph, self.shelf.measure, column)
        ]
        return Markup("").join(lines)

    def _cut(self, line: Line, size: float) -> Markup:
        """Return a line of a cell, filled to the edge unless that tears it apart; never over the edge."""
        space = line.spacing if line.spacing <= size * CELL_STRETCH else 0.0
        text = "".join(run.text for run in line.runs)
        return Markup('<span class="cut" style="letter-spacing:{:.3f}pt">{}</span>').format(space, text)

    def _paragraph(self, lines: Sequence[Line], column: Column, blank: float, face: str, kind: str) -> Markup:
        inner = Markup("")
        for number, line in enumerate(lines):
            left = blank + (column.hang if number else column.indent)
            inner += Markup('<span class="line" style="letter-spacing:{:.3f}pt;margin-left:{:.3f}pt">{}</span>').format(
                line.spacing, left, Markup("").join(self._run(run, face) for run in line.runs)
            )
        return Markup('<p class="{} {}">{}</p>').format(kind, face, inner)

    def _run(self, run: Run, face: str) -> Markup:
        """Return a run; another face, or what a stand-in font shows, in a box of no height, so the baseline stays."""
        leading = self.shelf.first(run.face)
        pieces = groupby(run.text, key=lambda each: leading.has(each))
        whole = Markup("").join(
            escape(text) if at_home else Markup('<i class="rare">{}</i>').format(text)
            for at_home, text in ((at_home, "".join(piece)) for at_home, piece in pieces)
        )
        return whole if run.face == face else Markup('<i class="{}">{}</i>').format(run.face, whole)

    def text(self, text: str) -> Markup:
        """Return the paragraphs of a text that carries its own numbering, each level in its face (GB/T 9704 7.3.3).

        一、 the whole paragraph in 黑体 when it is a heading, （一） its first sentence in 楷体; the others in 仿宋.
        """
        return Markup("\n").join(self._level(levelled(part)) for part in text.split("\n") if part.strip())

    def _level(self, runs: list[Run]) -> Markup:
        """Return a paragraph; a first-level heading as one that reading aids and bookmarks know."""
        return Markup("<h2>{}</h2>").format(self.para(*runs)) if runs[0].face == "hei" else self.para(*runs)

    def title(self, text: str, size: float = 22.0, room: float = geometry.TEXT_WIDTH) -> Markup:
        """Return a title's lines within `room` mm: balanced, no word split where it can be helped (GB/T 9704 7.3.1)."""
        width = geometry.points(room)
        lines = balanced(" ".join(text.split()), lambda each: self.width(each, "title", size), width)
        return Markup("").join(Markup('<span class="line">{}</span>').format(line) for line in lines)

    def width(self, text: str, face: str = "fang", size: float = 0) -> float:
        """Return how wide a text runs without extra spacing, in points."""
        return sum(self.shelf.measure(face, character) for character in text) * (size or self.grid.size)

    def lines(self, html: str) -> int:
        """Return how many lines of the grid some finished HTML takes."""
        return len(_LINES.findall(html))

    def tightened(self, lines: int, top: float, foot: float) -> float:
        """Return the pitch in points at which `lines` end above `foot` (mm) when the first begins at `top`.

        The grid's own when they fit so; a little less when that saves the signature from a page of its own (7.3.5.4);
        0 when they do not fit.
        """
        room = geometry.points(foot - top) - self.grid.size / 2
        pitch = int(room / (lines - 0.5) * 100) / 100
        return 0.0 if pitch < self.grid.pitch * geometry.TIGHTEST else min(pitch, self.grid.pitch)

    def fit(self, text: str, face: str, size: float, millimetres: float) -> float:
        """Return `size`, or the smaller size at which the text fits into a width."""
        room = geometry.points(millimetres)
        wide = self.width(text, face, size)
        return size if wide <= room else size * room / wide

    def ink_top(self, text: str, face: str, size: float) -> float:
        """Return the distance in mm from the top of a line box of height `size` to the highest ink in it."""
        return self._ink(text, face, size, 1)

    def ink_bottom(self, text: str, face: str, size: float) -> float:
        """Return the distance in mm from the top of a line box of height `size` to the lowest ink in it."""
        return self._ink(text, face, size, 0)

    def _ink(self, text: str, face: str, size: float, side: int) -> float:
        ascent, descent = self.shelf.first(face).vertical
        baseline = (1 - ascent - descent) / 2 + ascent
        inks = [font.ink(each)[side] for each in text if each != " " and (font := self.shelf.font_for(face, each))]
        reach = (max(inks) if side else min(inks)) if inks else 0.0
        return (baseline - reach) * size / geometry.POINTS_PER_MM


def split_paragraphs(runs: Sequence[Run]) -> list[list[Run]]:
    """Return runs cut at line ends into paragraphs; empty ones are dropped, at least one is returned."""
    paragraphs: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        paragraphs[-1].append(Run(first, run.face))
        paragraphs += [[Run(other, run.face)] for other in others]
    return [each for each in paragraphs if any(run.text.strip() for run in each)] or [[]]


def levelled(paragraph: str) -> list[Run]:
    """Return one paragraph as runs, the lead of a numbered level in that level's face."""
    if _FIRST_LEVEL.match(paragraph) and len(paragraph) <= HEADING and paragraph[-1] not in "。；：":
        return [Run(paragraph, "hei")]
    lead = _SECOND_LEVEL.match(paragraph)
    if lead and len(lead[0]) <= HEADING:
        return [Run(lead[0], "kai"), Run(paragraph[lead.end() :])]
    return [Run(paragraph)]


@cache
def environment() -> Environment:
    """Return the Jinja environment of papers: escaping everything, refusing what the content lacks."""
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    jinja.filters.update(chinese_date=chinese_date, we=we)
    jinja.globals.update(run=Run, geometry=geometry, chart_of=loaded, drawn=draw)
    jinja.globals.update(twin_head=table.head, twin_rows=table.rows, twin_across=table.across)
    return jinja


@dataclass
class Composed:
    """A paper before the press: its HTML, the marks printed over its pages."""

    html: str
    marks: Marks = field(default_factory=Marks)


def compose(type_: str, content: Mapping[str, Any], grid: geometry.Grid, shelf: Shelf) -> Composed:
    """Fill the type's page.html with content.

    :raises jinja2.UndefinedError: when the content lacks what the page prints.
    """
    composed = Composed("")
    page = environment().get_template(f"{type_}/page.html")
    setter = Setter(grid, shelf)
    composed.html = page.render(c=printable(content), set=setter, marks=composed.marks, grid=grid)
    return composed


def style(type_: str, grid: geometry.Grid, shelf: Shelf) -> str:
    """Return the type's style sheet for a grid and the fonts at hand."""
    faces = {face: Markup(shelf.css(face)) for face in STACKS}  # noqa: S704  (names of our own table)
    return environment().get_template(f"{type_}/page.css").render(grid=grid, faces=faces)
