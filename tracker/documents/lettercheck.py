"""Points of the letter format 信函格式 (GB/T 9704-2012, 10.1) and of the parts a letter has: title to 抄送."""

import re

from tracker.documents import geometry
from tracker.documents.measure import Measured, MeasuredPage, Row, Rule
from tracker.documents.points import BODY, CELL, EDGE_LEFT, EDGE_RIGHT, INDENT, SMALL, Check, Point, body
from tracker.kit.words import N_

NUMBER = re.compile(r"[\u4e00-\u9fff]+〔\d{4}〕([1-9]\d*|　)号")
DATE = re.compile(r"\d{4}年[1-9]\d?月[1-9]\d?日")
TITLE = (21.75, 22.25)
_MIDDLE = EDGE_LEFT + geometry.TEXT_WIDTH / 2


def is_red(colour: tuple[int, int, int]) -> bool:
    """P28: red ≥ 200, green and blue ≤ 80."""
    return colour[0] >= 200 and max(colour[1:]) <= 80


def issuer(paper: Measured) -> Check | None:
    """P5 (10.1): red, its upper edge 30 mm from the paper's, centred on the text."""
    row = _issuer(paper.pages[0])
    if row is None:
        return Check("P5", N_("The issuer's name stands in red 30 mm from the top"), False, "—")
    top = min(char.top for char in row.chars)
    ok = abs(top - 30) <= 1.5 and abs(row.centre - _MIDDLE) <= 1
    return Check(
        "P5", N_("The issuer's name stands in red 30 mm from the top"), ok, f"{top:.2f} mm, {row.centre:.2f} mm"
    )


def _issuer(page: MeasuredPage) -> Row | None:
    return next((row for row in page.rows if row.text and is_red(row.chars[0].colour)), None)


def number(paper: Measured) -> Check | None:
    """P6: form of the number; at the right edge under the first red line."""
    rows = [
        row for row in paper.pages[0].sized(*BODY) if "〔" in row.text and row.right > EDGE_RIGHT - 2 and row.left > 70
    ]
    if not rows:
        return Check("P6", N_("The number stands at the right edge and has no 第 or leading nought"), False, "—")
    row = rows[0]
    ok = bool(NUMBER.fullmatch(row.text)) and abs(row.right - EDGE_RIGHT) <= 1
    return Check("P6", N_("The number stands at the right edge and has no 第 or leading nought"), ok, row.text)


def red_lines(paper: Measured) -> Check | None:
    """P8 (10.1): double lines 170 mm long, 4 mm below the issuer and 20 mm from the foot, centred on the paper."""
    row, lines = _issuer(paper.pages[0]), _lines(paper.pages[0])
    if row is None or len(lines) < 2:
        return Check("P8", N_("Red double lines, 170 mm, 4 mm below the name and 20 mm from the foot"), False, "—")
    gap = lines[0].top - max(char.bottom for char in row.chars)
    foot = paper.pages[0].height - lines[-1].bottom
    off = max(abs(line.right - line.left - 170) + abs((line.left + line.right) / 2 - 105) for line in lines)
    ok = abs(gap - 4) <= 1 and abs(foot - 20) <= 1 and off <= 1
    return Check(
        "P8",
        N_("Red double lines, 170 mm, 4 mm below the name and 20 mm from the foot"),
        ok,
        f"{gap:.2f} / {foot:.2f} mm",
    )


def _lines(page: MeasuredPage) -> list[Rule]:
    return sorted(
        (rule for rule in page.rules if is_red(rule.colour) and rule.right - rule.left > 100), key=lambda r: r.top
    )


def title(paper: Measured) -> Check | None:
    """P10: 2号 小标宋, every line centred, the whole title there."""
    rows = paper.pages[0].sized(*TITLE)
    said = "".join(row.text for row in rows).replace(" ", "")
    off = max((abs(row.centre - _MIDDLE) for row in rows), default=99.0)
    font = {char.font for row in rows for char in row.chars}
    wanted = "".join(str(paper.content.get("title", "")).split())
    ok = said == wanted and off <= 1 and all("Song" in name or "宋" in name or "Noto" in name for name in font)
    return Check("P10", N_("The title is 2号 小标宋, centred"), ok, f"{len(rows)} × ± {off:.2f} mm")


def addressee(paper: Measured) -> Check | None:
    """P11: at the edge under the title, ending with a colon."""
    rows = [row for row in body(paper.pages[0]) if row.left < _MIDDLE]
    if not rows:
        return None
    named = str(paper.content.get("recipient", "")).startswith(rows[0].text.rstrip("：")[:20])
    ok = abs(rows[0].left - EDGE_LEFT) <= 0.5 and named
    return Check("P11", N_("The addressee stands at the left edge under the title"), ok, rows[0].text[:20])


def first_page(paper: Measured) -> Check | None:
    """P12: the first page carries text."""
    rows = [row for row in body(paper.pages[0]) if abs(row.left - INDENT) < 1]
    return Check("P12", N_("The first page carries text"), bool(rows), str(len(rows)))


def signature(paper: Measured) -> Check | None:
    """P16: the date four characters in from the right, the signer centred over it."""
    found = _signature(paper)
    if found is None:
        return None
    _, rows, at = found
    gap, lean = EDGE_RIGHT - rows[at].right, rows[at - 1].centre - rows[at].centre
    wide = rows[at - 1].right - rows[at - 1].left > rows[at].right - rows[at].left + 8 * CELL
    ok = (abs(gap - 4 * CELL) <= 1.5 or wide) and abs(lean) <= 1
    return Check(
        "P16", N_("The date stands four characters in, the signer centred over it"), ok, f"{gap:.2f} / {lean:.2f} mm"
    )


def _signature(paper: Measured) -> tuple[MeasuredPage, list[Row], int] | None:
    for page in paper.pages:
        rows = body(page)
        for at, row in enumerate(rows):
            if at and DATE.fullmatch(row.text) and row.left > _MIDDLE - 10:
                return page, rows, at
    return None


def date_form(paper: Measured) -> Check | None:
    """P20: the date in Arabic figures without leading noughts (drafts without a date are left out)."""
    if not paper.content.get("date"):
        return None
    found = _signature(paper)
    return Check(
        "P20", N_("The date has the form 2021年12月28日"), found is not None, found[1][found[2]].text if found else "—"
    )


def signed_with_text(paper: Measured) -> Check | None:
    """P21: text stands above the signature on its page."""
    found = _signature(paper)
    if found is None:
        return None
    return Check("P21", N_("The signature shares its page with text"), found[2] >= 2, str(found[2] - 1))


def annex(paper: Measured) -> Check | None:
    """P23: an annex begins a page with 附件 in 黑体 at the edge, its title centred on the third line."""
    pages = [page for page in paper.pages[1:] if body(page) and body(page)[0].text == "附件"]
    if not pages:
        return None
    head, heads = body(pages[0])[0], pages[0].sized(*TITLE)
    ok = (
        abs(head.left - EDGE_LEFT) <= 1
        and "Hei" in head.chars[0].font
        and bool(heads)
        and abs(heads[0].centre - _MIDDLE) <= 1
    )
    return Check("P23", N_("The annex begins its own page: 附件, then its title"), ok, f"{pages[0].number}")


def copies(paper: Measured) -> Check | None:
    """P25: 抄送 in 4号 at the foot of the last page, one character in, ending with a full stop."""
    if not paper.content.get("copy_to"):
        return None
    rows = [row for row in paper.pages[-1].sized(*SMALL) if row.base < 263]
    told = "".join(row.text for row in rows)
    ok = (
        bool(rows)
        and told.startswith("抄送：")
        and told.endswith("。")
        and abs(rows[0].left - EDGE_LEFT - CELL * 14 / 16) <= 1
    )
    return Check("P25", N_("抄送 stands at the foot of the last page"), ok, told[:20] or "—")


def no_first_number(paper: Measured) -> Check | None:
    """P27 (10.1): a letter's first page shows no page number."""
    shown = [row.text for row in paper.pages[0].sized(*SMALL) if row.base > 266]
    return Check("P27", N_("A letter's first page shows no page number"), not shown, "".join(shown) or "✓")


LETTER: tuple[Point, ...] = (
    issuer,
    number,
    red_lines,
    title,
    addressee,
    first_page,
    signature,
    date_form,
    signed_with_text,
    annex,
    copies,
    no_first_number,
)
