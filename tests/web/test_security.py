"""What every answer carries, also a refusal, an error and a file; and what a broken page may say."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from flask import Blueprint, Flask

from tests import factories
from tests.conftest import WorkAs, application, one_database
from tests.pages import PageClient, apart
from tracker.kit.clock import FixedClock
from tracker.kit.routes import PUBLIC, route
from tracker.kit.settings import Settings
from tracker.org.models import Role
from tracker.org.policy import Work

SECRET = "secret-in-the-trace"


def add_broken(app: Flask) -> None:
    bp = Blueprint("broken", __name__)

    def broken(work: Work) -> str:
        raise RuntimeError(SECRET)

    route(bp, "/broken", permission=PUBLIC)(broken)
    app.register_blueprint(bp)


@pytest.fixture
def app(settings: Settings, clock: FixedClock) -> Iterator[Flask]:
    """The application behind TLS, with one page that breaks."""
    app = application(replace(settings, secure_cookies=True, public_url="https://localhost"), clock, add_broken)
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def secure(app: Flask, work_as: WorkAs) -> PageClient:
    """A browser on https; nobody is signed in."""
    with work_as() as work:
        factories.person(work, "clerk", Role.CLERK)
    client = PageClient(app)
    client.http.environ_base["wsgi.url_scheme"] = "https"
    return client


ANSWERS = {
    "/": 302, "/sign-in": 200, "/nowhere": 404, "/broken": 500, "/static/css/theme.css": 200, "/healthz": 200,
    "/bootstrap/static/css/bootstrap.min.css": 200,
}  # fmt: skip
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


def test_every_answer_carries_the_headers(secure: PageClient) -> None:
    for url, status in ANSWERS.items():
        with apart(partial(secure.http.get, url)) as response:
            assert (url, response.status_code) == (url, status)
            assert {name: response.headers.get(name) for name in HEADERS} == HEADERS, url
            policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
            assert "unsafe" not in response.headers["Content-Security-Policy"], url
            assert (policy["default-src"], policy["object-src"], policy["base-uri"]) == ("'none'",) * 3, url
            assert (policy["frame-ancestors"], policy["form-action"]) == ("'none'", "'self'"), url
            kept = url.startswith(("/static/", "/bootstrap/"))
            assert (response.headers.get("Cache-Control") == "private, no-store") is not kept, url
            assert "Server" not in response.headers, url


def test_every_answer_has_its_own_nonce(secure: PageClient) -> None:
    policies = [secure.get("/sign-in").response.headers["Content-Security-Policy"] for _ in range(3)]
    assert len({re.search(r"nonce-([^']{20,})'", policy)[1] for policy in policies}) == 3  # type: ignore[index]


def test_a_broken_page_says_so_without_its_trace(secure: PageClient, caplog: pytest.LogCaptureFixture) -> None:
    page = secure.get("/broken")
    assert page.status == 500
    assert SECRET not in page.text
    assert "Traceback" not in page.text
    assert "RuntimeError" not in page.text
    assert "未保存" in page.words or "没有" in page.words
    assert SECRET in caplog.text


def test_the_session_cookie_goes_to_this_host_over_tls_and_not_to_scripts(secure: PageClient) -> None:
    page = secure.get("/sign-in")
    done = secure.submit(page, "/sign-in", follow=False, login="clerk", password=factories.PASSWORD)
    cookies = [value for name, value in done.response.headers if name == "Set-Cookie"]
    ours = next(cookie for cookie in cookies if cookie.startswith("__Host-rectify="))
    assert set(ours.split("; ")[1:]) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert all("HttpOnly" in cookie and "Secure" in cookie for cookie in cookies)


def test_a_post_that_is_too_large_is_refused_with_a_page(app: Flask, secure: PageClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    page = secure.post("/sign-in", {"login": "x" * 2000})
    assert page.status == 413
    assert page.tree is not None


@one_database
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://localhost", "Sec-Fetch-Site": "same-origin"}, 302),
        ({"Origin": "https://evil.example"}, 400),
        ({"Origin": "null"}, 400),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
    ],
)
def test_only_this_site_may_post(secure: PageClient, headers: dict[str, str], status: int) -> None:
    values = secure.get("/sign-in").form("/sign-in").values
    data = {**values, "login": "clerk", "password": factories.PASSWORD}
    assert secure.http.post("/sign-in", data=data, headers=headers).status_code == status


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example"])
def test_no_link_is_made_from_a_forged_host(secure: PageClient, host: str) -> None:
    response = apart(partial(secure.http.get, "/", headers={"Host": host}))
    assert response.headers.get("Location", "").startswith("/")


@one_database
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused_with_a_page(secure: PageClient, method: str) -> None:
    assert secure.http.open("/sign-in", method=method).status_code == 405


@pytest.mark.parametrize("url", ["/assignments/%00", "/notices?q=%00", "/v/%00", "/verify?number=%00&sha256=0", "/%00"])
def test_an_address_that_no_database_can_be_asked_for_is_refused(secure: PageClient, url: str) -> None:
    page = secure.submit(secure.get("/sign-in"), "/sign-in", login="clerk", password=factories.PASSWORD)
    assert page.path == "/"
    assert secure.get(url).status == 400


def test_p21_a_large_body_without_a_file_is_refused_unread(app: Flask) -> None:
    """Reading one would cost many times its size in memory, and nobody has to be signed in to send it."""
    kind = "application/x-www-form-urlencoded"
    answer = apart(lambda: app.test_client().post("/sign-in", data=b"a=1&" * 700_000, content_type=kind))
    assert answer.status_code == 413
