"""The one calendar of every room, its editions, and the usual deadlines."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from tracker.almanac.models import CalendarEdition, DayKind, UsualDeadline
from tracker.almanac.policy import REMIND_FROM, USUAL, Entry, Turned
from tracker.workdays.calendar import Calendar
from tracker.workdays.rules import Counting, Rule

PLAIN = Calendar()
_built: dict[str, Calendar] = {}
"""Calendars by the digest of the table they tell; the same words are the same calendar in every database."""
MOST_BUILT = 16
MEMO = "almanac.calendar"


@dataclass(frozen=True)
class YearList:
    """The office's list of one year: its days, and whether it tells the whole year."""

    complete: bool = False
    entries: tuple[Entry, ...] = ()


Table = Mapping[int, YearList]


def calendar(session: Session) -> Calendar:
    """Return the calendar that everything counts with now: one query a transaction, built once for each content."""
    transaction = session.get_transaction()
    known = session.info.get(MEMO)
    if known is None or known[0] is not transaction:
        known = session.info[MEMO] = (session.get_transaction(), _present(session))
    found: Calendar = known[1]
    return found


def _present(session: Session) -> Calendar:
    digest = session.scalar(select(CalendarEdition.digest).order_by(CalendarEdition.number.desc()).limit(1))
    if digest is None:
        return PLAIN
    if digest not in _built:
        if len(_built) >= MOST_BUILT:
            _built.clear()
        _built[digest] = build(table(session))
    return _built[digest]


def current_digest(session: Session) -> str:
    """Return the name of the present table's content; an empty text before the first edition."""
    newest = select(CalendarEdition.digest).order_by(CalendarEdition.number.desc()).limit(1)
    return session.scalar(newest) or ""


def table(session: Session) -> dict[int, YearList]:
    """Return the newest list of each year, in two queries."""
    newest = select(func.max(CalendarEdition.number)).group_by(CalendarEdition.year)
    query = select(CalendarEdition).where(CalendarEdition.number.in_(newest)).order_by(CalendarEdition.year)
    return {
        edition.year: YearList(
            edition.complete, tuple(Entry(day.date, day.kind, day.reason, day.source) for day in edition.days)
        )
        for edition in session.scalars(query.options(selectinload(CalendarEdition.days)))
    }


def build(lists: Table) -> Calendar:
    """Return the calendar of a table; where two lists name a December day, that of the later year counts."""
    overlay = {
        entry.date: (entry.kind is DayKind.WORK, entry.reason, entry.source)
        for year in sorted(lists)
        for entry in lists[year].entries
    }
    return Calendar(overlay, announced=[year for year, told in lists.items() if told.complete])


def digest_of(lists: Table) -> str:
    """Return the SHA-256 of a table's content."""
    plain = [
        [year, lists[year].complete, [[str(e.date), e.kind.value, e.reason, e.source] for e in lists[year].entries]]
        for year in sorted(lists)
    ]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False).encode()).hexdigest()


def editions(session: Session, year: int) -> list[CalendarEdition]:
    """Return the editions of a year's list, newest first."""
    query = select(CalendarEdition).where(CalendarEdition.year == year).order_by(CalendarEdition.number.desc())
    return list(session.scalars(query))


def list_holding(lists: Table, on: date) -> int:
    """Return the year whose list names the day; the day's own year when none does."""
    holding = [year for year, told in lists.items() if any(entry.date == on for entry in told.entries)]
    return max(holding, default=on.year)


def days_of(year: int, *, december_before: bool = False) -> Iterable[date]:
    """Yield the days of a year, perhaps with the December before it."""
    first = date(year - 1, 12, 1) if december_before else date(year, 1, 1)
    return (first + timedelta(n) for n in range((date(year, 12, 31) - first).days + 1))


def turned_days(year: int, before: Calendar, after: Calendar) -> list[Turned]:
    """Return the days of a year's list that would change between working and off."""
    pairs = (Turned(before.day(on), after.day(on)) for on in days_of(year, december_before=True))
    return [pair for pair in pairs if pair.before.works != pair.after.works]


def year_to_enter(today: date, known: Calendar) -> int | None:
    """Return next year when its days are not known though December has come; None while nothing need be said."""
    late = (today.month, today.day) >= REMIND_FROM
    return today.year + 1 if late and not known.known(date(today.year + 1, 7, 1)) else None


def usual_deadlines(session: Session) -> dict[str, Rule]:
    """Return what is usually asked, by level and for the receipt: as the office set it, else as the field does."""
    set_here = {row.subject: row for row in session.scalars(select(UsualDeadline))}
    return {subject: _rule(set_here[subject]) if subject in set_here else usual for subject, usual in USUAL.items()}


def usual_rows(session: Session) -> dict[str, UsualDeadline]:
    """Return the stored rows of the usual deadlines, by what they are for."""
    return {row.subject: row for row in session.scalars(select(UsualDeadline))}


def _rule(row: UsualDeadline) -> Rule:
    return Rule(Counting(row.counting), count=row.count, rolls=row.rolls)
