"""Re-inspection: what is due on which day, what a look brings about, and what was told before."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from tests import factories as f
from tests import worlds
from tests.conftest import WorkAs, one_database
from tracker.followup.models import Outcome, Recheck
from tracker.followup.operations.looks import Look, note_look
from tracker.followup.operations.terms import set_terms
from tracker.followup.policy import Terms, windows
from tracker.followup.queries import recurrences
from tracker.followup.queries.due import DueFilter, due_count, due_page
from tracker.inspections.models import Finding
from tracker.inspections.policy import fingerprint
from tracker.kit.clock import FixedClock, office_date, office_moment
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import Assignment
from tracker.org.models import Unit
from tracker.registry.models import Subject, SubjectState

CLOSED = "2021-12-28T16:30"


def test_a_step_is_due_from_its_day_until_the_next_steps_and_never_two_at_once() -> None:
    terms, today = Terms(), date(2022, 1, 27)
    seen = {}
    for back in range(120):
        moment = office_moment(f"{today - timedelta(days=back)}T12:00")
        seen[back] = [each.step for each in windows(today, terms) if each.since <= moment < each.before]
    assert seen == {back: [1] if 14 <= back < 30 else [2] if 30 <= back < 90 else [] for back in range(120)}


def test_a_closing_late_in_the_evening_counts_by_the_offices_date() -> None:
    late = office_moment("2022-01-10T23:59")
    due = [each.since <= late < each.before for each in windows(date(2022, 1, 24), Terms(second_days=0))]
    early = [each.since <= late < each.before for each in windows(date(2022, 1, 23), Terms(second_days=0))]
    assert (due, early) == ([True], [False])


def on(clock: FixedClock, day: str) -> None:
    clock.moment = office_moment(f"{day}T09:00")


def due_on(clock: FixedClock, work_as: WorkAs, day: str, wanted: DueFilter | None = None) -> list[tuple[int, str]]:
    on(clock, day)
    with work_as(write=False) as work:
        worlds.as_(work, "clerk")
        page = due_page(work, wanted or DueFilter(), None)
        assert due_count(work, wanted) == len(page.rows)
        return [(each.step, str(each.due_on)) for each in page.rows]


def look(work_as: WorkAs, outcome: Outcome, **more: Any) -> Recheck:
    with work_as() as work:
        worlds.as_(work, "clerk")
        finding = work.session.scalars(select(Finding).order_by(Finding.id)).first()
        assert finding is not None
        return note_look(work, finding.id, Look(outcome, office_date(work.now), **more))


def test_a_closed_problem_comes_up_after_14_and_after_30_days(clock: FixedClock, work_as: WorkAs, closed: str) -> None:
    assert due_on(clock, work_as, "2022-01-10") == []
    assert due_on(clock, work_as, "2022-01-11") == [(1, "2022-01-11")]
    look(work_as, Outcome.UNREACHED, note="网站维护")
    assert due_on(clock, work_as, "2022-01-12") == [(1, "2022-01-11")]
    look(work_as, Outcome.MENDED)
    assert due_on(clock, work_as, "2022-01-26") == []
    assert due_on(clock, work_as, "2022-01-27") == [(2, "2022-01-27")]
    assert due_on(clock, work_as, "2022-01-27", DueFilter(step=1)) == []
    look(work_as, Outcome.MENDED)
    assert due_on(clock, work_as, "2022-01-28") == []
    with work_as(write=False) as work:
        assert work.session.scalars(select(Assignment.state)).all() == [AssignmentState.CLOSED]


def test_what_came_back_is_a_waiting_finding_of_the_same_problem_and_says_where_it_was_told(
    clock: FixedClock, work_as: WorkAs, closed: str
) -> None:
    on(clock, "2022-01-12")
    row = look(work_as, Outcome.RECURRED, note="又停更")
    with work_as(write=False) as work:
        old, new = work.session.scalars(select(Finding).order_by(Finding.id)).all()
        same = ("unit_id", "subject_id", "indicator_id", "place", "level", "fingerprint")
        assert [getattr(old, key) for key in same] == [getattr(new, key) for key in same]
        assert (row.new_finding_id, new.notice_ref, old.ended_how) == (new.id, None, "rectified")
        (found,) = recurrences(work.session, [old.id, new.id]).values()
        assert (found.sentence(2021), found.sentence(2022)) == ("该问题于12月已通报", "该问题于2021年12月已通报")
        assert (found.exact, found.numbers) == (True, "阜政办公开改〔2021〕1号")
        assert work.session.scalars(select(Assignment.state)).all() == [AssignmentState.CLOSED]
    assert due_on(clock, work_as, "2022-01-28") == []


def test_a_look_is_never_changed(clock: FixedClock, work_as: WorkAs, closed: str) -> None:
    on(clock, "2022-01-12")
    row = look(work_as, Outcome.MENDED)
    with pytest.raises(DatabaseError), work_as() as work:
        work.session.get_one(Recheck, row.id).note = "改写"


@one_database
def test_nothing_is_due_at_what_is_gone_was_unfounded_or_was_set_otherwise(
    clock: FixedClock, work_as: WorkAs, closed: str
) -> None:
    assert due_on(clock, work_as, "2022-01-20") == [(1, "2022-01-11")]
    with work_as() as work:
        work.session.scalars(select(Subject)).one().state = SubjectState.CANCELLED
    assert due_on(clock, work_as, "2022-01-20") == []
    with work_as() as work:
        work.session.scalars(select(Subject)).one().state = SubjectState.RUNNING
        worlds.as_(work, "clerk")
        set_terms(work, Terms(first_days=25, second_days=40), Terms())
    assert due_on(clock, work_as, "2022-01-20") == []
    assert due_on(clock, work_as, "2022-01-22") == [(1, "2022-01-22")]
    with work_as() as work:
        work.session.scalars(select(Finding)).one().ended_how = "unfounded"
    assert due_on(clock, work_as, "2022-01-22") == []


@one_database
def test_recurrence_knows_kind_from_place_and_forgets_what_was_never_told(work_as: WorkAs, closed: str) -> None:
    """A planted set: four that came back, four that did not; every one is told as it is."""
    with work_as() as work:
        old = work.session.scalars(select(Finding)).one()
        a, b = work.session.scalars(select(Unit).where(Unit.rank > 0).order_by(Unit.rank)).all()
        other = f.indicator(work, "M-V2-2", title="其他")
        account = f.account(work, a, "另一账号")

        def plant(name: str, unit: Unit = a, day: int = 29, **values: Any) -> int:
            values = {"subject_id": old.subject_id, "indicator": old.indicator_id} | values
            row = f.finding(work, unit, name, **values)
            row.found_on = date(2021, 12, day)
            row.fingerprint = fingerprint(unit.id, row.subject_id, row.indicator_id, row.place)
            work.session.flush()
            return row.id

        same = plant("同处", place=old.place)
        kind = plant("同类", place="另一栏目")
        on_the_day = plant("同日", day=28, place="第三栏目")
        before = plant("更早", day=1, place="第四栏目")
        subject = plant("别的账号", subject_id=account.id, place=old.place)
        indicator = plant("别的指标", indicator=other.id, place=old.place)
        duty = plant("单位职责", subject_id=None, place=old.place)
        elsewhere = plant("别的单位", b, subject_id=None, place=old.place)
        found = recurrences(work.session, [same, kind, on_the_day, before, subject, indicator, duty, elsewhere, old.id])
        assert {id_: each.exact for id_, each in found.items()} == {same: True, kind: False}
        assert found[kind].ready(2021) == "该问题于12月已通报（阜政办公开改〔2021〕1号），此次检查仍存在同类问题。"
        work.session.rollback()
