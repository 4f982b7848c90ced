"""A Word file for an official paper under construction: page, document grid, faces as named styles, heads and feet."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

FANG, KAI, HEI, XBS, SONG = "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体", "宋体"
RED = "FF0000"
LINE_PITCH, CHAR_SPACE = 579, 0
"""22 lines in 225 mm, in twentieths of a point. The grid adds nothing to a character's width …"""
GRID, TIGHT = 16.0, -5
"""… because running text of 16 pt is itself set a quarter point closer (in twentieths): 28 × 15.75 pt fit into 156 mm
in every program. A grid cell narrower than its character (charSpace -850) does the same in Word, but LibreOffice then
gives the character two cells."""


class Sheet:
    """A Word file under construction: A4, 版心 156 × 225 mm, document grid 22 × 28, the faces as named styles."""

    def __init__(self, *, letter: bool) -> None:
        self.file: Any = Document()
        self.letter = letter
        self._page()
        self._styles()
        self._heads()

    def _page(self) -> None:
        section = self.file.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.header_distance, section.footer_distance = Mm(15), Mm(20)
        section.different_first_page_header_footer = self.letter
        self.file.settings.odd_and_even_pages_header_footer = True
        for grid in section._sectPr.findall(qn("w:docGrid")):
            section._sectPr.remove(grid)
        section._sectPr.append(
            element("w:docGrid", type="linesAndChars", linePitch=str(LINE_PITCH), charSpace=str(CHAR_SPACE))
        )

    def _styles(self) -> None:
        styles = self.file.styles
        normal = styles["Normal"]
        face(normal, FANG, GRID)
        normal.paragraph_format.space_after = Pt(0)
        normal.paragraph_format.line_spacing = 1.0
        self._style("Body", "公文正文", indent=2)
        self._style("Flush", "公文顶格")
        self._style("PaperTitle", "公文标题", font=XBS, size=22, align="center", exact=34)
        self._style("Close", "公文落款", align="right")
        self._style("Centred", "公文居中", align="center")
        self._style("Issuer", "发文机关标志", font=XBS, size=40, colour=RED, align="center", exact=46)
        self._style("Note", "页眉说明", font=KAI, size=12, colour="7F7F7F", align="center", exact=14)
        self._style("Number", "页码", font=SONG, size=14, exact=16)
        self._style("Copies", "抄送", size=14, exact=24)
        self._style("Cell", "表格文字", size=12, align="left", exact=19)
        for id_, name, font in (("Hei", "公文黑体", HEI), ("Kai", "公文楷体", KAI)):
            style = styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
            style.element.set(qn("w:styleId"), id_)
            face(style, font, None)

    def _style(
        self,
        id_: str,
        name: str,
        *,
        font: str = FANG,
        size: float = GRID,
        colour: str = "",
        align: str = "both",
        exact: float = 0,
        indent: int = 0,
    ) -> None:
        style = self.file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), id_)
        style.base_style = self.file.styles["Normal"]
        face(style, font, size, colour)
        if size == GRID:
            style.element.rPr.insert_element_before(element("w:spacing", val=str(TIGHT)), "w:sz", "w:szCs")
        made = style.element.get_or_add_pPr()
        if exact:  # such lines stand outside the grid
            made.append(element("w:snapToGrid", val="0"))
            made.append(element("w:spacing", line=str(round(exact * 20)), lineRule="exact", before="0", after="0"))
        if indent:
            made.append(element("w:ind", firstLineChars=str(100 * indent), firstLine=str(316 * indent)))
        made.append(element("w:jc", val=align))

    def _heads(self) -> None:
        section = self.file.sections[0]
        for header in (section.header, section.even_page_header):
            self._note(header)
        numbered(section.footer, "right")
        numbered(section.even_page_footer, "left")
        if self.letter:
            self._letter_head(section.first_page_header)
            foot = section.first_page_footer.paragraphs[0]
            foot.style = self.file.styles["页眉说明"]
            ruled(foot, "bottom", "thinThickSmallGap", 1)

    def _note(self, header: Any) -> None:
        header.paragraphs[0].style = self.file.styles["页眉说明"]
        header.paragraphs[0].text = "{{ note }}"

    def _letter_head(self, header: Any) -> None:
        """Print the issuer's name 30 mm below the paper's edge, 4 mm below it the double line (10.1)."""
        self._note(header)
        line = header.add_paragraph("{{r c.issuer|sized(40, 150) }}", style=self.file.styles["发文机关标志"])
        line.paragraph_format.space_before = Pt(24)
        ruled(line, "bottom", "thickThinSmallGap", 8)

    def add(self, style: str, text: str = "") -> Any:
        """Add a paragraph in the style of that name."""
        return self.file.add_paragraph(text, style=self.file.styles[style])

    def blank(self, count: int = 1) -> None:
        """Add empty lines of the grid."""
        for _ in range(count):
            self.add("公文顶格")

    @contextmanager
    def only(self, condition: str) -> Iterator[None]:
        """Let what is added inside stand only under a condition."""
        self.add("公文顶格", f"{{%p if {condition} %}}")
        yield
        self.add("公文顶格", "{%p endif %}")

    def table(self, widths: Sequence[float], rows: Sequence[Sequence[str]], *, heads: int = 0) -> Any:
        """Add a table with column widths in millimetres; a cell of the text "<" belongs to the one before it."""
        table = self.file.add_table(rows=len(rows), cols=len(widths))
        table.style = self.file.styles["Table Grid"]
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for number, texts in enumerate(rows):
            self._row(table.rows[number], texts, widths, head=number < heads)
        return table

    def _row(self, row: Any, texts: Sequence[str], widths: Sequence[float], *, head: bool) -> None:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
        cells = row.cells
        start = 0
        while start < len(texts):
            end = start
            while end + 1 < len(texts) and texts[end + 1] == "<":
                end += 1
            cell = cells[start].merge(cells[end]) if end > start else cells[start]
            cell.paragraphs[0].style = self.file.styles["表格文字"]
            run = cell.paragraphs[0].add_run(texts[start])
            if head:
                run.style = self.file.styles["公文黑体"]
            start = end + 1
        properties = row._tr.get_or_add_trPr()
        properties.append(element("w:cantSplit"))
        if head:
            properties.append(element("w:tblHeader"))

    def bytes(self) -> bytes:
        """Return the file; its parts carry one fixed date, so that the same source gives the same bytes."""
        loose = BytesIO()
        self.file.save(loose)
        out = BytesIO()
        with zipfile.ZipFile(loose) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in sorted(old.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
                part = zipfile.ZipInfo(name, (2021, 1, 1, 0, 0, 0))
                part.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(part, old.read(name))
        return out.getvalue()


def element(tag: str, **attributes: str) -> Any:
    """Return a WordprocessingML element with attributes of its own namespace."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def face(style: Any, font: str, size: float | None, colour: str = "") -> None:
    """Give a style its font by name (Latin and Chinese), its size in points and its colour."""
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    properties.insert(0, element("w:rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
    if colour:
        properties.append(element("w:color", val=colour))
    if size is not None:
        properties.append(element("w:sz", val=f"{size * 2:.0f}"))
        properties.append(element("w:szCs", val=f"{size * 2:.0f}"))


def ruled(paragraph: Any, side: str, kind: str, space: int) -> None:
    """Give a paragraph a red double line 170 mm long in the middle of the paper, `space` points from its text."""
    properties = paragraph._p.get_or_add_pPr()
    borders = element("w:pBdr")
    borders.append(element(f"w:{side}", val=kind, sz="24", space=str(space), color=RED))
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"
    )
    indent = element("w:ind", left=str(-round(8 * 56.693)), right=str(-round(6 * 56.693)))
    properties.insert_element_before(indent, "w:jc", "w:rPr", "w:sectPr")


def numbered(footer: Any, side: str) -> None:
    """Print — 1 — one character in from the outer edge, 7 mm below the text."""
    paragraph = footer.paragraphs[0]
    paragraph.style = "页码"
    properties = paragraph._p.get_or_add_pPr()
    spacing = element("w:spacing", line="320", lineRule="exact", before="0", after=str(round(2.4 * 56.693)))
    properties.append(spacing)
    properties.append(element("w:ind", **{side: "280"}))
    properties.append(element("w:jc", val=side))
    for part in (run("— "), field("PAGE"), run(" —")):
        paragraph._p.append(part)


def run(text: str) -> Any:
    """Return a run of plain text."""
    return parse_xml(f'<w:r {nsdecls("w")}><w:t xml:space="preserve">{text}</w:t></w:r>')


def field(name: str) -> Any:
    """Return a field that Word fills."""
    return parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{name}"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
