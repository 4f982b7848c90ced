"""A list costs the same number of SQL statements for one row and for thirty."""

import pytest
import sqlalchemy as sa

from tests.pages import PageClient, apart
from tracker.audit.queries import verify
from tracker.cli.bench.load import add_notices, counted_on, lay_ground
from tracker.kit.session_cookie import cookie_name
from tracker.org.models import Person
from tracker.org.operations.sign_in import open_session
from tracker.registry.models import Subject, SubjectKind

PLACES = [
    ("clerk", "/"),
    ("director", "/"),
    ("reviewer", "/"),
    ("contact-3", "/"),
    ("clerk", "/notices"),
    ("clerk", "/notices/1"),
    ("clerk", "/batches"),
    ("clerk", "/batches/1"),
    ("clerk", "/assignments"),
    ("contact-3", "/assignments"),
    ("clerk", "/findings"),
    ("clerk", "/findings?standing="),
    ("clerk", "/findings?state=all"),
    ("clerk", "/inspections/1"),
    ("clerk", "/inspections/1/population"),
    ("clerk", "/again"),
    ("clerk", "/again/results"),
    ("clerk", "/self-inspections"),
    ("contact-3", "/own-checks"),
    ("clerk", "/registry"),
    ("clerk", "/ledger"),
    ("clerk", "/data"),
    ("clerk", "/intake/reports"),
    ("clerk", "/assessment/2021"),
    ("clerk", "/assessment/2021/2"),
    ("clerk", "/public-editions"),
    ("clerk", "/escalation"),
    ("clerk", "/burden?month=2021-12"),
    ("contact-3", "/own-burden"),
    ("reviewer", "/replies"),
    ("clerk", "/roster?late=all"),
    ("clerk", "/deliveries"),
    ("clerk", "/reminders/forecast"),
    ("clerk", "/reminders/ladder"),
    ("clerk", "/unreached"),
]


@pytest.fixture
def ledger(app, work_as):
    """The office, and the first of thirty notices; the call adds the other twenty-nine."""
    with work_as() as work:
        lay_ground(work)
        work.session.execute(sa.delete(Subject).where(Subject.id > 2))  # the first notice is about account 2
        add_notices(work, 1, 1, 30)

    def complete():
        with work_as() as work:
            work.session.add_all(_accounts())
            work.session.flush()
            add_notices(work, 2, 30, 30)
            counted_on(work.session)

    return complete


def _accounts():
    return [
        Subject(id=n, kind=SubjectKind.ACCOUNT, name=f"账号{n}", platform="新浪微博", sponsor_id=n)
        for n in range(3, 33)
    ]


def browser(app, work_as, login):
    """A browser in which somebody is signed in."""
    client = PageClient(app)
    with work_as() as work:
        person = work.session.scalar(sa.select(Person).where(Person.login == login))
        client.http.set_cookie(cookie_name(), open_session(work, person, "", "test"))
    return client


def statements(app, client, url):
    """The statements that one page sends."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    engine = app.extensions["sqlalchemy"].engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        answer = apart(lambda: client.http.get(url))
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200, url
    return seen


def test_pages_send_as_many_statements_for_thirty_rows_as_for_one(app, work_as, ledger):
    browsers = {login: browser(app, work_as, login) for login, _url in PLACES}

    def counts():
        return {(login, url): len(statements(app, browsers[login], url)) for login, url in PLACES}

    counts()  # whatever is remembered from the first look
    one = counts()
    ledger()
    assert counts() == one


def test_a_statement_in_a_loop_would_be_seen(app, work_as, ledger):
    """The control: the counter does count."""
    client = browser(app, work_as, "clerk")
    assert len(statements(app, client, "/notices")) < 15
    assert len(statements(app, client, "/batches/1")) > 3


def test_the_loaded_record_is_whole(work_as, ledger):
    ledger()
    with work_as(write=False) as work:
        assert verify(work.session).whole
