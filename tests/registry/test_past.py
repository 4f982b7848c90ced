"""Dated states and names, and the registry as it stood."""

from datetime import date

import pytest
from sqlalchemy.exc import DBAPIError

from tests import factories
from tests.conftest import WorkAs, one_database
from tests.inspections.people import QueryCount, settle
from tracker.kit.errors import Invalid
from tracker.org.models import UnitKind
from tracker.org.operations.people import UnitParticulars, change_unit
from tracker.org.policy import Work
from tracker.org.queries import names_on
from tracker.registry.models import Subject, SubjectPast, SubjectState
from tracker.registry.operations import change_state, rename, take_snapshot
from tracker.registry.queries import name_on, past_of, state_on


def test_a_subject_is_called_what_it_was_called_that_day(work: Work) -> None:
    """A later note overrules an earlier one from its day on; nothing is overwritten."""
    account = factories.account(work, factories.unit(work), "旧名", state_since=date(2020, 1, 1))
    assert name_on(work.session, account, date(2021, 1, 1)) == "旧名"
    rename(work, account, "新名", date(2021, 6, 1), "更名函", 1)
    rename(work, account, "又名", date(2021, 12, 1), "更名函", 2)
    said = [name_on(work.session, account, date(2021, month, 15)) for month in (5, 6, 11, 12)]
    assert said == ["旧名", "新名", "新名", "又名"]
    rename(work, account, "真名", date(2021, 6, 1), "此前登记有误", 3)
    assert [name_on(work.session, account, date(2021, month, 15)) for month in (5, 6, 12)] == ["旧名", "真名", "真名"]
    with pytest.raises(Invalid):
        rename(work, account, "真名", date(2021, 6, 1), "", 4)


def test_states_leave_their_rows_and_a_merger_says_into_which(work: Work) -> None:
    """Running, deregistered, online again, merged; the other one is found by its name or name and platform."""
    unit = factories.unit(work)
    account = factories.account(work, unit, "甲", state_since=date(2020, 1, 1))
    other = factories.account(work, unit, "乙")
    factories.account(work, unit, "乙", platform="抖音")
    change_state(work, account, SubjectState.CANCELLED, date(2021, 3, 1), "注销函", 1)
    change_state(work, account, SubjectState.REOPENED, date(2021, 9, 1), "巡查发现", 2)
    for into, problem in (("", True), ("丙", True), ("乙（快手）", True), ("乙（新浪微博）", False)):
        if problem:
            with pytest.raises(Invalid) as refused:
                change_state(work, account, SubjectState.MERGED, date(2021, 10, 1), "整合", 3, into)
            assert list(refused.value.problems) == ["into"]
        else:
            change_state(work, account, SubjectState.MERGED, date(2021, 10, 1), "整合", 3, into)
    days = (date(2019, 1, 1), date(2021, 2, 1), date(2021, 3, 1), date(2021, 9, 30), date(2021, 10, 1))
    assert [state_on(work.session, account, day) for day in days] == [
        "running", "running", "cancelled", "reopened", "merged",
    ]  # fmt: skip
    assert next((row.state, row.into_id) for row in past_of(work.session, account)) == ("merged", other.id)


def test_the_past_does_not_change(work_as: WorkAs) -> None:
    """The database itself refuses."""
    with work_as() as work:
        account = factories.account(work, factories.unit(work), "甲")
        rename(work, account, "乙", date(2021, 6, 1), "更名函", 1)
    for change in ("UPDATE subject_past SET reason = ''", "DELETE FROM subject_past"):
        with pytest.raises(DBAPIError), work_as() as work:
            from sqlalchemy import text

            work.session.execute(text(change))


def test_units_are_called_what_they_were_called_that_day(work: Work) -> None:
    """A renaming has its day; a correction without one goes back as far as the name did."""
    unit = factories.unit(work, "经信委", UnitKind.DEPARTMENT)
    other = factories.unit(work, "市公安局", UnitKind.DEPARTMENT)
    for name, since in (("工信局", date(2021, 3, 1)), ("市工信局", None)):
        change_unit(work, unit.id, unit.version, UnitParticulars(name, name, unit.code, unit.kind), since)
    said = [names_on(work.session, day) for day in (date(2021, 2, 28), date(2021, 3, 1), date(2022, 1, 1))]
    assert [(names[unit.id], names[other.id]) for names in said] == [
        ("经信委", "市公安局"),
        ("市工信局", "市公安局"),
        ("市工信局", "市公安局"),
    ]
    with pytest.raises(Invalid):
        change_unit(work, unit.id, unit.version, UnitParticulars("丙", "丙", unit.code, unit.kind), date(2022, 1, 1))


@one_database
def test_the_pages_tell_the_past_and_a_snapshot_keeps_its_day(app, client_of, work_as: WorkAs) -> None:
    """Renamed, shut down: the timeline has both; the snapshot shows what was counted, in as many statements as ever."""
    with work_as() as work:
        police = settle(work)
        accounts = [factories.account(work, police, f"账号{n:02}") for n in range(60)]
        factories.account(work, police, "未报备的", state=SubjectState.UNREGISTERED)
        factories.account(work, police, "又上线的", state=SubjectState.REOPENED)
        few = take_snapshot(work).id
        subject_id = accounts[0].id
        for account in accounts[30:]:
            account.state = SubjectState.CANCELLED
        work.session.flush()
        fewer = take_snapshot(work).id
    clerk = client_of("clerk")
    page = clerk.get(f"/registry/{subject_id}")
    page = clerk.submit(page, "/name", **{"name-name": "新账号", "name-since": "2021-12-01", "name-reason": "更名函"})
    page = clerk.submit(page, "/state", state="cancelled", since="2021-12-27", reason="注销函")
    assert "名称：新账号 · 更名函" in page.words
    assert "已注销 · 注销函" in page.words
    page = clerk.get(f"/registry?kind=account&snapshot={few}")
    assert "2021-12-28 时点登记册" in page.words
    assert "账号00" in page.words
    assert "新账号" not in page.words
    assert page.words.count("账号5") == 0
    link = next(a.get("href") for a in page.tree.iter() if a.get("rel") == "next")
    assert [each in clerk.get(link).words for each in ("账号59", "未报备的", "又上线的")] == [True, False, False]
    assert "未报备的" in clerk.get(f"/registry?snapshot={few}&state=unregistered").words
    assert clerk.get("/registry?snapshot=999999").status == 404
    counts = []
    for snapshot in (few, fewer):
        with QueryCount(app) as counted:
            clerk.get(f"/registry?snapshot={snapshot}")
        counts.append(counted.count)
    assert counts[0] == counts[1]
    listed = clerk.get("/registry/snapshots")
    assert (f"snapshot={few}" in listed.text, ">账号 30 个</a>" in listed.text, ">账号 60 个</a>" in listed.text) == (
        True,
        True,
        True,
    )
    assert work_rows(work_as, subject_id) == 4


def work_rows(work_as: WorkAs, subject_id: int) -> int:
    """How many rows the past of a subject has."""
    with work_as(write=False) as work:
        subject = work.session.get(Subject, subject_id)
        assert subject is not None
        assert all(isinstance(row, SubjectPast) for row in past_of(work.session, subject))
        return len(past_of(work.session, subject))
