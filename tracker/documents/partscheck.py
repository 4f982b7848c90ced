"""Points of what letters and general documents share: title, addressee, levels, signature, annexes, 抄送."""

import re
from itertools import pairwise

from tracker.documents import geometry
from tracker.documents.measure import Char, Measured, MeasuredPage, Row
from tracker.documents.points import (
    CELL,
    EDGE_LEFT,
    EDGE_RIGHT,
    INDENT,
    MIDDLE,
    NEXT_LINE,
    PITCHES,
    SMALL,
    Check,
    Point,
    body,
    is_red,
    is_reddish,
    signature,
    titles,
    under_title,
)
from tracker.kit.words import N_

_FIGURES = "一二三四五六七八九十"
LEVELS = (
    re.compile(f"([{_FIGURES}]{{1,3}})、"),
    re.compile(f"（([{_FIGURES}]{{1,3}})）"),
    re.compile(r"(\d{1,2})\.(?!\d(?!\d{3}年))"),
    re.compile(r"（(\d{1,2})）"),
)
"""How a paragraph of each level begins (7.3.3): 一、（一）1.（1）."""
TITLE_FONTS = ("Song", "宋", "XBS", "Noto")
"""What names of 小标宋 contain."""
_GREY = (130, 240)
"""Tones that only drafts use, for what is not printed in the end."""


def title(paper: Measured) -> Check | None:
    """P10: 2号 小标宋, every line centred, the whole title there."""
    rows = titles(paper.pages[0])
    said = "".join(row.text for row in rows).replace(" ", "")
    off = max((abs(row.centre - MIDDLE) for row in rows), default=99.0)
    size = max((abs(row.size - 22) for row in rows), default=99.0)
    font = {char.font for row in rows for char in row.chars}
    wanted = "".join(str(paper.content.get("title", "")).split())
    known = all(any(part in name for part in TITLE_FONTS) for name in font)
    ok = said == wanted and off <= 1 and size <= 0.25 and known
    return Check("P10", N_("The title is 2号 小标宋, centred"), ok, f"{len(rows)} × ± {off:.2f} mm")


def addressee(paper: Measured) -> Check | None:
    """P11: at the edge under the title, ending with a colon; 主送 in the 版记 when the first page has no room."""
    rows = under_title(paper.pages[0])
    if not rows or any(row.text.startswith("主送：") for row in paper.pages[-1].sized(*SMALL)):
        return None
    named = str(paper.content.get("recipient", "")).startswith(rows[0].text.rstrip("：")[:20])
    ok = abs(rows[0].left - EDGE_LEFT) <= 0.5 and named
    return Check("P11", N_("The addressee stands at the left edge under the title"), ok, rows[0].text[:20])


def first_page(paper: Measured) -> Check | None:
    """P12: the first page carries text."""
    rows = [row for row in under_title(paper.pages[0]) if abs(row.left - INDENT) < 2]
    return Check("P12", N_("The first page carries text"), bool(rows), str(len(rows)))


def levels(paper: Measured) -> Check | None:
    """P14 (7.3.3): 一、 in 黑体, （一） in 楷体, 1. and （1） in 仿宋; numbers without jump or repeat."""
    troubles, seen, last = [], 0, [0, 0, 0, 0]
    for row, alone in _paragraphs(paper):
        level = next((at for at, form in enumerate(LEVELS) if form.match(row.text)), None)
        if level is None:
            continue
        seen += 1
        found = LEVELS[level].match(row.text)
        number = _value(found[1]) if found else 0
        if number != last[level] + 1 or not _faced(row, level, alone):
            troubles.append(row.text[:8])
        last = [*last[:level], number, *[0] * (3 - level)]
    if not seen:
        return None
    return Check(
        "P14", N_("Levels 一、（一）1.（1） count on, in their faces"), not troubles, "；".join(troubles) or str(seen)
    )


def _paragraphs(paper: Measured) -> list[tuple[Row, bool]]:
    """Return first lines of paragraphs, and whether each is the whole paragraph."""
    rows = [row for page in paper.pages for row in (under_title(page) if page is paper.pages[0] else body(page))]
    starts = [abs(row.left - INDENT) < 2 or row.left > INDENT + 10 for row in rows] + [True]
    return [(row, starts[at + 1]) for at, row in enumerate(rows) if abs(row.left - INDENT) < 2]


def _value(figure: str) -> int:
    if figure.isdigit():
        return int(figure)
    tens, ten, ones = figure.rpartition("十")
    ones_value = _FIGURES.index(ones) + 1 if ones else 0
    return (_FIGURES.index(tens) + 1 if tens else 1) * 10 + ones_value if ten else ones_value


def _faced(row: Row, level: int, alone: bool) -> bool:
    font = row.chars[0].font
    if level == 0:
        return not alone or row.text[-1] in "。；：" or "Hei" in font or "黑" in font
    if level == 1:
        return "。" not in row.text[:38] or "Kai" in font or "楷" in font
    return "Fang" in font or "仿宋" in font


def annex_list(paper: Measured) -> Check | None:
    """P15 (7.3.4): 附件： one line under the text, two characters in; a name has no sign after it."""
    for page in paper.pages:
        rows = body(page)
        for at, row in enumerate(rows):
            if not row.text.startswith("附件："):
                continue
            gap = row.base - rows[at - 1].base if at else 0.0
            placed = not at or min(abs(gap - 2 * pitch) for pitch in PITCHES) <= 1
            ok = placed and abs(row.left - INDENT) <= 1 and row.text[-1] not in "。；，"
            return Check("P15", N_("附件： stands one line under the text, two characters in"), ok, f"{gap:.2f} mm")
    return None


def signed(paper: Measured) -> Check | None:
    """P16: the date four characters in from the right, the signer centred over it; room for a seal, no more."""
    found = signature(paper)
    if found is None:
        return None
    _, rows, at = found
    gap, lean = EDGE_RIGHT - rows[at].right, rows[at - 1].centre - rows[at].centre
    wide = rows[at - 1].right - rows[at - 1].left > rows[at].right - rows[at].left + 8 * CELL
    above = rows[at - 1].base - rows[at - 2].base if at > 1 else 0.0
    ok = (abs(gap - 4 * CELL) <= 1.5 or wide) and abs(lean) <= 1 and above < 3.2 * max(PITCHES)
    asks = N_("The date stands four characters in, the signer centred over it")
    return Check("P16", asks, ok, f"{gap:.2f} / {lean:.2f} mm")


def date_form(paper: Measured) -> Check | None:
    """P20: the date in Arabic figures without leading noughts (drafts without a date are left out)."""
    if not paper.content.get("date"):
        return None
    found = signature(paper)
    told = found[1][found[2]].text if found else "—"
    return Check("P20", N_("The date has the form 2021年12月28日"), found is not None, told)


def signed_with_text(paper: Measured) -> Check | None:
    """P21: text stands above the signature on its page."""
    found = signature(paper)
    if found is None:
        return None
    return Check("P21", N_("The signature shares its page with text"), found[2] >= 2, str(found[2] - 1))


def note(paper: Measured) -> Check | None:
    """P22 (7.3.6): a note in round brackets on the line under the date, two characters in."""
    if not paper.content.get("contact") or not paper.content.get("date"):
        return None
    found = signature(paper)
    rows = found[1][found[2] :] if found else []
    if len(rows) < 2:
        return Check("P22", N_("The note stands under the date, two characters in, in brackets"), False, "—")
    gap = rows[1].base - rows[0].base
    ok = gap < NEXT_LINE and rows[1].text.startswith("（") and rows[-1].text.endswith("）")
    placed = abs(rows[1].left - INDENT) <= 2  # the ink of （ stands in the right half of its cell
    return Check(
        "P22", N_("The note stands under the date, two characters in, in brackets"), ok and placed, f"{gap:.2f} mm"
    )


def annexes(paper: Measured) -> Check | None:
    """P23 (7.3.7): an annex begins a page with 附件 in 黑体 at the edge, its title centred on the third line."""
    heads = [(page, rows) for page in paper.pages for rows in (body(page), _turned(page)) if _is_annex(rows)]
    if not heads:
        return None
    told = [rows[0].text for _, rows in heads]
    wanted = ["附件"] if len(told) == 1 else [f"附件{number}" for number in range(1, len(told) + 1)]
    ok = told == wanted and all(_annex_head(page, rows[0]) for page, rows in heads)
    return Check("P23", N_("The annex begins its own page: 附件, then its title"), ok, "、".join(told))


def _turned(page: MeasuredPage) -> list[Row]:
    return [row for row in page.turned if row.text and 15.4 <= row.size <= 16.4]


def _is_annex(rows: list[Row]) -> bool:
    return bool(rows) and bool(re.fullmatch(r"附件\d*", rows[0].text))


def _annex_head(page: MeasuredPage, head: Row) -> bool:
    turned = bool(page.turned)
    names = [row for row in page.turned if 19 <= row.size <= 25] if turned else titles(page)
    left = geometry.BOTTOM if turned else EDGE_LEFT
    middle = geometry.BOTTOM + geometry.TEXT_HEIGHT / 2 if turned else MIDDLE
    face = head.chars[0].font
    placed = abs(head.left - left) <= 1 and ("Hei" in face or "黑" in face)
    return placed and bool(names) and abs(names[0].centre - middle) <= 1 and 17 <= names[0].base - head.base <= 26


def copies(paper: Measured) -> Check | None:
    """P25: 抄送 in 4号 at the foot of the last page, one character in, ending with a full stop.

    The last page is the last side of a sheet: an even one, but for a letter of one page (7.4, 10.1).
    """
    if not paper.content.get("copy_to"):
        return None
    rows = [row for row in paper.pages[-1].sized(*SMALL) if row.base < 263 and not row.text.endswith("印发")]
    start = next((at for at, row in enumerate(rows) if row.text.startswith("抄送：")), None)
    if start is None:
        return Check("P25", N_("抄送 stands at the foot of the last page"), False, "—")
    rows = rows[start:]
    inset = CELL * 14 / 16
    hanging = all(abs(row.left - EDGE_LEFT - 4 * inset) <= 1.5 for row in rows[1:])
    ok = abs(rows[0].left - EDGE_LEFT - inset) <= 1 and hanging and rows[-1].text.endswith("。")
    ok = ok and (len(paper.pages) % 2 == 0 or len(paper.pages) == 1)
    return Check("P25", N_("抄送 stands at the foot of the last page"), ok, rows[0].text[:20])


def colours(paper: Measured) -> Check | None:
    """P28: what is red is the red of documents, everything else black (grey only in drafts)."""
    chars = [char for page in paper.pages for row in (*page.rows, *page.turned) for char in row.chars]
    red = [char.colour for char in chars if is_reddish(char.colour)]
    red += [rule.colour for page in paper.pages for rule in page.rules if is_reddish(rule.colour)]
    wrong = {colour for colour in red if not is_red(colour)}
    wrong |= {char.colour for char in chars if not is_reddish(char.colour) and not _is_ink(char, paper)}
    return Check(
        "P28", N_("Red is the red of documents, text is black"), not wrong, str(sorted(wrong)[:3]) if wrong else "✓"
    )


def _is_ink(char: Char, paper: Measured) -> bool:
    draft = bool(paper.content.get("draft"))
    return max(char.colour) <= 80 or not char.text.strip() or (draft and _GREY[0] <= min(char.colour) <= _GREY[1])


def landscape(paper: Measured) -> Check | None:
    """P29: a landscape table's head is to the left: the binding edge of odd pages, the outer one of even pages."""
    pages = [page for page in paper.pages if page.turned]
    if not pages:
        return None
    rows = [row for page in pages for row in page.turned if row.text]
    ok = all(
        row.left >= geometry.BOTTOM - 1
        and row.right <= geometry.BOTTOM + geometry.TEXT_HEIGHT + 1
        and EDGE_LEFT <= row.base <= EDGE_RIGHT + 1
        for row in rows
    ) and all(page.width < page.height for page in pages)
    return Check(
        "P29",
        N_("Landscape tables are turned with their heads to the left"),
        ok,
        "、".join(str(p.number) for p in pages),
    )


def table_heads(paper: Measured) -> Check | None:
    """P23: a table that runs on repeats its header on the next page."""
    runs = [
        (_first_cells(one), _first_cells(other))
        for one, other in pairwise(paper.pages)
        if _first_cells(one) and _first_cells(other) and not _is_annex(_turned(other) or body(other))
    ]
    if not runs:
        return None
    return Check("P23", N_("A table that runs on repeats its header"), all(a == b for a, b in runs), str(len(runs)))


def _first_cells(page: MeasuredPage) -> str:
    """Return the topmost row in 5号, the type of tables; "" when the page has no table."""
    return next((row.text for row in page.turned or page.rows if row.text and 10 <= row.size <= 11.2), "")


PARTS: tuple[Point, ...] = (
    title,
    addressee,
    first_page,
    levels,
    annex_list,
    signed,
    date_form,
    signed_with_text,
    note,
    annexes,
    copies,
)
"""What every signed document has."""
EVERYWHERE: tuple[Point, ...] = (colours, landscape, table_heads)
"""What holds for any paper of ours."""
