"""What will be said on the days to come, and to whom: asked of the very functions that say it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.notices.models import NoticeKind
from tracker.org.models import Person
from tracker.reminders.models import Delivery, DeliveryState, Message
from tracker.reminders.policy.ladder import About, Case, Circle, Step, Walk, rung_cause
from tracker.reminders.policy.letters import TRYING
from tracker.reminders.queries.ladder import awaited, cases, circle, ladders, reachable, told_already
from tracker.workdays.calendar import Calendar, Day

MOST = 20_000
"""Assignments looked at; a forecast that would need more says so."""
AT_ONCE = 5_000
"""Keys of one question what was told already."""


@dataclass(frozen=True)
class Planned:
    """One thing that will be said to one person."""

    case: Case
    step: Step
    person: Person
    office: bool
    """Said to the office's clerk, about the unit."""


@dataclass(frozen=True)
class DayPlan:
    """What one day will bring; letters leave only on working days."""

    day: Day
    planned: tuple[Planned, ...]
    waiting: int = 0
    """Today's or the next letters' further matters: already in the inboxes, not sent yet."""

    @property
    def people(self) -> int:
        """Return how many people will be told."""
        return len({each.person.id for each in self.planned})


@dataclass(frozen=True)
class Forecast:
    """The days from today on; `whole` unless there was more than can be looked at."""

    days: tuple[DayPlan, ...]
    whole: bool = True


def forecast(session: Session, today: date, days: int, calendar: Calendar) -> Forecast:
    """Return what will be said on each of so many days from today on, if nothing changes until then.

    A fixed number of queries, whatever the days: what was told is asked of the first working day alone, since on every
    later day only the rung of that very day can be new.
    """
    rules = ladders(session)
    last = today + timedelta(days=days - 1)
    rows = session.execute(awaited(reachable(rules, last, calendar), None, MOST + 1)).all()
    found = cases(rows[:MOST])
    everybody = circle(session, None, rules)
    first = next((n for n, on in enumerate(_days(today, days)) if calendar.works(on)), 0)
    groups = _grouped(found)
    walks = [Walk(rules, on, calendar) for on in _days(today, days)]
    plans = [_of_day(walk, groups, everybody, later=n > first) for n, walk in enumerate(walks)]
    waiting = session.scalar(select(func.count(Message.id)).where(Message.letter_day.is_(None))) or 0
    plans[first] = replace(_not_told(session, plans[first]), waiting=waiting)
    return Forecast(tuple(plans), len(rows) <= MOST)


def _days(today: date, days: int) -> Iterator[date]:
    return (today + timedelta(days=n) for n in range(days))


Groups = dict[tuple[NoticeKind, About, date], list[tuple[int, Case]]]
"""Cases by the deadline that is counted from, each with its place in the list: a day asks once for each deadline."""


def _grouped(found: list[Case]) -> Groups:
    groups: Groups = {}
    for place, case in enumerate(found):
        for about in About:
            base = case.base(about)
            if base is not None:
                groups.setdefault((case.kind, about, base), []).append((place, case))
    return groups


def _of_day(walk: Walk, groups: Groups, everybody: Circle, *, later: bool) -> DayPlan:
    day = walk.calendar.day(walk.today)
    due: list[tuple[int, Case, Step]] = []
    for key, members in groups.items() if day.works else ():
        step = walk.newest(*key)
        if step is not None and (step.day == walk.today or not later):
            due += [(place, case, step) for place, case in members if step.day > (case.delivered_on or walk.today)]
    planned = [
        Planned(case, step, person, bool(office))
        for _place, case, step in sorted(due, key=lambda each: each[0])
        for office, people in enumerate(everybody.told(step.rung, case))
        for person in people
    ]
    return DayPlan(day, tuple(planned))


def _not_told(session: Session, plan: DayPlan) -> DayPlan:
    causes = sorted({rung_cause(each.case.id, each.step) for each in plan.planned})
    told: set[tuple[str, int]] = set()
    for start in range(0, max(len(causes), 1), AT_ONCE):
        told |= told_already(session, causes[start : start + AT_ONCE])
    left = [each for each in plan.planned if (rung_cause(each.case.id, each.step), each.person.id) not in told]
    return DayPlan(plan.day, tuple(left))


def lettered(session: Session, person_ids: Collection[int], today: date) -> set[int]:
    """Return which people's letter of today has left or is under way: what comes up now waits for the next one."""
    query = select(Delivery.person_id).where(
        Delivery.person_id.in_(person_ids),
        (Delivery.day == today) & (Delivery.state != DeliveryState.DROPPED) | Delivery.state.in_(TRYING),
    )
    return set(session.scalars(query))
