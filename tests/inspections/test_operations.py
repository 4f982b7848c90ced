"""Findings: the same problem is open once; only a waiting one changes; notices bind, release and end them."""

import hashlib
import io
import threading
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tests import factories
from tests.conftest import WorkAs
from tests.inspections.people import settle
from tracker.audit.models import Event
from tracker.audit.policy import Word
from tracker.files.models import StoredFile
from tracker.inspections.models import Finding
from tracker.inspections.operations import (
    AlreadyOpen,
    FindingValues,
    InspectionValues,
    bind,
    change_finding,
    drop_finding,
    end,
    enter_finding,
    enter_for_subjects,
    open_inspection,
    release,
    resume,
)
from tracker.inspections.policy import fingerprint, same_place
from tracker.inspections.queries import findings_by_ids, waiting_findings
from tracker.kit.clock import FixedClock
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.models import UnitKind
from tracker.org.policy import SYSTEM, Work


def values(work: Work, **changes: object) -> FindingValues:
    """A police account that was not updated."""
    police = factories.unit(work, "市公安局", UnitKind.DEPARTMENT)
    subject = changes.pop("subject", None) or factories.account(work, police, name="平安阜新")
    base = FindingValues(
        inspection_id=factories.inspection(work).id,
        indicator_id=factories.indicator(work).id,
        description="2周内未更新",
        found_on=date(2021, 12, 20),
        subject_id=subject.id,
        place="首页",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def words_of(work: Work) -> list[str]:
    """The record's words about findings, in order."""
    return list(work.session.scalars(select(Event.word).where(Event.word.startswith("finding:")).order_by(Event.id)))


def test_unit_and_level_follow_from_subject_and_indicator(work: Work) -> None:
    """The clerk types neither; a chosen level wins."""
    entered = enter_finding(work, values(work))
    assert (entered.unit.name, entered.level, entered.notice_ref) == ("市公安局", "veto", None)
    other = enter_finding(work, values(work, level="warn", place="第二处"))
    assert other.level == "warn"


def test_the_fingerprint_is_subject_indicator_and_place() -> None:
    """Ways of writing one place are equal; unit and subject ids never meet."""
    assert same_place(" HTTP://www.Fuxin.gov.cn/ ") == same_place("\uff46\uff55\uff58\uff49\uff4e.gov.cn")
    assert (
        fingerprint(1, 7, 3, "首 页")
        == fingerprint(2, 7, 3, "首页")
        == hashlib.sha256("subject:7\n3\n首页".encode()).hexdigest()
    )
    assert (
        len(
            {fingerprint(1, 7, 3, ""), fingerprint(7, None, 3, ""), fingerprint(1, 7, 4, ""), fingerprint(1, 7, 3, "x")}
        )
        == 4
    )


def test_an_equal_open_finding_is_refused_and_named(work: Work) -> None:
    """Until the first one ended."""
    first = enter_finding(work, values(work))
    again = replace(values(work, subject=first.subject), place="首　页", description="另一种说法")
    with pytest.raises(AlreadyOpen) as refused:
        enter_finding(work, again)
    assert refused.value.twins == [(first.id, "平安阜新")]
    drop_finding(work, first, "录错")
    assert enter_finding(work, again).id != first.id


def test_the_index_refuses_what_slipped_past_the_check(work: Work) -> None:
    """Two equal open rows cannot exist, whoever writes them; ended ones may."""
    first = enter_finding(work, values(work))
    columns = {c.key: getattr(first, c.key) for c in Finding.__table__.columns if c.key != "id"}
    with pytest.raises(IntegrityError), work.session.begin_nested():
        work.session.execute(insert(Finding).values(columns))
    work.session.add(Finding(**{**columns, "ended_at": work.now, "ended_how": "dropped"}))
    work.session.flush()


def test_of_two_at_the_same_moment_one_wins(app: Flask, clock: FixedClock, work_as: WorkAs) -> None:
    """Both saw no equal finding; one row is stored, the other person is told which."""
    with work_as() as work:
        wanted = values(work)
    start, outcomes = threading.Barrier(2), []

    def enter() -> None:
        with app.app_context():
            start.wait()
            try:
                with unit_of_work(SYSTEM, clock) as work:
                    outcomes.append(enter_finding(work, wanted).id)
            except AlreadyOpen as refused:
                outcomes.append(refused.twins[0][0])

    threads = [threading.Thread(target=enter) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with work_as(write=False) as work:
        stored = work.session.scalars(select(Finding.id)).all()
    assert outcomes == [*stored, *stored]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject_id": None}, "unit_id"),
        ({"subject_id": 999}, "subject_id"),
        ({"indicator_id": 999}, "indicator_id"),
        ({"inspection_id": 999}, "inspection_id"),
    ],
)
def test_what_does_not_exist_is_named_at_its_field(work: Work, changes: dict[str, int], field: str) -> None:
    """Nothing is stored."""
    with pytest.raises(Invalid) as refused:
        enter_finding(work, values(work, **changes))
    assert list(refused.value.problems) == [field]


def test_a_foreign_account_is_refused_a_subordinates_is_not(work: Work) -> None:
    """A unit answers for what it or its subordinates run."""
    police = factories.unit(work, "市公安局", UnitKind.DEPARTMENT)
    branch = factories.unit(work, "细河分局", UnitKind.SUBORDINATE, parent_id=police.id)
    foreign = factories.account(work, factories.unit(work, "细河区"))
    with pytest.raises(Invalid, match="does not belong"):
        enter_finding(work, values(work, subject=foreign, unit_id=police.id))
    own = factories.account(work, branch, name="平安细河")
    assert enter_finding(work, values(work, subject=own, unit_id=police.id)).unit_id == police.id


def test_a_bonus_is_no_problem(work: Work) -> None:
    """Bonuses cannot be found."""
    bonus = factories.indicator(work, "B-1", level="bonus")
    with pytest.raises(Invalid, match="indicator"):
        enter_finding(work, values(work, indicator_id=bonus.id))


def test_evidence_is_kept_with_its_hash(work: Work) -> None:
    """The bytes lie in the store before the row names them."""
    picture = factories.png()
    entered = enter_finding(work, values(work), (io.BytesIO(picture), "截图.png"))
    assert entered.evidence_id is not None
    stored = work.session.get(StoredFile, entered.evidence_id)
    assert stored is not None
    assert (stored.sha256, stored.kind, stored.name) == (hashlib.sha256(picture).hexdigest(), "png", "截图.png")


def test_refused_evidence_stores_no_finding(work: Work) -> None:
    """The refusal stands at the field."""
    with pytest.raises(Invalid) as refused:
        enter_finding(work, values(work), (io.BytesIO(b"<svg onload='x'/>"), "a.png"))
    assert list(refused.value.problems) == ["evidence"]
    assert work.session.scalars(select(Finding)).all() == []


def test_24_accounts_at_once(work_as: WorkAs) -> None:
    """One finding per account, one line in the record each; equal ones make all fail."""
    with work_as() as work:
        police = settle(work)
        accounts = [factories.account(work, police, name=f"公安账号{number:02}") for number in range(24)]
        wanted = values(work, subject_id=None, unit_id=police.id)
        entered = enter_for_subjects(work, wanted, [each.id for each in accounts] + [accounts[0].id])
        assert [each.subject_id for each in entered] == [each.id for each in accounts]
        more = factories.account(work, police, name="新账号")
        with pytest.raises(AlreadyOpen) as refused:
            enter_for_subjects(work, wanted, [more.id, accounts[3].id, accounts[5].id])
        assert [name for _id, name in refused.value.twins] == ["公安账号03", "公安账号05"]
    with work_as(write=False) as work:
        assert words_of(work) == [Word.FINDING_ENTERED] * 24


@pytest.mark.parametrize("ids", [[], list(range(1, 202)), [1, 999]])
def test_bulk_refuses_none_too_many_and_unknown(work: Work, ids: list[int]) -> None:
    """Nothing is entered."""
    with pytest.raises(Invalid):
        enter_for_subjects(work, values(work), ids)
    assert work.session.scalars(select(Finding)).all() == []


def test_a_waiting_finding_changes_once_per_version(work: Work) -> None:
    """The second of two editors sees both versions; an equal twin cannot be made by editing."""
    entered = enter_finding(work, values(work))
    other = enter_finding(work, replace(values(work, subject=entered.subject), place="第二处"))
    wanted = replace(values(work, subject=entered.subject), description="改写")
    change_finding(work, entered, wanted, 1)
    assert (entered.description, entered.version) == ("改写", 2)
    with pytest.raises(Stale) as stale:
        change_finding(work, entered, replace(wanted, description="再改"), 1)
    assert (stale.value.theirs["description"], stale.value.yours["description"]) == ("改写", "再改")
    with pytest.raises(AlreadyOpen):
        change_finding(work, other, wanted, 1)


def test_the_life_of_a_finding(work_as: WorkAs) -> None:
    """Waiting, bound, released, bound, ended, resumed; each step in the record."""
    with work_as() as work:
        settle(work)
        entered = enter_finding(work, values(work))
        assert [row.id for row in work.session.scalars(waiting_findings(clerk(work)))] == [entered.id]
        bind(work, findings_by_ids(work.session, [entered.id]), 5)
        assert work.session.scalars(waiting_findings(clerk(work))).all() == []
        for refused in (
            lambda: bind(work, [entered], 6),
            lambda: drop_finding(work, entered, "录错"),
            lambda: change_finding(work, entered, values(work), entered.version),
        ):
            with pytest.raises(Refused):
                refused()
        release(work, [entered])
        assert entered.notice_ref is None
        bind(work, [entered], 6)
        end(work, entered, "rectified")
        end(work, entered, "unfounded")
        release(work, [entered])
        assert (entered.notice_ref, entered.ended_how, entered.ended_at) == (6, "rectified", work.now)
        resume(work, entered)
        assert (entered.ended_at, entered.ended_how) == (None, None)
    with work_as(write=False) as work:
        steps = [Word.FINDING_ENTERED, *[Word.FINDING_CHANGED] * 3, Word.FINDING_CLOSED, Word.FINDING_CHANGED]
        assert words_of(work) == steps


def clerk(work: Work) -> object:
    """The clerk's identity."""
    from tests.conftest import identity_named

    return identity_named(work, "clerk")


def test_resuming_is_refused_when_the_problem_was_found_anew(work: Work) -> None:
    """Otherwise two equal ones would be open."""
    first = enter_finding(work, values(work))
    end(work, first, "rectified")
    enter_finding(work, values(work, subject=first.subject))
    with pytest.raises(AlreadyOpen):
        resume(work, first)


def test_findings_by_ids_wants_every_one(work: Work) -> None:
    """A selection that names a finding that is not there is no selection."""
    entered = enter_finding(work, values(work))
    assert findings_by_ids(work.session, [entered.id, entered.id]) == [entered]
    with pytest.raises(Missing):
        findings_by_ids(work.session, [entered.id, 999])


def test_units_see_no_findings_before_a_notice(work: Work) -> None:
    """Their lists are empty even in the query."""
    from tests.conftest import identity_named

    settle(work)
    enter_finding(work, values(work))
    assert work.session.scalars(waiting_findings(identity_named(work, "contact-police"))).all() == []


def test_an_inspection_does_not_end_before_it_starts(work: Work) -> None:
    """The last day is refused."""
    wrong = InspectionValues("2021-12", "检查", "manual", date(2021, 12, 2), date(2021, 12, 1))
    with pytest.raises(Invalid) as refused:
        open_inspection(work, wrong)
    assert list(refused.value.problems) == ["ends_on"]
