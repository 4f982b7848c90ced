"""What every page is guarded by: sign-in, declared permission, form keys, and the same origin."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests import factories
from tests.conftest import WorkAs, one_database
from tests.pages import PageClient
from tracker.audit.models import Event
from tracker.org.models import Role, Unit

ClientOf = Callable[[str], PageClient]
UNIT = {
    "name": "太平区",
    "full_name": "阜新市太平区",
    "code": "TP",
    "kind": "district",
    "parent_id": "0",
    "rank": "0",
    "active": "y",
}

PAGES = {
    "/people": Role.SYSTEM_ADMIN,
    "/people/new": Role.SYSTEM_ADMIN,
    "/units/new": Role.SYSTEM_ADMIN,
    "/roles": Role.SECURITY_ADMIN,
    "/record": Role.AUDITOR,
    "/record/verify": Role.AUDITOR,
}


@pytest.fixture(autouse=True)
def _people(app: object, work_as: WorkAs) -> None:
    with work_as() as work:
        for role in Role:
            factories.person(work, f"the-{role}", role)


@pytest.mark.parametrize("role", Role)
def test_a_wrong_role_sees_404_and_the_record_tells(client_of: ClientOf, work_as: WorkAs, role: Role) -> None:
    client = client_of(f"the-{role}")
    assert {url for url in PAGES if client.get(url).status == 200} == {url for url, own in PAGES.items() if own == role}
    with work_as(write=False) as work:
        query = sa.select(Event.detail).where(Event.word == "access:refused").order_by(Event.id)
        refused = [detail["path"] for detail in work.session.scalars(query)]
    assert refused == [url for url, own in PAGES.items() if own != role]


@one_database
@pytest.mark.parametrize("url", PAGES)
def test_a_visitor_is_sent_to_the_sign_in_page_and_back(visitor: PageClient, url: str) -> None:
    page = visitor.get(url)
    assert page.path == f"/sign-in?next={url}"
    assert page.form("/sign-in").values["next"] == url


def test_the_same_key_again_acts_once(client_of: ClientOf, work_as: WorkAs) -> None:
    admin = client_of("the-sysadmin")
    form = admin.get("/units/new")
    first = admin.submit(form, "/units/new", **UNIT, follow=False)
    second = admin.submit(form, "/units/new", **{**UNIT, "name": "别的", "code": "X"}, follow=False)
    assert first.response.headers["Location"] == second.response.headers["Location"]
    with work_as(write=False) as work:
        assert work.session.scalars(sa.select(Unit.code).where(Unit.code.in_(["TP", "X"]))).all() == ["TP"]


@pytest.mark.parametrize("key", [None, "", "forged", "of another"])
def test_a_form_without_its_own_key_does_nothing(client_of: ClientOf, work_as: WorkAs, key: str | None) -> None:
    admin = client_of("the-sysadmin")
    if key == "of another":
        key = client_of("the-sysadmin").get("/units/new").form("/units/new").values["form_key"]
    data = {**UNIT, "form_key": key} if key is not None else UNIT
    assert admin.post("/units/new", data).status == 409
    with work_as(write=False) as work:
        assert work.session.scalars(sa.select(Unit.code).where(Unit.code == "TP")).all() == []


@one_database
@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]
)
def test_a_post_from_another_site_is_refused(client_of: ClientOf, headers: dict[str, str]) -> None:
    admin = client_of("the-sysadmin")
    values = admin.get("/units/new").form("/units/new").values
    assert admin.http.post("/units/new", data={**values, **UNIT}, headers=headers).status_code == 400


def test_a_refused_form_keeps_what_was_typed_and_can_be_sent_again(client_of: ClientOf) -> None:
    admin = client_of("the-sysadmin")
    refused = admin.submit(admin.get("/units/new"), "/units/new", **{**UNIT, "code": ""})
    assert (refused.status, refused.form("/units/new").values["full_name"]) == (422, "阜新市太平区")
    assert admin.submit(refused, "/units/new", **UNIT).path.startswith("/people?unit=")


def test_pages_speak_english_when_asked(client_of: ClientOf) -> None:
    admin = client_of("the-sysadmin")
    admin.submit(admin.get("/people"), "/language/en")
    assert "Add an account" in admin.get("/people").words


def test_pages_forbid_inline_scripts_framing_and_caching(visitor: PageClient) -> None:
    headers = visitor.get("/sign-in").response.headers
    assert "script-src 'self' 'nonce-" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, no-store"
