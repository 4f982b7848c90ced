"""What a draft is compared with beside its figures: names of that day, days of its period, rows of its annexes."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from tracker.bulletins.policy.annexes import annexes_of
from tracker.bulletins.policy.binding import Bound, compose
from tracker.bulletins.policy.facts import Facts
from tracker.bulletins.policy.flags import Flag, Rule
from tracker.bulletins.policy.layout import Line

_QUOTED = re.compile(r"《[^》]*》|〔[^〕]*〕|“[^”]*”")
_DAY = re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?P<after>之?前|起|以前)?")


def of_the_day(n: int, line: Line, facts: Facts) -> Iterator[Flag]:
    """Yield a flag for a unit named otherwise than on that day, and for a day outside the period; typed words only.

    What is asked for lies in the future and names no unit, so the next steps are left out; quoted titles as well.
    """
    typed = "\n".join(piece for piece in line.pieces if isinstance(piece, str))
    if line.key.startswith("step-"):
        return
    where = compose(line.pieces, facts.shown)
    yield from _names(n, typed, facts, where)
    if line.edited:
        yield from _days(n, _QUOTED.sub("", typed), facts, where)


def _names(n: int, typed: str, facts: Facts, where: str) -> Iterator[Flag]:
    rest = typed
    for right in sorted(set(facts.renamed.values()), key=len, reverse=True):
        rest = rest.replace(right, "\n")
    for wrong, right in facts.renamed.items():
        if wrong in rest:
            yield Flag(n, Rule.NAMES, wrong, right, where)


def _days(n: int, typed: str, facts: Facts, where: str) -> Iterator[Flag]:
    span = f"{_day(facts.period.starts_on)}—{_day(facts.until)}"
    for match in _DAY.finditer(typed):
        try:
            day = date(int(match["year"] or facts.period.year), int(match["month"]), int(match["day"]))
        except ValueError:
            continue  # the linter says that there is no such day
        if not match["after"] and not facts.period.starts_on <= day <= facts.until:
            yield Flag(n, Rule.DATES, match[0], span, where)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def rows_as_said(lines: Sequence[Line], facts: Facts) -> Iterator[Flag]:
    """Yield a flag where an annex will have other rows than the text says, or the text no longer says how many."""
    held = {piece.key: n for n, line in enumerate(lines, 1) for piece in line.pieces if isinstance(piece, Bound)}
    for annex in annexes_of(facts):
        rows = str(facts.annexed.get(annex.key, facts.shown.get(annex.counted, "")))
        said = facts.shown.get(annex.counted, "")
        if annex.counted and said != rows:
            n = held.get(annex.counted, 1)
            yield Flag(n, Rule.ANNEX, said, rows, compose(lines[n - 1].pieces, facts.shown))
