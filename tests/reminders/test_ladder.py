"""The ladder: each rung once, only on working days, and only while an answer is awaited."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.conftest import one_database
from tests.reminders.cases import DUE, assignment, at, contact, days, step
from tracker.kit.clock import FixedClock
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import Assignment, NoticeKind
from tracker.org.models import Role
from tracker.reminders import jobs
from tracker.reminders.models import Message
from tracker.reminders.operations.ladder import pages, remind
from tracker.reminders.policy.ladder import LADDER, About, Walk, horizon, position, rung_day, rungs_about
from tracker.reminders.queries.ladder import awaited, reachable
from tracker.workdays.calendar import Calendar

CALENDAR = Calendar()
SATURDAY_OFF = date(2022, 1, 8)


def reminders(work_as):
    """Return what was said: (rung, the rung's day, person's login), in the order of saying."""
    with work_as(write=False) as work:
        rows = work.session.scalars(sa.select(Message).where(Message.rung != "").order_by(Message.id))
        return [(row.rung, row.day.isoformat(), row.person.login) for row in rows]


def walk(clock: FixedClock, first: str, last: str) -> None:
    """Tick twice on every day, days off included."""
    for day in days(date.fromisoformat(first), date.fromisoformat(last)):
        for hour in (9, 15):
            clock.moment = at(day, hour)
            jobs.tick()


REPLY = rungs_about(LADDER, About.REPLY)
LADDERS = {NoticeKind.RECTIFICATION: LADDER}


@pytest.mark.parametrize(
    ("due", "rung", "day"),
    [
        (DUE, "T-3", "2022-01-05"),
        (DUE, "T-1", "2022-01-07"),
        (DUE, "T", "2022-01-10"),
        (DUE, "T+1", "2022-01-11"),
        (DUE, "T+5", "2022-01-17"),
        (SATURDAY_OFF, "T", "2022-01-07"),
        (SATURDAY_OFF, "T-1", "2022-01-06"),
        (SATURDAY_OFF, "T+1", "2022-01-10"),
        (date(2022, 1, 29), "T", "2022-01-29"),  # a Saturday made a working day before the Spring Festival
        (date(2022, 1, 29), "T+1", "2022-01-30"),  # and so is the Sunday
        (date(2022, 1, 29), "T+3", "2022-02-08"),
    ],
)
def test_a_rung_falls_on_a_working_day(due, rung, day):
    found = next(each for each in LADDER if each.name == rung)
    assert rung_day(found.offset, due, CALENDAR) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "due", [DUE, SATURDAY_OFF, date(2022, 1, 29), date(2022, 2, 2), date(2020, 2, 29), date(2021, 12, 31)]
)
def test_on_its_own_day_a_rung_is_the_newest_and_in_reach(due):
    for rung in REPLY:
        day = rung_day(rung.offset, due, CALENDAR)
        step = Walk(LADDERS, day, CALENDAR).newest(NoticeKind.RECTIFICATION, About.REPLY, due)
        assert (step.rung, step.day, step.place) == (rung, day, position(due, day, CALENDAR))
        assert due < horizon(LADDERS, About.REPLY, day, CALENDAR)


def test_req_10_each_rung_is_said_once_and_on_working_days_only(app, clock, work_as):
    with work_as() as work:
        contact(work)
        factories.person(work, "leader", Role.LEADER, unit=factories.unit(work))
        assignment(work)
    walk(clock, "2021-12-29", "2022-01-18")
    assert reminders(work_as) == [
        ("T-3", "2022-01-05", "contact"),
        ("T-1", "2022-01-07", "contact"),
        ("T", "2022-01-10", "contact"),
        ("T+1", "2022-01-11", "contact"),
        ("T+1", "2022-01-11", "leader"),
        ("T+3", "2022-01-13", "contact"),
        ("T+3", "2022-01-13", "leader"),
        ("T+5", "2022-01-17", "contact"),
        ("T+5", "2022-01-17", "leader"),
    ]


def test_nobody_is_reminded_on_a_day_off_even_when_a_rung_was_missed(app, clock, work_as):
    with work_as() as work:
        contact(work)
        assignment(work)
    walk(clock, "2022-01-08", "2022-01-09")
    assert reminders(work_as) == []


def test_req_12_after_missed_ticks_only_the_newest_rung_is_said(app, clock, work_as):
    with work_as() as work:
        contact(work)
        assignment(work)
    walk(clock, "2022-01-05", "2022-01-05")
    walk(clock, "2022-01-14", "2022-01-14")  # the worker was down for T-1, T, T+1 and T+3
    walk(clock, "2022-01-05", "2022-01-05")  # and the clock was set back once
    walk(clock, "2022-01-14", "2022-01-14")
    assert reminders(work_as) == [("T-3", "2022-01-05", "contact"), ("T+3", "2022-01-13", "contact")]


ANSWERED_BY = {
    AssignmentState.SUBMITTED: ("submit",),
    AssignmentState.ACCEPTED: ("submit", "accept"),
    AssignmentState.CLOSED: ("submit", "accept", "close"),
    AssignmentState.VOIDED: ("void",),
}


@pytest.mark.parametrize("state", ANSWERED_BY)
def test_req_11_nobody_is_reminded_of_what_is_answered_or_voided(app, clock, work_as, state):
    with work_as() as work:
        contact(work)
        row = assignment(work)
        step(work, row, *ANSWERED_BY[state])
        assert row.state == state
    walk(clock, "2022-01-05", "2022-01-14")
    assert reminders(work_as) == []


@pytest.mark.parametrize("steps", [("submit", "return"), ("submit", "accept", "close", "reopen")])
def test_req_11_a_returned_or_reopened_assignment_is_reminded_of_again(app, clock, work_as, steps):
    with work_as() as work:
        contact(work)
        row = assignment(work)
        step(work, row, steps[0])
        row_id = row.id
    walk(clock, "2022-01-05", "2022-01-06")
    assert reminders(work_as) == []
    with work_as() as work:
        step(work, work.session.get(Assignment, row_id), *steps[1:])
    walk(clock, "2022-01-07", "2022-01-10")
    assert reminders(work_as) == [("T-1", "2022-01-07", "contact"), ("T", "2022-01-10", "contact")]


def test_what_is_not_delivered_is_not_reminded_of(app, clock, work_as):
    with work_as() as work:
        contact(work)
        assignment(work, delivered_at=None)
    walk(clock, "2022-01-05", "2022-01-11")
    assert reminders(work_as) == []


def test_a_notice_that_arrives_late_is_not_reminded_of_at_once(app, clock, work_as):
    with work_as() as work:
        contact(work)
        assignment(work, delivered_at=at("2022-01-06"))
    walk(clock, "2022-01-06", "2022-01-07")
    assert reminders(work_as) == [("T-1", "2022-01-07", "contact")]


def test_a_moved_deadline_has_its_own_rungs(app, clock, work_as):
    with work_as() as work:
        contact(work)
        row_id = assignment(work).id
    walk(clock, "2022-01-10", "2022-01-10")
    with work_as() as work:
        row = work.session.get(Assignment, row_id)
        row.due_on, row.due_at = date(2022, 1, 17), row.due_at + timedelta(days=7)
    walk(clock, "2022-01-11", "2022-01-17")
    said = [("T", "2022-01-10"), ("T-3", "2022-01-12"), ("T-1", "2022-01-14"), ("T", "2022-01-17")]
    assert reminders(work_as) == [(rung, day, "contact") for rung, day in said]


def test_many_assignments_are_found_page_by_page(app, clock, work_as):
    with work_as() as work:
        contact(work)
        ids = [assignment(work, state=("issued", "acknowledged")[n % 2]).id for n in range(7)]
    clock.moment = at("2022-01-07")
    with work_as(write=False) as work:
        found = list(pages(work, CALENDAR, size=2))
    assert [len(page) for page in found] == [2, 2, 2, 1]
    assert sorted(id_ for page in found for id_ in page) == ids
    for page in found:
        with work_as() as work:
            assert remind(work, page, CALENDAR) == len(page)
    with work_as(write=False) as work:
        assert list(pages(work, CALENDAR, size=2)) == []


@pytest.mark.unused_database
@pytest.mark.unused_database
def test_the_ladder_walks_an_index(app, work_as):
    with work_as(write=False) as work:
        connection = work.session.connection()
        postgres = connection.dialect.name == "postgresql"
        if postgres:
            for kind in ("seqscan", "bitmapscan", "sort"):  # on an empty table anything is cheap
                connection.exec_driver_sql(f"SET LOCAL enable_{kind} = off")
        query = awaited(reachable(LADDERS, date(2022, 1, 10), CALENDAR), (at("2022-01-03"), 5), 500)
        text = query.compile(connection, compile_kwargs={"literal_binds": True})
        plan = connection.exec_driver_sql(f"EXPLAIN {'' if postgres else 'QUERY PLAN '}{text}".replace("%", "%%"))
        lines = " ".join(str(column) for row in plan for column in row)
    assert "ix_assignment_open_due" in lines
    assert "TEMP B-TREE" not in lines


@one_database
def test_the_worker_walks_the_ladder_once_a_minute_and_a_set_back_clock_holds_nothing_up(app, clock, work_as):
    with work_as() as work:
        contact(work)
        assignment(work)
    clock.moment = at("2022-01-05")
    jobs.gentle_tick()
    with work_as() as work:
        assignment(work, due_on=date(2022, 1, 7))
    assert jobs.gentle_tick().reminded == 0
    clock.moment += timedelta(minutes=1)
    assert jobs.gentle_tick().reminded == 1
    with work_as() as work:
        assignment(work)
    clock.moment -= timedelta(minutes=1)
    assert jobs.gentle_tick().reminded == 1
