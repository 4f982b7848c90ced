"""The registry: what may be registered, who may, and what the list does."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.conftest import WorkAs, one_database
from tests.inspections.people import QueryCount, settle
from tracker.audit.models import Event
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Stale
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.registry.models import Subject, SubjectState
from tracker.registry.operations import SubjectValues, add_subject, change_state, change_subject
from tracker.registry.policy import is_site_code


@pytest.fixture
def police(work_as: WorkAs) -> int:
    """The police's id, with people of every role."""
    with work_as() as work:
        return settle(work).id


def site(unit_id: int, code: str = "2109000022", name: str = "阜新市公安局网站") -> SubjectValues:
    """A website's values."""
    return SubjectValues(kind="site", name=name, sponsor_id=unit_id, code=code, platform="新浪微博")


@pytest.mark.parametrize("code", ["2109000022", "bm12345678"])
def test_site_codes_as_they_are(code: str) -> None:
    """Ten digits, or bm and eight."""
    assert is_site_code(code)


@pytest.mark.parametrize(
    "code",
    ["", "210900002", "21090000221", "BM12345678", "bm1234567", "\uff12109000022", "2109000022\n", " 2109000022"],
)
def test_what_is_no_site_code(code: str) -> None:
    """Wrong length, case, digits of another script, blanks."""
    assert not is_site_code(code)


def test_a_site_keeps_its_code_and_an_account_its_platform(work: Work) -> None:
    """What belongs to the other kind is dropped; both are recorded."""
    unit = factories.unit(work)
    added = add_subject(work, site(unit.id))
    account = add_subject(
        work, SubjectValues(kind="account", name="平安阜新", sponsor_id=unit.id, code="2109000022", platform="抖音")
    )
    assert (added.code, added.platform, added.state, added.state_since) == (
        "2109000022",
        "",
        "running",
        date(2021, 12, 28),
    )
    assert (account.code, account.platform) == (None, "抖音")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "site", "code": "12"}, "code"),
        ({"kind": "site", "code": "2109000099"}, "code"),
        ({"kind": "account", "platform": ""}, "platform"),
        ({"kind": "account", "platform": "Myspace"}, "platform"),
        ({"kind": "account", "platform": "抖音", "sponsor_id": 999}, "sponsor_id"),
    ],
)
def test_what_cannot_be_registered_is_named_at_its_field(work: Work, values: dict[str, str], field: str) -> None:
    """A malformed or taken code, no platform, no such unit."""
    unit = factories.unit(work)
    add_subject(work, site(unit.id, code="2109000099"))
    with pytest.raises(Invalid) as refused:
        add_subject(work, SubjectValues(**{"name": "甲", "sponsor_id": unit.id, **values}))
    assert list(refused.value.problems) == [field]
    assert len(work.session.scalars(select(Subject)).all()) == 1


def test_a_lost_update_is_refused_with_both_versions(work: Work) -> None:
    """Somebody who opened an older version sees theirs beside the stored one."""
    unit = factories.unit(work)
    subject = add_subject(work, site(unit.id))
    change_subject(work, subject, site(unit.id, name="新名"), 1)
    with pytest.raises(Stale) as stale:
        change_subject(work, subject, site(unit.id, name="旧名"), 1)
    assert (stale.value.theirs["name"], stale.value.yours["name"]) == ("新名", "旧名")


def test_a_change_that_changes_nothing_leaves_no_trace(work_as: WorkAs) -> None:
    """No new version, no line in the record; a real one says what was before."""
    with work_as() as work:
        unit = factories.unit(work)
        subject = add_subject(work, site(unit.id))
        change_subject(work, subject, site(unit.id), 1)
        assert subject.version == 1
        change_subject(work, subject, site(unit.id, name="新名"), 1)
    with work_as(write=False) as work:
        events = work.session.scalars(select(Event).where(Event.word == Word.SUBJECT_CHANGED)).all()
        assert [event.detail["before"] for event in events] == [{"name": "阜新市公安局网站"}]


def test_states_are_dated(work: Work) -> None:
    """A state is not noted twice, nor for a day to come."""
    subject = add_subject(work, site(factories.unit(work).id))
    change_state(work, subject, SubjectState.CLOSING, date(2021, 12, 20), "集约化", 1)
    assert (subject.state, subject.state_since) == ("closing", date(2021, 12, 20))
    for state, since, field in (
        (SubjectState.CLOSING, date(2021, 12, 21), "state"),
        (SubjectState.CLOSED, date(2021, 12, 29), "since"),
    ):
        with pytest.raises(Invalid) as refused:
            change_state(work, subject, state, since, "集约化", 2)
        assert list(refused.value.problems) == [field]


def test_the_clerk_registers_an_account_by_the_page(app: Flask, police: int, client_of) -> None:
    """Registered, found by every filter, changed, and put into another state; hostile names shown as typed."""
    clerk = client_of("clerk")
    page = clerk.submit(
        clerk.get("/registry/new"),
        name="<script>alert(1)</script>{{7*7}}=1+1\x07",
        platform="抖音",
        sponsor_id=police,
        url="javascript:alert(1)",
    )
    assert page.status == 422
    assert "http://" in page.words
    page = clerk.submit(page, url="https://www.fuxin.gov.cn/")
    assert page.status == 200
    assert "<script>alert(1)</script>{{7*7}}=1+1" in page.words
    for query in ("kind=account", "platform=抖音", f"unit={police}", "state=running", "q=SCRIPT", "q=%7B%7B7"):
        assert "{{7*7}}" in clerk.get(f"/registry?{query}").words, query
    for query in ("kind=site", "platform=快手", "state=closed", "q=100%25", "q=_"):
        assert "{{7*7}}" not in clerk.get(f"/registry?{query}").words, query
    page = clerk.submit(page, "/state", state="closed", since="2021-12-27", reason="关停")
    assert "已关停" in page.words


@pytest.mark.parametrize(
    "query", ["unit=abc", "unit=99999999999999999999", "kind=<b>", "after=zzz", "unit=" + "9" * 40]
)
def test_nonsense_in_the_address_is_no_error(police: int, client_of, query: str) -> None:
    """A filter that is none of the choices counts as not given."""
    assert client_of("clerk").get(f"/registry?{query}").status == 200


@one_database
@pytest.mark.parametrize("login", ["contact-police", "sysadmin", "secadmin", "auditor"])
@pytest.mark.parametrize("path", ["/registry", "/registry/new", "/indicators"])
def test_other_roles_find_nothing(police: int, client_of, login: str, path: str) -> None:
    """What a role may not use looks like what does not exist."""
    assert client_of(login).get(path).status == 404


def test_readers_cannot_write(police: int, client_of) -> None:
    """The observer sees the list without its buttons, and a guessed address is 404."""
    observer = client_of("observer")
    assert "/registry/new" not in observer.get("/registry").text
    assert observer.get("/registry/new").status == 404


def test_the_list_asks_as_often_for_30_rows_as_for_one(app: Flask, police: int, client_of, work_as: WorkAs) -> None:
    """No query per row."""
    clerk, counts = client_of("clerk"), []
    for many in (1, 29):
        with work_as() as work:
            unit = work.session.get(Unit, police)
            assert unit is not None
            for number in range(many):
                factories.account(work, unit, name=f"账号{many}-{number}")
        clerk.get("/registry")
        with QueryCount(app) as counted:
            clerk.get("/registry")
        counts.append(counted.count)
    assert counts[0] == counts[1]


def test_pages_follow_each_other_without_gap_or_repeat(police: int, client_of, work_as: WorkAs) -> None:
    """Sixty accounts stand on two pages."""
    with work_as() as work:
        unit = work.session.get(Unit, police)
        assert unit is not None
        for number in range(60):
            factories.account(work, unit, name=f"账号{number:02}")
    clerk = client_of("clerk")
    first = clerk.get("/registry?kind=account")
    link = next(a.get("href") for a in first.tree.iter() if a.get("rel") == "next")
    second = clerk.get(link)
    assert [f"账号{n:02}" in first.words for n in range(60)] == [n < 50 for n in range(60)]
    assert [f"账号{n:02}" in second.words for n in range(60)] == [n >= 50 for n in range(60)]
