"""Storing a list of days as a new edition, and the usual deadlines."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tracker.almanac.models import CalendarDay, CalendarEdition, UsualDeadline
from tracker.almanac.policy import (
    AFFECTED,
    FIRST_YEAR,
    LAST_YEAR,
    MOST_DAYS,
    SUBJECT_NAMES,
    Entry,
    Shifts,
    Turned,
    fits,
)
from tracker.almanac.queries import (
    MEMO,
    YearList,
    build,
    calendar,
    current_digest,
    digest_of,
    table,
    turned_days,
    usual_rows,
)
from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Refused, Stale
from tracker.kit.numbering import next_number
from tracker.kit.words import N_
from tracker.org.policy import Work
from tracker.workdays.calendar import Calendar
from tracker.workdays.rules import MOST_DAYS as LONGEST
from tracker.workdays.rules import Counting, Rule

SERIES = "calendar"
"""Counter of the editions: drawing a number also lets one writer at a time through."""
CHANGED = N_("Somebody else changed the calendar after you opened this. Look at the present one and check again.")


@dataclass(frozen=True)
class YearPlan:
    """A list that is to become the newest edition of its year."""

    year: int
    entries: tuple[Entry, ...]
    complete: bool
    note: str


@dataclass(frozen=True)
class Outlook:
    """What storing a list would change, said before anything is stored."""

    before: Calendar
    after: Calendar
    turned: list[Turned]
    shifts: list[Shifts]
    seen: str
    """Name of the table it was compared with."""

    @property
    def affected(self) -> int:
        """Return how many matters would be seen in another light."""
        return sum(shifts.count for shifts in self.shifts)


def outlook(work: Work, plan: YearPlan) -> Outlook:
    """Return what a list would change: days, and the open matters of the rooms above. Nothing is stored.

    :raises Refused: the list says nothing new, or holds a day of another year or one day twice.
    """
    _require_sound(plan)
    lists = table(work.session)
    if lists.get(plan.year, YearList()) == YearList(plan.complete, tuple(sorted(plan.entries))):
        raise Refused(N_("This list is what the calendar already says; there is nothing to store."))
    before = calendar(work.session)
    after = build(_with(lists, plan))
    shifts = [ask(work, before, after) for ask in AFFECTED]
    return Outlook(before, after, turned_days(plan.year, before, after), shifts, current_digest(work.session))


def store(work: Work, plan: YearPlan, seen: str) -> CalendarEdition:
    """Store a list as the newest edition of its year: all of it or nothing; no deadline of an issued notice moves.

    Order of effects: the counter lets one writer through, then the table must be the one that was looked at (`seen`),
    then edition, days and the record's line with the number of affected matters.

    :raises Stale: the table changed meanwhile.  :raises Refused: as `outlook`.
    """
    number = next_number(work.session, SERIES, 0)
    if current_digest(work.session) != seen:
        raise Stale(CHANGED)
    found = outlook(work, plan)
    edition = CalendarEdition(
        number=number,
        year=plan.year,
        complete=plan.complete,
        note=plan.note,
        entered_by=work.actor.person_id,
        entered_name=work.actor.name,
        entered_at=work.now,
        digest=digest_of(_with(table(work.session), plan)),
        days=[_row(entry) for entry in sorted(plan.entries)],
    )
    work.session.add(edition)
    work.session.flush()
    work.session.info.pop(MEMO, None)
    told: dict[str, Any] = {"year": plan.year, "edition": number, "days": len(plan.entries), "reason": plan.note}
    told |= {"turned": len(found.turned), "affected": found.affected}
    record(work, Word.CALENDAR_STORED, edition, case=f"calendar:{plan.year}", **told)
    return edition


def _with(lists: dict[int, YearList], plan: YearPlan) -> dict[int, YearList]:
    return lists | {plan.year: YearList(plan.complete, tuple(sorted(plan.entries)))}


def _row(entry: Entry) -> CalendarDay:
    return CalendarDay(date=entry.date, kind=entry.kind, reason=entry.reason, source=entry.source)


def _require_sound(plan: YearPlan) -> None:
    dates = [entry.date for entry in plan.entries]
    if not FIRST_YEAR <= plan.year <= LAST_YEAR or not all(fits(on, plan.year) for on in dates):
        raise Refused(N_("A list holds days of its own year and of the December before it, nothing else."))
    if len(set(dates)) != len(dates) or len(dates) > MOST_DAYS:
        raise Refused(N_("A day stands in the list twice, or the list is too long."))


def changed_list(lists: dict[int, YearList], year: int, entry: Entry | None, without: Iterable[Entry]) -> YearList:
    """Return a year's list with one day told anew, and without some others."""
    told = lists.get(year, YearList())
    gone = {each.date for each in without} | ({entry.date} if entry else set())
    kept = tuple(each for each in told.entries if each.date not in gone)
    return YearList(told.complete, tuple(sorted((*kept, entry) if entry else kept)))


def set_usual_deadline(work: Work, subject: str, rule: Rule, version: int) -> None:
    """Set what a draft proposes for a level, or for the receipt; drafts that exist keep what they have.

    :raises Invalid: not between 1 and 180 days.  :raises Stale: somebody else set it meanwhile.
    """
    if subject not in SUBJECT_NAMES or rule.counting is Counting.DATE:
        raise Refused(N_("There is no usual deadline of this kind."))
    if not 1 <= rule.count <= LONGEST:
        raise Invalid({f"{subject}-count": N_("Between 1 and %(most)s days.")}, most=LONGEST)
    row = usual_rows(work.session).get(subject)
    if (row.version if row else 0) != version:
        raise Stale(N_("Somebody else changed the usual deadlines. Look at them again."))
    if row is not None and (row.counting, row.count, row.rolls) == (rule.counting, rule.count, rule.rolls):
        return
    if row is None:
        row = UsualDeadline(subject=subject)
        work.session.add(row)
    row.counting, row.count, row.rolls = rule.counting, rule.count, rule.rolls
    work.session.flush()
    record(work, Word.USUAL_DEADLINE_SET, row, kind=SUBJECT_NAMES[subject], words=rule.short)
