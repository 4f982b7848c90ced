"""A tick over a ledger of very many open assignments: seconds, statements, memory."""

import resource
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import event, insert, true

from tracker.almanac.queries import calendar as calendar_of
from tracker.cli.bench.figures import Figure
from tracker.cli.bench.reminders.town import DAY, Town, moment
from tracker.kit.clock import office_moment
from tracker.notices.models import Assignment, Batch, Notice, NoticeKind, new_token
from tracker.reminders import jobs
from tracker.reminders.models import Message
from tracker.reminders.policy.ladder import Case, Step, Walk, rung_cause
from tracker.reminders.queries.ladder import awaited, cases, circle, ladders
from tracker.workdays.deadlines import Deadline

TODAY = date(2022, 6, 15)
AT_ONCE = 5_000


def fill(town: Town, count: int) -> None:
    """Insert open assignments whose deadlines lie between eight weeks ago and three weeks ahead."""
    issued = office_moment("2022-03-01T10:00")
    with town.open() as work:
        batch = {"kind": NoticeKind.RECTIFICATION, "title": "整改", "opening": "", "requirements": "", "drafted_by": 1}
        work.session.execute(insert(Batch).values(id=1, drafted_at=issued, **batch))
        for start in range(1, count + 1, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, count + 1))
            work.session.execute(insert(Notice), [_notice(n, town.units, issued) for n in numbers])
            work.session.execute(insert(Assignment), [_assignment(n, town.units, issued) for n in numbers])


def tell_before(town: Town) -> int:
    """Insert what the days before would have said: each newest rung, to everybody it speaks to; return how much."""
    with town.open() as work:
        rules, calendar = ladders(work.session), calendar_of(work.session)
        walk = Walk(rules, max(day for day in (TODAY - DAY * n for n in range(1, 9)) if calendar.works(day)), calendar)
        everybody = circle(work.session, None, rules)
        found = cases(work.session.execute(awaited(true(), None, 10_000_000)))
        rows = [
            _message(case, step, person.id, work.now)
            for case in found
            for step in walk.steps(case)
            for person in everybody.told(step.rung, case)[0]
        ]
        for start in range(0, len(rows), AT_ONCE):
            work.session.execute(insert(Message), rows[start : start + AT_ONCE])
    return len(rows)


def _message(case: Case, step: Step, person_id: int, at: datetime) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "cause": rung_cause(case.id, step),
        "kind": "reminder",
        "assignment_id": case.id,
        "rung": step.rung.name,
        "day": step.day,
        "subject": case.number,
        "body": "",
        "link": "/",
        "created_at": at,
        "letter_day": step.day,
    }


def _notice(n: int, units: int, issued: datetime) -> dict[str, Any]:
    number = {"series": "试", "year": 2022, "sequence": n, "number": f"试〔2022〕{n}号", "frozen": {}, "title": "整改"}
    named = {"id": n, "batch_id": 1, "kind": NoticeKind.RECTIFICATION, "unit_id": 2 + n % units, "verify_code": f"v{n}"}
    return {**number, **named, "state": "issued", "issued_at": issued}


def _assignment(n: int, units: int, issued: datetime) -> dict[str, Any]:
    due = TODAY + DAY * (n % 77 - 56)
    return {
        "id": n,
        "token": new_token(),
        "notice_id": n,
        "unit_id": 2 + n % units,
        "unit_name": f"单位{2 + n % units}",
        "state": ("issued", "acknowledged", "returned")[n % 3],
        "due_on": due,
        "due_words": "",
        "due_at": Deadline(due, None, "").ends_at,
        "issued_at": issued,
        "delivered_at": issued,
        "version": 1,
    }


def tick_figures(folder: Path, count: int) -> Iterator[Figure]:
    """Yield what the first tick of a day costs, and one that finds nothing new."""
    town = Town(folder, 300, 7, TODAY)
    with town.app.app_context():
        town.build()
        fill(town, count)
        yield Figure("reminders of the days before", tell_before(town), "", digits=0)
        town.clock.moment = moment(TODAY, 7, 30)
        counted = Statements(town)
        first = perf_counter()
        written = jobs.tick(town.house).reminded
        seconds = perf_counter() - first
        statements, counted.count = counted.count, 0
        yield Figure(f"the first tick of a day over {count:,} open assignments", seconds, "s", 120, 1)
        yield Figure("reminders it wrote", written, "", digits=0)
        yield Figure("its statements for each page of 500 assignments", statements / (count / 500), "", 20, 1)
        first, worked = perf_counter(), process_time()
        jobs.tick(town.house)
        yield Figure(
            "a walk that finds nothing new (the worker walks once a minute)", perf_counter() - first, "s", 30, 1
        )
        yield Figure("its processor time", process_time() - worked, "s", 10, 1)
        yield Figure("its statements for each page of 500 assignments", counted.count / (count / 500), "", 4, 1)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield Figure("peak memory of the process", peak, "MiB", 512, 0)
        town.app.extensions["sqlalchemy"].engine.dispose()


class Statements:
    """Counts what is sent to the database."""

    def __init__(self, town: Town) -> None:
        self.count = 0
        event.listen(town.app.extensions["sqlalchemy"].engine, "before_cursor_execute", self._note)

    def _note(self, *_about: Any) -> None:
        self.count += 1
