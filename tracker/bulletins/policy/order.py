"""Section numbers, dates and document numbers: what GB/T 9704-2012 (7.2.5, 7.3.3, 7.3.5) and the calendar ask."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from tracker.bulletins.policy.flags import Flag, Rule
from tracker.bulletins.policy.text import Line

_DIGITS = "零一二三四五六七八九"
_LEVELS = (
    re.compile(r"^([一二三四五六七八九十]{1,3})、"),
    re.compile(r"^\(([一二三四五六七八九十]{1,3})\)"),
    re.compile(r"^(\d{1,2})\.(?!\d(?!\d{3}年))"),  # "3.2021年……" is a heading, "3.5%" is not
    re.compile(r"^\((\d{1,2})\)"),
)
_SHAPES = ("{}、", "（{}）", "{}.", "（{}）")
_DATE = re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?")
_WRONG_BRACKETS = re.compile(r"[\u4e00-\u9fff][\[【(](?P<year>(?:19|20)\d{2})[\]】)]\s*第?(?P<number>\d+)号")
_NUMBER = re.compile(r"〔(?P<year>\d{4})〕(?P<ordinal>第)?(?P<number>\d+)号")
_PERIOD = re.compile(r"开展了?(\d{4})年(\d{1,2})月份?")
_COUNTED_IN = re.compile(
    r"(?:从|^\d{1,2}\.|[。,;])?(\d{1,2})月份(?=检查情况|全市各级|市政府办公室下发|完成网站|,?各单位共)"
)
_UP_TO = re.compile(r"(?:截至|截止到?)(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
AFTER_PERIOD = timedelta(days=120)
"""A bulletin of a month or a quarter is out by then."""
_LONE_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_DEADLINE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日(?:\d{1,2}:\d{2})?前")


def chinese(number: int) -> str:
    """Return 1 to 99 as 一 … 九十九, as headings count."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + ("" if ones == 0 else _DIGITS[ones])


_VALUES = {chinese(number): number for number in range(1, 100)}


def check_numbering(found: Iterable[Line]) -> Iterator[Flag]:
    """Yield a flag for each heading whose number repeats or jumps; a higher heading starts its lower ones anew."""
    last: dict[int, int] = {}
    for line in found:
        for level, form in enumerate(_LEVELS):
            match = form.match(line.words)
            if match is None:
                continue
            value = _VALUES.get(match[1], 0) if level < 2 else int(match[1])
            expected = last.get(level, 0) + 1
            if value != expected and not (value == 1 and level > 1):  # lists of their own may start again
                shown = chinese(expected) if level < 2 else str(expected)
                shape = _SHAPES[level]
                yield Flag(line.number, Rule.NUMBERING, shape.format(match[1]), shape.format(shown), line.words[:40])
            last[level] = value or expected
            for lower in range(level + 1, len(_LEVELS)):
                last.pop(lower, None)
            break


def check_number_forms(found: Iterable[Line]) -> Iterator[Flag]:
    """Yield a flag for each document number with other brackets than 〔〕, with 第, or with a leading zero."""
    for line in found:
        for match in _WRONG_BRACKETS.finditer(line.words):
            expected = f"〔{match['year']}〕{int(match['number'])}号"
            yield Flag(line.number, Rule.NUMBER_FORM, match[0][1:], expected, line.words[:60])
        for match in _NUMBER.finditer(line.words):
            if match["ordinal"] or match["number"].startswith("0"):
                expected = f"〔{match['year']}〕{int(match['number'])}号"
                yield Flag(line.number, Rule.NUMBER_FORM, match[0], expected, line.words[:60])


def check_dates(found: list[Line]) -> Iterator[Flag]:
    """Yield a flag for dates that do not exist, and for deadlines that are not after the bulletin's own date."""
    for line in found:
        for match in _DATE.finditer(line.words):
            if not _exists(match):
                yield Flag(line.number, Rule.DATES, match[0], "", line.words[:60])
    dated = written_on(found)
    if dated:
        yield from _too_early(found, dated)
        yield from _other_period(found, dated)


def _too_early(found: list[Line], dated: date) -> Iterator[Flag]:
    least = f"≥ {dated.year}年{dated.month}月{dated.day}日"
    for line in found:
        for match in _DEADLINE.finditer(line.words):
            if _exists(_DATE.match(match[0])) and date(*map(int, match.groups())) < dated:
                yield Flag(line.number, Rule.DATES, match[0], least, line.words[:60])


def _other_period(found: list[Line], dated: date) -> Iterator[Flag]:
    """Yield a flag when the period that was inspected begins after the bulletin's date, or ended long before it."""
    for line in found:
        match = _PERIOD.search(line.words)
        if match and 1 <= int(match[2]) <= 12:
            begins = date(int(match[1]), int(match[2]), 1)
            if not begins <= dated <= begins + AFTER_PERIOD:
                shown = f"{dated.year}年{dated.month}月{dated.day}日"
                yield Flag(line.number, Rule.DATES, match[0], shown, line.words[:60])
            yield from _outside(found, begins, dated)
            return


def _outside(found: list[Line], begins: date, dated: date) -> Iterator[Flag]:
    """Yield a flag where a count is said of another month, or up to a day before the month or after the bulletin."""
    for line in found:
        for match in _COUNTED_IN.finditer(line.words):
            if int(match[1]) != begins.month:
                yield Flag(line.number, Rule.DATES, match[0], f"{begins.month}月份", line.words[:60])
        for match in _UP_TO.finditer(line.words):
            year, month, day = int(match[1] or begins.year), int(match[2]), int(match[3])
            if _exists(_DATE.match(f"{month}月{day}日")) and not begins <= date(year, month, day) <= dated:
                least = f"{begins.year}年{begins.month}月1日—{dated.year}年{dated.month}月{dated.day}日"
                yield Flag(line.number, Rule.DATES, match[0], least, line.words[:60])


def written_on(found: Iterable[Line]) -> date | None:
    """Return the bulletin's own date: the last line that is nothing but a date."""
    dates = [match for line in found if (match := _LONE_DATE.fullmatch(line.words))]
    try:
        return date(*map(int, dates[-1].groups())) if dates else None
    except ValueError:
        return None


def _exists(match: re.Match[str] | None) -> bool:
    if match is None:
        return False
    try:
        date(int(match["year"] or 2000), int(match["month"]), int(match["day"] or 1))
    except ValueError:
        return False
    return True
