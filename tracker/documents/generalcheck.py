"""Points of the general format 通用格式: red mark, number, rule, and the 版记 at the end (GB/T 9704-2012, 7)."""

from tracker.documents import geometry
from tracker.documents.measure import Measured, MeasuredPage, Row, Rule
from tracker.documents.points import (
    BODY,
    CELL,
    DATE,
    EDGE_LEFT,
    EDGE_RIGHT,
    MIDDLE,
    NUMBER,
    PITCHES,
    SMALL,
    Check,
    Point,
    body,
    is_reddish,
    mark,
    red_rules,
    titles,
)
from tracker.kit.words import N_

_MARK = N_("The issuer's mark stands in red 72 mm from the top")
_NUMBER = N_("The number stands two lines under the mark, centred, without 第 or leading nought")
_RULE = N_("A red rule as wide as the text, 4 mm below the number")
_RULES = N_("版记 stands between rules of 0.35, 0.25 and 0.35 mm at the foot of the last, even page")
FOOT = geometry.TOP + geometry.TEXT_HEIGHT
INSET = CELL * 14 / 16
"""One character of 4号."""


def issuer(paper: Measured) -> Check | None:
    """P5 (7.2.4): red, its upper edge 35 mm below that of the text, centred."""
    row = mark(paper.pages[0])
    if row is None:
        return Check("P5", _MARK, False, "—")
    top = min(char.top for char in row.chars)
    ok = abs(top - geometry.TOP - 35) <= 1.5 and abs(row.centre - MIDDLE) <= 1
    return Check("P5", _MARK, ok, f"{top:.2f} mm, {row.centre:.2f} mm")


def _number(page: MeasuredPage) -> Row | None:
    rules = red_rules(page)
    return next((row for row in page.sized(*BODY) if "号" in row.text and (not rules or row.base < rules[0].top)), None)


def number(paper: Measured) -> Check | None:
    """P6 (7.2.5): two lines below the mark, centred."""
    row, above = _number(paper.pages[0]), mark(paper.pages[0])
    if row is None or above is None:
        return Check("P6", _NUMBER, False, "—")
    gap = min(char.top for char in row.chars) - max(char.bottom for char in above.chars)
    near = min(abs(gap - 2 * pitch) for pitch in PITCHES) <= 4
    ok = bool(NUMBER.fullmatch(row.text)) and abs(row.centre - MIDDLE) <= 1 and near
    return Check("P6", _NUMBER, ok, f"{row.text}, {gap:.2f} mm")


def red_rule(paper: Measured) -> Check | None:
    """P8 (7.2.7): 4 mm below the number, 156 mm wide."""
    row, rules = _number(paper.pages[0]), red_rules(paper.pages[0])
    if row is None or len(rules) != 1:
        return Check("P8", _RULE, False, f"{len(rules)}")
    gap = rules[0].top - max(char.bottom for char in row.chars)
    wide, middle = rules[0].right - rules[0].left, (rules[0].left + rules[0].right) / 2
    ok = abs(gap - 4) <= 1 and abs(wide - geometry.TEXT_WIDTH) <= 1 and abs(middle - MIDDLE) <= 1
    return Check("P8", _RULE, ok, f"{gap:.2f} / {wide:.2f} mm")


def urgency(paper: Measured) -> Check | None:
    """P9 (7.2.3): in 黑体 at the left edge of the first line."""
    told = paper.content.get("urgency")
    if not told:
        return None
    rows = body(paper.pages[0])[:1]
    ok = bool(rows) and rows[0].text == told and abs(rows[0].left - EDGE_LEFT) <= 1 and rows[0].base < geometry.TOP + 9
    return Check("P9", N_("The urgency stands at the left of the first line"), ok, rows[0].text if rows else "—")


def title_place(paper: Measured) -> Check | None:
    """P10 (7.3.1): two lines below the red rule."""
    rules, heads = red_rules(paper.pages[0]), titles(paper.pages[0])
    if not rules or not heads:
        return None
    gap = min(char.top for char in heads[0].chars) - rules[0].bottom
    ok = min(abs(gap - 2 * pitch) for pitch in PITCHES) <= 3
    return Check("P10", N_("The title stands two lines under what is above it"), ok, f"{gap:.2f} mm")


def _colophon(paper: Measured) -> list[Row]:
    """Return the rows of the 版记: 4号 type above the foot of the last page."""
    return [row for row in paper.pages[-1].sized(*SMALL) if FOOT - 120 < row.base < FOOT + 0.5]


def colophon_rules(paper: Measured) -> Check | None:
    """P24 (7.4.1): rules as wide as the text; the last one is the lower edge of the text; on an even page (7.4)."""
    page, rows = paper.pages[-1], _colophon(paper)
    if not rows:
        return Check("P24", _RULES, False, "—")
    rules = [rule for rule in page.rules if _is_rule(rule) and rows[0].base - 9 < rule.top < FOOT + 3]
    rules.sort(key=lambda rule: rule.top)
    wanted = [0.35, *([0.25] if len(rows) > 1 else []), 0.35]
    told = "、".join(f"{rule.bottom - rule.top:.2f}" for rule in rules)
    thick = len(rules) == len(wanted) and all(
        abs(rule.bottom - rule.top - each) <= 0.05 for rule, each in zip(rules, wanted, strict=True)
    )
    wide = all(abs(rule.right - rule.left - geometry.TEXT_WIDTH) <= 1 for rule in rules)
    ok = thick and wide and abs(rules[-1].bottom - FOOT) <= 1 and page.number % 2 == 0
    return Check("P24", _RULES, ok, f"{told} mm, {page.number}")


def _is_rule(rule: Rule) -> bool:
    return not is_reddish(rule.colour) and rule.right - rule.left > 100 and rule.bottom - rule.top < 1.5


def printed(paper: Measured) -> Check | None:
    """P26 (7.4.3): who printed it one character from the left, when (with 印发) one character from the right."""
    rows = _colophon(paper)
    if not rows:
        return Check("P26", N_("The last line of the 版记 tells who printed it and when"), False, "—")
    row = rows[-1]
    day = DATE.search(row.text)
    place = abs(row.left - EDGE_LEFT - INSET) <= 1 and abs(EDGE_RIGHT - INSET - row.right) <= 1
    ok = place and bool(day) and row.text.endswith("日印发")
    return Check("P26", N_("The last line of the 版记 tells who printed it and when"), ok, row.text)


def all_numbered(paper: Measured) -> Check | None:
    """P27 (7.5): every page shows its number, but a blank page before the 版记 and the page after it."""
    bare = [page.number for page in paper.pages if not any(row.base > 266 for row in page.sized(*SMALL))]
    last = len(paper.pages)
    blank = [page.number for page in paper.pages if not page.rows and not page.turned]
    ok = bare == ([last - 1, last] if blank == [last - 1] else [])
    return Check(
        "P27", N_("Every page but those after the text shows its number"), ok, "、".join(map(str, bare)) or "✓"
    )


GENERAL_FORM: tuple[Point, ...] = (
    issuer,
    number,
    red_rule,
    urgency,
    title_place,
    colophon_rules,
    printed,
    all_numbered,
)
