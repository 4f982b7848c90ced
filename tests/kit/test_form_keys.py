"""P9: the same form twice, or twelve times at once, acts once and gives one answer; with keys off, every time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, redirect, request

from tests import factories
from tests.conftest import WorkAs, application
from tests.pages import PageClient
from tracker.audit.models import Event
from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.clock import FixedClock
from tracker.kit.form_keys import LIFE, FormKey, forget_keys
from tracker.kit.routes import SIGNED_IN, route
from tracker.kit.settings import Settings
from tracker.org.models import Role
from tracker.org.policy import Work

AT_ONCE = 12


def add_acts(app: Flask) -> None:
    bp = Blueprint("acts", __name__)

    def act(work: Work) -> object:
        if request.form.get("wish") == "refused":
            return "no", 422
        record(work, Word.UNIT_ADDED, unit="一次")
        return redirect(f"/done-{work.session.scalar(sa.select(sa.func.count(FormKey.digest)))}")

    def kept(work: Work) -> object:
        return act(work)

    def control(work: Work) -> object:
        return act(work)

    route(bp, "/act", permission=SIGNED_IN, methods=("POST",))(kept)  # type: ignore[arg-type]
    route(bp, "/control", permission=SIGNED_IN, methods=("POST",), once=False)(control)  # type: ignore[arg-type]
    app.register_blueprint(bp)


@pytest.fixture
def app(settings: Settings, clock: FixedClock) -> Iterator[Flask]:
    """The application with two more posts: one guarded by its key as all are, and one (the control) that is not."""
    app = application(settings, clock, add_acts)
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def browser(app: Flask, work_as: WorkAs) -> PageClient:
    with work_as() as work:
        factories.person(work, "clerk", Role.CLERK)
    return PageClient(app).sign_in("clerk")


def key(browser: PageClient) -> dict[str, str]:
    return {"form_key": browser.get("/").form("/sign-out").values["form_key"]}


def acts(work_as: WorkAs) -> int:
    with work_as(write=False) as work:
        return work.session.scalar(sa.select(sa.func.count(Event.id)).where(Event.word == "unit:added")) or 0


def at_once(app: Flask, browser: PageClient, url: str) -> set[tuple[int, str]]:
    """Send one form twelve times at the same moment, each as its own browser with the same cookie and key."""
    data, cookie, start = key(browser), browser.http.get_cookie("rectify"), Barrier(AT_ONCE)
    assert cookie is not None

    def send(_n: int) -> tuple[int, str]:
        client = app.test_client()
        client.set_cookie("rectify", cookie.value)
        start.wait()
        response = client.post(url, data=data)
        return response.status_code, response.headers.get("Location", "")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return set(pool.map(send, range(AT_ONCE)))


def test_p09_the_same_key_again_gives_the_first_answer(browser: PageClient, work_as: WorkAs) -> None:
    data = key(browser)
    answers = [browser.post("/act", data, follow=False).response for _ in range(3)]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(302, "/done-1")] * 3
    assert acts(work_as) == 1
    assert "未重复办理" in browser.get("/").words


def test_p09_twelve_at_once_act_once(app: Flask, browser: PageClient, work_as: WorkAs) -> None:
    assert at_once(app, browser, "/act") == {(302, "/done-1")}
    assert acts(work_as) == 1


def test_p09_control_without_the_key_every_one_acts(app: Flask, browser: PageClient, work_as: WorkAs) -> None:
    assert {status for status, _location in at_once(app, browser, "/control")} == {302}
    assert acts(work_as) == AT_ONCE


def test_p09_a_refused_form_may_be_sent_again_with_the_same_key(browser: PageClient, work_as: WorkAs) -> None:
    data = key(browser)
    assert browser.http.post("/act", data={**data, "wish": "refused"}).status_code == 422
    assert acts(work_as) == 0
    assert browser.post("/act", data, follow=False).status == 302
    assert acts(work_as) == 1


@pytest.mark.parametrize("forged", ["", "x", "IjEyMyI.aaaa.bbbb"])
def test_a_key_that_is_not_ours_does_nothing(browser: PageClient, work_as: WorkAs, forged: str) -> None:
    assert browser.post("/act", {"form_key": forged}).status == 409
    assert acts(work_as) == 0


def test_a_key_of_another_session_does_nothing(app: Flask, browser: PageClient, work_as: WorkAs) -> None:
    assert browser.post("/act", key(PageClient(app).sign_in("clerk"))).status == 409
    assert acts(work_as) == 0


def test_old_keys_are_forgotten_once_their_signature_is_too_old(work_as: WorkAs) -> None:
    with work_as() as work:
        for name, age in (("old", 2 * LIFE * 1.01), ("young", LIFE)):
            work.session.add(FormKey(digest=name, used_at=work.now - age))
        work.session.flush()
        forget_keys(work.session, work.now)
        assert list(work.session.scalars(sa.select(FormKey.digest))) == ["young"]
