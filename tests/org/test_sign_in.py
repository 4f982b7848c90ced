"""Signing in: throttled, silent about who exists, revocable within one request."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.conftest import WorkAs, one_database
from tests.factories import PASSWORD
from tests.pages import Page, PageClient
from tracker.audit.models import Event
from tracker.kit.clock import FixedClock
from tracker.kit.errors import TooMany
from tracker.kit.settings import Settings
from tracker.org.models import Role, SignInAttempt, SignInSession
from tracker.org.operations import sign_in as operations
from tracker.org.views.sign_in import safe_path

NEW = "Another-Horse-10"
ClientOf = Callable[[str], PageClient]


def people(work_as: WorkAs) -> None:
    with work_as() as work:
        factories.person(work, "clerk", Role.CLERK, name="王经办")
        factories.person(work, "gone", Role.CLERK, name="离岗", active=False)


def attempt(visitor: PageClient, login: str, password: str) -> Page:
    return visitor.submit(visitor.get("/sign-in"), "/sign-in", login=login, password=password)


def count(work_as: WorkAs, model: type, *where: sa.ColumnElement[bool]) -> int:
    with work_as(write=False) as work:
        return work.session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0


def test_a_failed_try_is_stored_although_the_page_is_shown_again(visitor: PageClient, work_as: WorkAs) -> None:
    people(work_as)
    page = attempt(visitor, "clerk", "wrong")
    assert (page.status, page.path) == (200, "/sign-in")
    assert count(work_as, SignInAttempt) == 1
    assert count(work_as, Event, Event.word == "session:refused") == 1


def test_p18_unknown_known_and_stopped_accounts_get_the_same_answer(visitor: PageClient, work_as: WorkAs) -> None:
    people(work_as)
    tries = [("clerk", "wrong"), ("nobody", "wrong"), ("gone", PASSWORD)]
    answers = [attempt(visitor, login, given) for login, given in tries]
    assert {(page.status, page.words) for page in answers} == {(200, answers[0].words)}
    assert "账号或密码不正确" in answers[0].words


def test_p18_the_sixth_wrong_try_waits(visitor: PageClient, work_as: WorkAs, clock: FixedClock) -> None:
    people(work_as)
    assert [attempt(visitor, "clerk", "wrong").status for _ in range(6)] == [200] * 5 + [429]
    page = attempt(visitor, "clerk", PASSWORD)
    assert page.status == 429
    assert "请 1 分钟后再试" in page.words
    assert page.response.headers["Retry-After"] == "60"
    assert count(work_as, SignInAttempt) == 5
    clock.moment += timedelta(seconds=60)
    assert attempt(visitor, "clerk", PASSWORD).path != "/sign-in"


def test_p18_twenty_wrong_tries_wait_for_the_hour(app: Flask, work_as: WorkAs, clock: FixedClock) -> None:
    people(work_as)
    for _ in range(20):
        with work_as() as work:
            assert operations.sign_in(work, "clerk", "wrong", "10.0.0.1", "") is None
        clock.moment += timedelta(seconds=61)
    with pytest.raises(TooMany) as refused, work_as() as work:
        operations.sign_in(work, "clerk", PASSWORD, "10.0.0.1", "")
    assert refused.value.params == {"minutes": 40}
    with work_as() as work:  # nobody shuts a person out by trying from elsewhere
        assert operations.sign_in(work, "clerk", PASSWORD, "10.0.0.2", "") is not None


def test_p18_an_address_that_tries_everybody_waits_too(app: Flask, work_as: WorkAs) -> None:
    people(work_as)
    with work_as() as work:
        work.session.add_all(
            SignInAttempt(login=f"nobody{n}", address="10.0.0.1", at=work.now, succeeded=False) for n in range(100)
        )
    with pytest.raises(TooMany), work_as() as work:
        operations.sign_in(work, "clerk", PASSWORD, "10.0.0.1", "")
    with work_as() as work:
        assert operations.sign_in(work, "clerk", PASSWORD, "10.0.0.2", "") is not None


def test_p17_signing_out_ends_the_session_within_one_request(app: Flask, client_of: ClientOf, work_as: WorkAs) -> None:
    people(work_as)
    client = client_of("clerk")
    stolen = client.http.get_cookie("rectify")
    assert stolen is not None
    assert client.submit(client.get("/password"), "/sign-out").path == "/sign-in"
    thief = PageClient(app)
    thief.http.set_cookie("rectify", stolen.value)
    assert thief.get("/password").path.startswith("/sign-in")


def test_the_cookie_is_no_identity_and_scripts_cannot_read_it(visitor: PageClient, work_as: WorkAs) -> None:
    people(work_as)
    page = visitor.submit(visitor.get("/sign-in"), "/sign-in", follow=False, login="Clerk ", password=PASSWORD)
    cookie = next(c for c in page.response.headers.getlist("Set-Cookie") if c.startswith("rectify="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    with work_as(write=False) as work:
        assert work.session.scalars(sa.select(SignInSession.token_digest)).one() not in cookie


def test_p17_signing_out_everywhere_ends_every_session(client_of: ClientOf, work_as: WorkAs) -> None:
    people(work_as)
    here, there = client_of("clerk"), client_of("clerk")
    page = here.get("/sessions")
    assert page.words.count("2021-12-28 16:30") == 4
    assert here.submit(page, "/sessions/end").path == "/sign-in"
    assert there.get("/sessions").path.startswith("/sign-in")


def test_p17_changing_the_password_ends_the_other_sessions(
    client_of: ClientOf, visitor: PageClient, work_as: WorkAs
) -> None:
    people(work_as)
    here, there = client_of("clerk"), client_of("clerk")
    done = here.submit(here.get("/password"), "/password", current=PASSWORD, new=NEW, again=NEW, follow=False)
    assert done.status == 302
    assert here.get("/password").path == "/password"
    assert there.get("/password").path.startswith("/sign-in")
    assert attempt(visitor, "clerk", PASSWORD).path == "/sign-in"


@one_database
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"current": "wrong", "new": NEW, "again": NEW}, "当前密码不正确"),
        ({"current": PASSWORD, "new": "Short-1", "again": "Short-1"}, "不少于 12 个字符"),
        ({"current": PASSWORD, "new": "onlysmallletters", "again": "onlysmallletters"}, "至少使用三种"),
        ({"current": PASSWORD, "new": "The-Clerk-2021", "again": "The-Clerk-2021"}, "不得包含账号名"),
        ({"current": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "不得与当前密码相同"),
        ({"current": PASSWORD, "new": NEW, "again": NEW + "x"}, "两次输入的新密码不一致"),
    ],
)
def test_a_password_that_is_refused_says_why(
    client_of: ClientOf, work_as: WorkAs, typed: dict[str, str], sentence: str
) -> None:
    people(work_as)
    client = client_of("clerk")
    page = client.submit(client.get("/password"), "/password", **typed)
    assert page.status == (200 if "current" in typed and typed["current"] != PASSWORD else 422)
    assert sentence in page.words


def test_p17_the_own_password_is_not_guessed_in_a_stolen_session(client_of: ClientOf, work_as: WorkAs) -> None:
    people(work_as)
    client = client_of("clerk")
    for _ in range(5):
        page = client.submit(client.get("/password"), "/password", current="wrong", new=NEW, again=NEW)
        assert page.status == 200  # the try itself is stored
    page = client.submit(client.get("/password"), "/password", current=PASSWORD, new=NEW, again=NEW)
    assert page.status == 429


def test_the_first_password_must_be_changed_before_anything_else(visitor: PageClient, work_as: WorkAs) -> None:
    with work_as() as work:
        factories.person(work, "new", Role.SYSTEM_ADMIN, must_change_password=True)
    page = visitor.submit(visitor.get("/sign-in?next=/people"), "/sign-in", login="new", password=PASSWORD)
    assert page.path == "/password?next=/people"
    assert visitor.get("/people").path == "/password"
    assert visitor.submit(page, "/password", current=PASSWORD, new=NEW, again=NEW).path == "/people"


def test_p17_a_session_ends_after_half_an_hour_without_use(
    client_of: ClientOf, work_as: WorkAs, clock: FixedClock
) -> None:
    people(work_as)
    client = client_of("clerk")
    clock.moment += timedelta(minutes=29)
    assert client.get("/password").path == "/password"
    clock.moment += timedelta(minutes=31)
    assert client.get("/password").path.startswith("/sign-in")


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "javascript:1", "", "evil"],
)
def test_signing_in_leads_nowhere_else(app: Flask, elsewhere: str) -> None:
    with app.test_request_context():
        assert safe_path(elsewhere) == "/"
        assert safe_path("/people?unit=3") == "/people?unit=3"


def test_demo_people_are_listed_only_when_there_are_some(
    visitor: PageClient, work_as: WorkAs, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    people(work_as)
    (settings.data / "demo-password").write_text(PASSWORD)
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    assert PASSWORD not in visitor.get("/sign-in").words
    with work_as() as work:
        factories.person(work, "director", Role.DIRECTOR, name="李主任", demo=True)
    page = visitor.get("/sign-in?login=director")
    assert ("李主任" in page.words, PASSWORD in page.words) == (True, True)
    assert page.form("/sign-in").values["login"] == "director"
    monkeypatch.delenv("DEMO_PASSWORD")
    assert "见启动时的终端" in visitor.get("/sign-in").words


def test_every_try_to_sign_in_is_recorded_with_its_address(visitor: PageClient, work_as: WorkAs) -> None:
    people(work_as)
    attempt(visitor, "clerk", "wrong")
    attempt(visitor, "clerk", PASSWORD)
    with work_as(write=False) as work:
        told = work.session.execute(sa.select(Event.word, Event.address).where(Event.word.startswith("session:")))
        assert [tuple(row) for row in told] == [("session:refused", "127.0.0.1"), ("session:signed-in", "127.0.0.1")]
