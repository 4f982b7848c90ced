"""The ladder: who must be reminded today, derived from the state at the moment of writing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.notices.models import Assignment
from tracker.org.models import Person
from tracker.org.policy import Work
from tracker.reminders.operations.write import Saying, write
from tracker.reminders.policy.ladder import About, Case, Circle, Step, Walk, rung_cause
from tracker.reminders.policy.telling import ASSIGNMENT_PATH, PAGE
from tracker.reminders.queries.ladder import awaited, cases, circle, ladders, reachable, told_already
from tracker.requests.queries import disputed
from tracker.workdays.calendar import Calendar

After = tuple[datetime, int] | None


def pages(work: Work, calendar: Calendar, size: int = PAGE) -> Iterator[list[int]]:
    """Yield ids of assignments whose due rung somebody was not told of, page by page of what is awaited; reads only.

    Nothing on a day off. Three queries at any size, and three for each page.
    """
    if not calendar.works(work.today):
        return
    rules = ladders(work.session)
    walk, everybody = Walk(rules, work.today, calendar), circle(work.session, None, rules)
    condition = reachable(rules, work.today, calendar)
    after: After = None
    while True:
        rows = work.session.execute(awaited(condition, after, size)).all()
        ids = sorted({case.id for case, _step, _people, _clerks in untold(work.session, cases(rows), walk, everybody)})
        if ids:
            yield ids
        if len(rows) < size:
            return
        after = (rows[-1].due_at, rows[-1].id)


def untold(
    session: Session, found: Iterable[Case], walk: Walk, everybody: Circle
) -> list[tuple[Case, Step, list[Person], list[Person]]]:
    """Return cases with a step that is due, and those of its unit and of the office who were not told of it yet."""
    due = [(case, step, *everybody.told(step.rung, case)) for case in found for step in walk.steps(case)]
    if not due:
        return []
    told = told_already(session, {rung_cause(case.id, step) for case, step, _people, _clerks in due})
    left = []
    for case, step, *groups in due:
        cause = rung_cause(case.id, step)
        people, clerks = ([each for each in group if (cause, each.id) not in told] for group in groups)
        if people or clerks:
            left.append((case, step, people, clerks))
    return left


def untold_sayings(session: Session, found: Sequence[Case], walk: Walk, everybody: Circle) -> list[Saying]:
    """Return what is to be said about these cases today, only to people who were not told yet."""
    left = untold(session, found, walk, everybody)
    in_dispute = disputed(session, {case.id for case, *_rest in left}) if left else set()
    return [
        saying
        for case, step, people, clerks in left
        for saying in _sayings(case, step, people, clerks, case.id in in_dispute, walk)
    ]


def _sayings(
    case: Case, step: Step, people: list[Person], clerks: list[Person], in_dispute: bool, walk: Walk
) -> Iterator[Saying]:
    base = case.base(step.rung.about)
    saying = Saying(
        cause=rung_cause(case.id, step),
        kind="receipt_reminder" if step.rung.about is About.RECEIPT else "reminder",
        people=people,
        link=ASSIGNMENT_PATH.format(token=case.token),
        context={
            "number": case.number,
            "due": (base, case.due_time if step.rung.about is About.REPLY else None),
            "place": step.place,
            "heading": step.rung.heading,
            "again": case.again,
            "disputed": in_dispute,
            "counted": walk.counted(case) if step.rung.about is About.REPLY else None,
            "unit": case.unit_name,
        },
        assignment_id=case.id,
        rung=step.rung.name,
        day=step.day,
    )
    if people:
        yield saying
    if clerks:
        yield replace(saying, kind="unit_reminder", people=clerks)


def remind(work: Work, assignment_ids: Sequence[int], calendar: Calendar) -> int:
    """Remind the people of these assignments of the rungs that are due today; return how many messages were new.

    Order of effects: lock the assignments (one that somebody is just changing is left to the next tick), look at their
    state again, write messages, and note in the record each rung that was said.
    """
    locked = select(Assignment).where(Assignment.id.in_(assignment_ids)).order_by(Assignment.id)
    locked = locked.with_for_update(of=Assignment, skip_locked=True).execution_options(populate_existing=True)
    found = {assignment.id: assignment for assignment in work.session.scalars(locked)}
    rows = work.session.execute(awaited(Assignment.id.in_(found), None, len(found) or 1))
    rules = ladders(work.session)
    now = cases(rows)
    sayings = untold_sayings(
        work.session,
        now,
        Walk(rules, work.today, calendar),
        circle(work.session, {case.unit_id for case in now}, rules),
    )
    told = write(work, sayings)
    for saying in sayings:
        names = "、".join(person.name for person in saying.people if person.id in told.get(saying.cause, ()))
        if names:  # no case: reminders must not clutter the timeline of the case
            record(work, Word.REMINDED, found[saying.assignment_id or 0], person=names, rung=saying.rung)
    return sum(map(len, told.values()))
