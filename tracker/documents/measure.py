"""A PDF measured from its own bytes: where each character and each ruled line really stands, in millimetres."""

import ctypes
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import hypot
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from tracker.documents.geometry import POINTS_PER_MM
from tracker.documents.preview import one_at_a_time

SAME_LINE = 0.35
"""Baselines nearer than this (mm) are one line."""
_SUBSET = re.compile(r"^[A-Z]{6}\+")


@dataclass(frozen=True)
class Char:
    """One character: both edges of its advance, baseline, ink top and bottom, from the page's upper left corner."""

    text: str
    x: float
    right: float
    base: float
    top: float
    bottom: float
    size: float
    font: str
    colour: tuple[int, int, int]


@dataclass(frozen=True)
class Row:
    """Characters of one baseline and size, left to right."""

    chars: tuple[Char, ...]

    @cached_property
    def text(self) -> str:
        """What the row says, without outer blanks."""
        return "".join(char.text for char in self.chars).strip()

    @property
    def base(self) -> float:
        """Baseline."""
        return self.chars[0].base

    @property
    def size(self) -> float:
        """Type size in points."""
        return self.chars[0].size

    @property
    def left(self) -> float:
        """Left edge of the first character that is no blank."""
        return min((char.x for char in self.chars if char.text.strip()), default=self.chars[0].x)

    @property
    def right(self) -> float:
        """Right edge of the last character that is no blank."""
        return max((char.right for char in self.chars if char.text.strip()), default=self.chars[-1].right)

    @property
    def centre(self) -> float:
        """Middle between both edges."""
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Rule:
    """A drawn shape: its box and fill."""

    left: float
    top: float
    right: float
    bottom: float
    colour: tuple[int, int, int]


@dataclass
class MeasuredPage:
    """One page."""

    number: int
    width: float
    height: float
    rows: list[Row] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    turned: list[Row] = field(default_factory=list)
    """Rows that run up the page (a landscape table): places in millimetres from the upper left corner of the page laid
    on its right side."""

    def sized(self, low: float, high: float) -> list[Row]:
        """Return the rows whose type size is within low…high points, top to bottom."""
        return [row for row in self.rows if low <= row.size <= high and row.text]


@dataclass
class Measured:
    """A whole PDF; `content` is the attached notice.json, empty when there is none."""

    pages: list[MeasuredPage]
    content: dict[str, Any]
    form: str
    """Format that the paper says it has (its keyword): "信函格式", "通用格式" or ""."""
    loose_fonts: tuple[str, ...]
    """Fonts that are named but not embedded."""


class Unreadable(ValueError):
    """Bytes that cannot be measured; the message says why and what to do."""


def _opened(pdf: bytes) -> pypdfium2.PdfDocument:
    if b"%PDF-" not in pdf[:1024]:
        raise Unreadable("This is not a PDF file. Give the path of a PDF.")
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error) and b"/Encrypt" in pdf:  # the reason may be left over from an earlier file
            raise Unreadable("The PDF asks for a password. Save it without one, then check it again.") from error
        raise Unreadable("The PDF is damaged or has no page. Take a fresh copy of it.") from error


def measure(pdf: bytes) -> Measured:
    """Measure every page.

    :raises Unreadable: when the bytes are no PDF, a damaged one, or one that asks for a password.
    """
    with one_at_a_time:
        document = _opened(pdf)
        try:
            loose: set[str] = set()
            pages = [_page(document[number], number + 1, loose) for number in range(len(document))]
            form = document.get_metadata_value("Keywords")
            return Measured(pages, _content(document), form, tuple(sorted(loose)))
        finally:
            document.close()


def _content(document: pypdfium2.PdfDocument) -> dict[str, Any]:
    for number in range(document.count_attachments()):
        attachment = document.get_attachment(number)
        if attachment.get_name() == "notice.json":
            try:
                found = json.loads(bytes(attachment.get_data()))
            except ValueError:
                return {}
            return found if isinstance(found, dict) else {}
    return {}


def _page(page: pypdfium2.PdfPage, number: int, loose: set[str]) -> MeasuredPage:
    width, height = page.get_size()
    text = page.get_textpage()
    upright: list[Char] = []
    running_up: list[Char] = []
    for char, turned in _chars(text, height, loose):
        (running_up if turned else upright).append(char)
    rules = list(_rules(page, height))
    text.close()
    page.close()
    millimetres = width / POINTS_PER_MM, height / POINTS_PER_MM
    return MeasuredPage(number, *millimetres, _rows(upright), rules, _rows(running_up))


def _rows(chars: list[Char]) -> list[Row]:
    rows: dict[tuple[float, float], list[Char]] = {}
    for char in chars:
        near = next(
            (key for key in rows if abs(key[0] - char.base) < SAME_LINE and abs(key[1] - char.size) < 0.3), None
        )
        rows.setdefault(near or (char.base, char.size), []).append(char)
    return [Row(tuple(sorted(found, key=lambda each: each.x))) for _, found in sorted(rows.items())]


def _chars(text: pypdfium2.PdfTextPage, height: float, loose: set[str]) -> Iterator[tuple[Char, bool]]:
    """Yield each character and whether it runs up the page; then x and y are exchanged."""
    fonts: dict[str, bool] = {}
    x, y, size = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
    box = [ctypes.c_double() for _ in range(4)]
    loose_box = pdfium.FS_RECTF()
    for at in range(pdfium.FPDFText_CountChars(text)):
        letter = chr(pdfium.FPDFText_GetUnicode(text, at))
        font = _font(text, at)
        if letter in "\r\n\0" or not font:
            continue
        if font not in fonts:
            fonts[font] = _embedded(text, at)
            if not fonts[font]:
                loose.add(font)
        pdfium.FPDFText_GetCharOrigin(text, at, x, y)
        pdfium.FPDFText_GetCharBox(text, at, *box)
        pdfium.FPDFText_GetLooseCharBox(text, at, loose_box)
        pdfium.FPDFText_GetMatrix(text, at, size)
        left, right, bottom, top = (edge.value / POINTS_PER_MM for edge in box)
        high, told = height / POINTS_PER_MM, (font, _text_colour(text, at))
        points = pdfium.FPDFText_GetFontSize(text, at) * hypot(size.c, size.d)
        if abs(size.c) > abs(size.d):
            start, end = y.value / POINTS_PER_MM, loose_box.top / POINTS_PER_MM
            yield Char(letter, start, end, x.value / POINTS_PER_MM, left, right, points, *told), True
        else:
            start, end = x.value / POINTS_PER_MM, loose_box.right / POINTS_PER_MM
            yield (
                Char(letter, start, end, high - y.value / POINTS_PER_MM, high - top, high - bottom, points, *told),
                False,
            )


def _font(text: pypdfium2.PdfTextPage, at: int) -> str:
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(text, at, name, 128, flags)
    return _SUBSET.sub("", name.raw[: max(length - 1, 0)].decode("utf-8", "replace")) if length else ""


def _embedded(text: pypdfium2.PdfTextPage, at: int) -> bool:
    thing = pdfium.FPDFText_GetTextObject(text, at)
    return bool(thing) and pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(thing)) == 1


def _text_colour(text: pypdfium2.PdfTextPage, at: int) -> tuple[int, int, int]:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFText_GetFillColor(text, at, red, green, blue, alpha)
    return red.value, green.value, blue.value


def _rules(page: pypdfium2.PdfPage, height: float) -> Iterator[Rule]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=1):
        pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
        pdfium.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha)
        yield Rule(
            left.value / POINTS_PER_MM,
            (height - top.value) / POINTS_PER_MM,
            right.value / POINTS_PER_MM,
            (height - bottom.value) / POINTS_PER_MM,
            (red.value, green.value, blue.value),
        )
