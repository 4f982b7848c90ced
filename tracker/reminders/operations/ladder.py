"""The ladder: who must be reminded today, derived from the state at the moment of writing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.clock import office_date
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import Assignment
from tracker.org.models import Person, Role
from tracker.org.policy import Work
from tracker.reminders.operations.write import Saying, write
from tracker.reminders.policy import (
    ASSIGNMENT_PATH,
    AWAITED,
    PAGE,
    Rung,
    horizon,
    mailing_time,
    newest_rung,
    position,
    rung_cause,
    rung_day,
)
from tracker.reminders.queries import awaited, people_by_unit, told_already
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Deadline

After = tuple[datetime, int] | None


@dataclass(frozen=True)
class Step:
    """Where an assignment stands on the ladder: the newest rung reached, that rung's day, and today's position."""

    rung: Rung
    day: date
    place: int


def step_of(assignment: Assignment, today: date, calendar: Calendar) -> Step | None:
    """Return the rung that is due for an assignment today, or None.

    None when it is not awaited, before the first rung, and for a rung that fell before or on the day of delivery: the
    notice itself said the date then.
    """
    if assignment.state not in AWAITED or assignment.delivered_at is None:
        return None
    place = position(assignment.due_on, today, calendar)
    rung = newest_rung(place)
    if rung is None:
        return None
    day = rung_day(rung, assignment.due_on, calendar)
    return Step(rung, day, place) if day > office_date(assignment.delivered_at) else None


def pages(work: Work, calendar: Calendar, size: int = PAGE) -> Iterator[list[int]]:
    """Yield ids of assignments whose due rung somebody was not told of, page by page of what is awaited; reads only.

    Nothing on a day off.
    """
    if not calendar.works(work.today):
        return
    before = Deadline(horizon(work.today, calendar), None, "").ends_at
    for state in AWAITED:
        yield from _pages_in(work, state, before, calendar, size)


def _pages_in(
    work: Work, state: AssignmentState, before: datetime, calendar: Calendar, size: int
) -> Iterator[list[int]]:
    after: After = None
    while True:
        found = list(work.session.scalars(awaited(state, before, after, size)))
        untold = untold_sayings(work.session, found, work.today, calendar)
        if untold:
            yield [saying.assignment_id for saying in untold if saying.assignment_id is not None]
        if len(found) < size:
            return
        after = (found[-1].due_at, found[-1].id)


def untold_sayings(session: Session, found: Sequence[Assignment], today: date, calendar: Calendar) -> list[Saying]:
    """Return what is to be said about these assignments today, only to people who were not told yet."""
    stepped = cache(lambda assignment: step_of(assignment, today, calendar))
    due = [assignment for assignment in found if stepped(assignment)]
    if not due:
        return []
    people = people_by_unit(session, {assignment.unit_id for assignment in due}, (Role.CONTACT, Role.LEADER))
    sayings = list(_sayings(due, stepped, people))
    told = told_already(session, [saying.cause for saying in sayings])
    return list(_without(sayings, told))


def _sayings(
    due: Iterable[Assignment], stepped: Callable[[Assignment], Step | None], people: dict[int, dict[Person, set[Role]]]
) -> Iterator[Saying]:
    for assignment in due:
        step = stepped(assignment)
        if step is not None:
            wanted = set(step.rung.roles)
            yield Saying(
                cause=rung_cause(assignment.id, step.rung, step.day),
                kind="reminder",
                people=[person for person, roles in people[assignment.unit_id].items() if roles & wanted],
                link=ASSIGNMENT_PATH.format(token=assignment.token),
                context={
                    "number": assignment.notice.number or "",
                    "due": (assignment.due_on, assignment.due_time),
                    "place": step.place,
                },
                assignment_id=assignment.id,
                rung=step.rung.name,
                day=step.day,
            )


def _without(sayings: Iterable[Saying], told: set[tuple[str, int]]) -> Iterator[Saying]:
    for saying in sayings:
        people = [person for person in saying.people if (saying.cause, person.id) not in told]
        if people:
            yield Saying(**{**vars(saying), "people": people})


def remind(work: Work, assignment_ids: Sequence[int], calendar: Calendar, channels: Sequence[str] = ()) -> int:
    """Remind the people of these assignments of the rung that is due today; return how many messages were new.

    Order of effects: lock the assignments (one that somebody is just changing is left to the next tick), look at their
    state again, write messages and deliveries, and note in the record each rung that was said.
    """
    query = select(Assignment).options(joinedload(Assignment.notice)).where(Assignment.id.in_(assignment_ids))
    query = query.order_by(Assignment.id).with_for_update(of=Assignment, skip_locked=True)
    found = list(work.session.scalars(query.execution_options(populate_existing=True)))
    sayings = untold_sayings(work.session, found, work.today, calendar) if calendar.works(work.today) else []
    told = write(work, sayings, channels, mailing_time(work.now))
    for saying, assignment in _pairs(sayings, found):
        names = "、".join(person.name for person in saying.people if person.id in told.get(saying.cause, ()))
        if names:  # no case: reminders must not clutter the timeline of the case
            record(work, Word.REMINDED, assignment, person=names, rung=saying.rung)
    return sum(map(len, told.values()))


def _pairs(sayings: Iterable[Saying], found: Iterable[Assignment]) -> Iterator[tuple[Saying, Assignment]]:
    by_id = {assignment.id: assignment for assignment in found}
    return ((saying, by_id[saying.assignment_id]) for saying in sayings if saying.assignment_id is not None)
