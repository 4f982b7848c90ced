"""The same frozen content as an editable Word file, for offices that finish their papers in Word or WPS.

A type's Word form is `templates/documents/<type>/page.docx` (made by tools/make_word_templates.py, or changed in Word);
nothing else names it. User text enters only as escaped values. docxtpl is loaded when the first file is asked for.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from io import BytesIO
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from tracker.charts.figure import loaded
from tracker.charts.table import head, rows
from tracker.documents import geometry
from tracker.documents.compose import TEMPLATES, chinese_date, levelled, printable, we
from tracker.documents.titles import balanced
from tracker.documents.typeset import Run

DRAFT = "草稿"
COPY = "可编辑副本，以印发的PDF为准"
"""What stands above every page: only the PDF is the paper."""
CELL = geometry.points(geometry.TEXT_WIDTH) / geometry.CHARACTERS
"""Width of one character on the document grid in points."""
TITLE_SIZE = 22.0
_TYPE = re.compile(r"[a-z][a-z_]{0,39}")
_NARROW = re.compile(r"[\x20-\x7e]")


class NoWordForm(LookupError):
    """A type of paper that has no page.docx."""


def word(type_: str, content: Mapping[str, Any]) -> bytes:
    """Return frozen content as a .docx: page and document grid of GB/T 9704 (22 lines × 28 characters), fonts by name.

    The header of every page says 草稿 for a draft, otherwise that the issued PDF counts. Characters that no paper can
    show (controls, invisible marks) are left out as on the PDF; everything else appears as typed.

    :raises NoWordForm: the type has no page.docx.
    :raises jinja2.UndefinedError: when the content lacks what the page prints.
    """
    from docxtpl import DocxTemplate  # noqa: PLC0415  (lxml and python-docx are not every page's burden)

    page = TEMPLATES / type_ / "page.docx"
    if not _TYPE.fullmatch(type_) or not page.is_file():
        raise NoWordForm(type_[:40])
    document = DocxTemplate(page)
    note = DRAFT if content.get("draft") else COPY
    document.render({"c": printable(content), "note": note}, environment(), autoescape=True)
    document.docx.core_properties.title = printable(str(content.get("title", "")))[:255]
    out = BytesIO()
    document.save(out)
    return out.getvalue()


@cache
def environment() -> Environment:
    """Return the Jinja environment of Word forms: escaping everything, refusing what the content lacks."""
    jinja = Environment(autoescape=True, undefined=StrictUndefined, finalize=as_typed)
    jinja.filters.update(
        chinese_date=chinese_date, we=we, text=text, title=title, sized=sized, signed=signed, table=table
    )
    return jinja


def as_typed(value: Any) -> Any:
    """Return a value as text for a Word file; braces as character references, for docxtpl rewrites `{_{` to `{{`."""
    if isinstance(value, Markup):
        return value
    return Markup(str(escape(value)).replace("{", "&#123;").replace("}", "&#125;"))  # noqa: S704  (escaped just here)


def text(value: str | Iterable[str], lead: str = "") -> Markup:
    """Return paragraphs of running text, each level in its face (一、黑体, （一）楷体), `lead` before the first."""
    texts = [value] if isinstance(value, str) else list(value)
    lines = [line.strip() for line in "\n".join([lead + "\n".join(texts)]).split("\n") if line.strip()]
    return Markup("").join(_paragraph("Body", _runs(levelled(line))) for line in lines)


def title(value: str) -> Markup:
    """Return a title as runs whose lines are broken by meaning, in the shape of a trapezium or diamond."""
    room = geometry.points(geometry.TEXT_WIDTH) / TITLE_SIZE
    lines = balanced(" ".join(value.split()), _width, room)
    return Markup("<w:r><w:br/></w:r>").join(_run(line) for line in lines)


def sized(value: str, size: float, millimetres: float) -> Markup:
    """Return a run at `size` points, or at the smaller size at which it fits into a width on one line."""
    room = geometry.points(millimetres)
    wide = sum(map(_width, value)) * size
    half_points = int(2 * (size if wide <= room else size * room / wide))
    return _run(value, Markup('<w:sz w:val="{0}"/><w:szCs w:val="{0}"/>').format(half_points))


def signed(content: Mapping[str, Any]) -> Markup:
    """Return signer and date: the date ends four characters in, the signer stands centred over it (7.3.5.1).

    :raises KeyError: without signer_line or date.
    """
    day = chinese_date(content["date"]) if content["date"] else "　　年　月　日"
    signer = str(content["signer_line"])
    wide, under = sum(map(_width, day)), sum(map(_width, signer))
    right = max(4.0, (under - wide) / 2)
    return _paragraph("Close", _run(signer), right + (wide - under) / 2) + _paragraph("Close", _run(day), right)


def table(annex: Mapping[str, Any]) -> Markup:
    """Return an annex (columns and rows as on the PDF) as a table over the text's width, its head repeated.

    A landscape annex stands upright too: whoever finishes the file turns the page. Of figures the file has the tables;
    their drawings can be had as SVG.
    """
    if annex.get("charts"):
        return Markup("").join(_figure(each) for each in annex["charts"])
    columns = annex["columns"]
    total = sum(column["width"] for column in columns)
    wide = [round(geometry.points(geometry.TEXT_WIDTH) * 20 * column["width"] / total) for column in columns]
    top = _row([column["name"] for column in columns], wide, Markup('<w:rStyle w:val="Hei"/>'), "<w:tblHeader/>")
    lines = Markup("").join(_row(row, wide) for row in annex["rows"])
    grid = Markup("").join(Markup('<w:gridCol w:w="{}"/>').format(each) for each in wide)
    return Markup(
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        "</w:tblPr><w:tblGrid>{}</w:tblGrid>{}{}</w:tbl>"
    ).format(sum(wide), grid, top, lines)


def _figure(content: Mapping[str, Any]) -> Markup:
    figure = loaded(content)
    columns = [{"name": name, "width": 1 if n else 2} for n, name in enumerate(head(figure))]
    told = [[row.label, *row.cells] for row in rows(figure)]
    above = _paragraph("Cell", _run(f"{figure.title}（单位：{figure.measure}）", Markup('<w:rStyle w:val="Hei"/>')))
    return above + table({"columns": columns, "rows": told}) + _paragraph("Cell", _run(figure.note))


def _row(texts: Iterable[str], wide: list[int], properties: Markup | str = "", repeated: str = "") -> Markup:
    cells = Markup("").join(
        Markup('<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/></w:tcPr>{}</w:tc>').format(
            width, Markup("").join(_paragraph("Cell", _run(line, properties)) for line in (text.split("\n") or [""]))
        )
        for text, width in zip(texts, wide, strict=True)
    )
    return Markup("<w:tr><w:trPr><w:cantSplit/>{}</w:trPr>{}</w:tr>").format(Markup(repeated), cells)  # noqa: S704


def _width(character: str) -> float:
    """Return a character's advance in em, as all of these fonts have it."""
    return 0.5 if _NARROW.fullmatch(character) else 1.0


def _paragraph(style: str, inner: Markup, right: float | None = None) -> Markup:
    indent = Markup("")
    if right is not None:
        indent = Markup('<w:ind w:right="{}"/>').format(round(right * CELL * 20))
    return Markup('<w:p><w:pPr><w:pStyle w:val="{}"/>{}</w:pPr>{}</w:p>').format(style, indent, inner)


def _runs(runs: Iterable[Run]) -> Markup:
    faces = {"hei": "Hei", "kai": "Kai"}
    return Markup("").join(
        _run(run.text, Markup('<w:rStyle w:val="{}"/>').format(faces[run.face]) if run.face in faces else "")
        for run in runs
    )


def _run(value: str, properties: Markup | str = "") -> Markup:
    inner = as_typed(value)
    return Markup('<w:r><w:rPr>{}</w:rPr><w:t xml:space="preserve">{}</w:t></w:r>').format(properties, inner)
