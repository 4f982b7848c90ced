"""The hot lists walk an index in the order they show, on both databases: no sorting, no walk past what is closed."""

import pytest
import sqlalchemy as sa

from tracker.cli.bench.load import add_notices, counted_on, lay_ground
from tracker.dashboard import queries
from tracker.kit.paging import fetch_page
from tracker.notices.models import Notice
from tracker.org.models import Person
from tracker.org.queries import identity_of
from tracker.replies.queries import OPEN, assignments_page, waiting

LOGIN = "contact-7"


@pytest.fixture
def asking(work_as):
    """Units of work of the clerk and of a contact, over a small ledger."""
    with work_as() as work:
        lay_ground(work)
        add_notices(work, 1, 300, 300)
        counted_on(work.session)
        people = {
            login: work.session.scalar(sa.select(Person).where(Person.login == login)) for login in (LOGIN, "clerk")
        }
        return {login: identity_of(work.session, person, work.today) for login, person in people.items()}


def newest_notices(work):
    """What /notices shows first."""
    return fetch_page(work.session, sa.select(Notice), (Notice.id,), None, newest_first=True)


HOT = [
    ("clerk", queries.overdue, "ix_assignment_open_due"),
    ("clerk", queries.unacknowledged, "ix_assignment_state_due"),
    ("clerk", queries.to_review, "ix_assignment_state_due"),
    ("clerk", lambda work: assignments_page(work, OPEN, None, None), "ix_assignment_open_due"),
    ("clerk", lambda work: waiting(work, None), "ix_assignment_state_due"),
    ("clerk", newest_notices, None),
    (LOGIN, queries.to_answer, "ix_assignment_unit_open_due"),
    (LOGIN, queries.with_office, "ix_assignment_unit_open_due"),
    (LOGIN, lambda work: assignments_page(work, OPEN, None, None), "ix_assignment_unit_open_due"),
]


def plans(app, work, act, index):
    """The plans of the statements that `act` sends."""
    sent = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        sent.append((statement, parameters))

    engine = app.extensions["sqlalchemy"].engine
    connection = work.session.connection()
    sqlite = engine.dialect.name == "sqlite"
    if not sqlite:
        _offer_only(connection, index)
    sa.event.listen(engine, "before_cursor_execute", note)
    act(work)
    sa.event.remove(engine, "before_cursor_execute", note)
    ask = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    found = [connection.exec_driver_sql(ask + statement, parameters).all() for statement, parameters in sent]
    return ["\n".join(str(row[-1]) for row in rows) for rows in found]


def _offer_only(connection, index):
    """Let PostgreSQL, which chooses by statistics that a few rows do not give, show whether it can use this index."""
    for setting in ("enable_seqscan", "enable_bitmapscan"):
        connection.exec_driver_sql(f"SET LOCAL {setting} = off")
    for each in sa.inspect(connection).get_indexes("assignment"):
        if index is not None and each["name"] != index and each["name"].startswith("ix_"):
            connection.exec_driver_sql(f"DROP INDEX {each['name']}")  # undone with the reading transaction


@pytest.mark.unused_database
@pytest.mark.parametrize(("login", "act", "index"), HOT)
def test_hot_lists_walk_an_index_in_order(app, work_as, asking, login, act, index):
    with work_as(asking[login], write=False) as work:
        shown = plans(app, work, act, index)
    assert shown
    for plan in shown:
        assert "TEMP B-TREE" not in plan, plan
    if index is not None:
        assert all(index in plan for plan in shown), shown
