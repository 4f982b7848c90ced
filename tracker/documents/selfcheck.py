"""A paper checked against GB/T 9704-2012 from its own bytes: the measurable points P1–P30, each with what was found.

Points that every official paper has are here; those of the letter format (信函格式, 10.1) are in `lettercheck.py`. One
that does not apply to a paper (no annex, no attachment with the content) is left out rather than passed.
"""

from itertools import pairwise
from typing import Any

from tracker.documents import geometry
from tracker.documents.generalcheck import GENERAL_FORM
from tracker.documents.lettercheck import LETTER
from tracker.documents.measure import Measured, MeasuredPage, Row, measure
from tracker.documents.partscheck import EVERYWHERE, PARTS
from tracker.documents.points import (
    BODY_FONTS,
    CELL,
    EDGE_LEFT,
    EDGE_RIGHT,
    INDENT,
    NEXT_LINE,
    PITCHES,
    SMALL,
    Check,
    Point,
    body,
    following,
    letters,
    signature,
)
from tracker.kit.words import N_


def check_pdf(pdf: bytes) -> list[Check]:
    """Measure a PDF and return every point that applies to it, in the order of the list.

    :raises Unreadable: when the bytes cannot be measured.
    """
    return check_measured(measure(pdf))


def check_measured(paper: Measured) -> list[Check]:
    """Return every point that applies to a measured PDF, in the order of the list."""
    points = [*GENERAL, *EVERYWHERE, *FORMS.get(paper.form, ())]
    found = [check for point in points if (check := point(paper)) is not None]
    return sorted(found, key=lambda check: int(check.id[1:]))


def report(pdf: bytes) -> dict[str, Any]:
    """Return the checks as JSON-able values: {ok, pages, form, checks: [{id, asks (msgid), ok, found}]}, order stable.

    :raises Unreadable: when the bytes cannot be measured.
    """
    paper = measure(pdf)
    checks = check_measured(paper)
    told = [{"id": check.id, "asks": check.asks, "ok": check.ok, "found": check.found} for check in checks]
    return {"ok": all(check.ok for check in checks), "pages": len(paper.pages), "form": paper.form, "checks": told}


def size_of_paper(paper: Measured) -> Check:
    """P1: A4, ± 1 mm."""
    off = max(max(abs(page.width - 210), abs(page.height - 297)) for page in paper.pages)
    return Check("P1", N_("The paper is A4"), off <= 1, f"± {off:.2f} mm")


def margins(paper: Measured) -> Check | None:
    """P2: body text within 28…184 mm (± 0.5) and 37…262 mm (± 1: brackets hang below their line)."""
    rows = [row for page in paper.pages for row in body(page)]
    if not rows:
        return None
    left, right = min(row.left for row in rows), max(row.right for row in rows)
    top = min(min(char.top for char in row.chars) for row in rows)
    bottom = max(max(char.bottom for char in row.chars) for row in rows)
    foot = (geometry.LETTER_FOOT if paper.form == "信函格式" and bottom == _lowest(paper.pages[0]) else 262) + 1
    ok = left >= EDGE_LEFT - 0.5 and right <= EDGE_RIGHT + 0.5 and top >= geometry.TOP - 1 and bottom <= foot
    return Check(
        "P2", N_("The text stays inside 156 × 225 mm"), ok, f"{left:.2f}–{right:.2f} × {top:.2f}–{bottom:.2f} mm"
    )


def _lowest(page: MeasuredPage) -> float:
    return max((char.bottom for row in body(page) for char in row.chars), default=0.0)


def pitch(paper: Measured) -> Check | None:
    """P3: lines stand 10.227 mm apart (word grid) or 10.45 mm (strict grid), ± 0.05.

    On the page of the signature they may stand closer together, all by the same (7.3.5.4).
    """
    signed = signature(paper)
    worst, seen = 0.0, False
    for page in paper.pages:
        steps = [b.base - a.base for a, b in pairwise(body(page)) if b.base - a.base < NEXT_LINE]
        if steps:
            seen = True
            fitted = signed is not None and signed[0] is page and _is_tightened(steps)
            worst = max(worst, 0.0 if fitted else _off_grid(steps))
    if not seen:
        return None
    return Check("P3", N_("22 lines a page: lines stand one grid step apart"), worst <= 0.05, f"± {worst:.3f} mm")


def _off_grid(steps: list[float]) -> float:
    return min(max(abs(step - grid) for step in steps) for grid in PITCHES)


def _is_tightened(steps: list[float]) -> bool:
    return max(steps) - min(steps) <= 0.05 and min(PITCHES) * geometry.TIGHTEST - 0.02 <= min(steps) < max(PITCHES)


def full_page_lines(paper: Measured) -> list[int]:
    """Return how many lines each page has that is text from its first line to its last."""
    return [len(body(page)) for page in paper.pages if _is_full(page)]


def full_pages(paper: Measured) -> Check | None:
    """P3: a page of text from its first to its last line has 22 of them."""
    counts = full_page_lines(paper)
    if not counts:
        return None
    return Check("P3", N_("A full page has 22 lines"), set(counts) == {geometry.LINES}, "、".join(map(str, counts)))


def _is_full(page: MeasuredPage) -> bool:
    rows = body(page)
    return (
        bool(rows)
        and rows[0].base < 46
        and rows[-1].base > 256
        and all(b.base - a.base < 11 for a, b in pairwise(rows))
    )


def edge_offsets(paper: Measured) -> list[float]:
    """Return for every line that runs on into the next how far (mm) its end stands from the right edge of the text."""
    return [
        abs(one.right - EDGE_RIGHT)
        for one, other in following(paper)
        if abs(other.left - EDGE_LEFT) < 0.5 and _runs(one)
    ]


def right_edge(paper: Measured) -> Check | None:
    """P3: a line that runs on into the next ends at 184 mm, ± 0.5."""
    off = edge_offsets(paper)
    if not off:
        return None
    return Check("P3", N_("Full lines end at the right edge of the text"), max(off) <= 0.5, f"± {max(off):.2f} mm")


def _runs(row: Row) -> bool:
    return row.right > EDGE_LEFT + geometry.TEXT_WIDTH / 2 and not row.text.endswith(("：", ":"))


def face(paper: Measured) -> Check | None:
    """P4: the body is set in 仿宋, its levels in 楷体 and 黑体, black; a stand-in font for rare characters is told."""
    found = {char.font for char in letters(paper)}
    if not found:
        return None
    black = all(max(char.colour) <= 40 for char in letters(paper))
    known = all(any(name in font for name in BODY_FONTS) for font in found)
    sized = all(min(abs(char.size - grid.size) for grid in geometry.GRIDS.values()) <= 0.25 for char in letters(paper))
    ok = black and known and sized
    return Check("P4", N_("The text is 3号 仿宋 (levels 楷体, 黑体), black"), ok, "、".join(sorted(found)))


def indents(paper: Measured) -> Check | None:
    """P13: a paragraph's line begins at 28 mm or two characters in, ± 1 mm (signature and number stand elsewhere)."""
    lefts = [row.left for page in paper.pages for row in body(page) if row.left < EDGE_LEFT + geometry.TEXT_WIDTH / 4]
    if not lefts:
        return None
    worst = max(min(abs(left - EDGE_LEFT), abs(left - INDENT), _hang(left)) for left in lefts)
    return Check(
        "P13", N_("Paragraphs begin two characters in, other lines at the edge"), worst <= 1, f"± {worst:.2f} mm"
    )


def _hang(left: float) -> float:
    """Distance from the hanging lines of 附件： (five characters in)."""
    return abs(left - EDGE_LEFT - 5 * CELL)


def page_numbers(paper: Measured) -> Check | None:
    """P27: "— n —" in 4号, 7 mm below the text, one character in from the outer edge."""
    troubles, seen = [], 0
    for page in paper.pages:
        rows = [row for row in page.sized(*SMALL) if row.base > 266]
        for row in rows:
            seen += 1
            right_side = page.number % 2 == 1
            off = (
                abs(row.right + CELL * 14 / 16 - EDGE_RIGHT)
                if right_side
                else abs(row.left - CELL * 14 / 16 - EDGE_LEFT)
            )
            top = min(char.top for char in row.chars)
            if row.text.replace(" ", "") != f"—{page.number}—" or off > 1 or abs(top - 269) > 1:
                troubles.append(f"{page.number}: {row.text} {off:.1f} / {top:.1f} mm")
    if not seen:
        return None
    return Check(
        "P27", N_("Page numbers stand 7 mm below the text, outside"), not troubles, "; ".join(troubles) or f"{seen}"
    )


def embedded(paper: Measured) -> Check:
    """P30: every font is in the file."""
    return Check("P30", N_("All fonts are embedded"), not paper.loose_fonts, "、".join(paper.loose_fonts) or "✓")


FORMS: dict[str, tuple[Point, ...]] = {"信函格式": (*PARTS, *LETTER), "通用格式": (*PARTS, *GENERAL_FORM)}
GENERAL: tuple[Point, ...] = (
    size_of_paper,
    margins,
    pitch,
    full_pages,
    right_edge,
    face,
    indents,
    page_numbers,
    embedded,
)
