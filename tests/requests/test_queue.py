"""The office's queue costs the same for one request and for many; homes and inboxes lead whose step is next to it."""

import sqlalchemy as sa

from tests import factories as f
from tests.architecture.test_query_counts import statements
from tests.replies.case import deliver
from tests.requests.test_disputes import NOT_SO
from tests.requests.test_extensions import WISH, act, recommended
from tracker.notices.queries import assignment_by_token, locked_assignment
from tracker.org.models import Person, Unit
from tracker.reminders.models import Message
from tracker.reminders.operations.tell import tell
from tracker.requests.operations import disputes, extensions
from tracker.requests.queries import the_pending


def ask_both(work_as, case, token):
    """Dispute an item and ask for more time, and let the leader agree."""
    with work_as() as work:
        leader = f.identity(work, work.session.scalars(sa.select(Person).where(Person.login == "leader-xihe")).one())
    with work_as(case.contact) as work:
        locked_assignment(work, token)
        row = assignment_by_token(work, token)
        disputes.raise_dispute(work, row, NOT_SO)
        extensions.ask(work, row, WISH)
    with work_as(leader) as work:
        extensions.agree(work, the_pending(work, locked_assignment(work, token)))


def test_the_queue_sends_as_many_statements_for_three_requests_as_for_one(app, work_as, case, client_of):
    clerk = client_of("clerk")
    ask_both(work_as, case, case.token)
    urls = ("/requests", "/")
    for url in urls:
        statements(app, clerk, url)
    before = [len(statements(app, clerk, url)) for url in urls]
    for _n in range(2):
        with work_as() as work:
            clerk_row = work.session.scalars(sa.select(Person).where(Person.login == "clerk")).one()
            token = deliver(work, work.session.get_one(Unit, case.unit_id), clerk_row).token
        ask_both(work_as, case, token)
    assert [len(statements(app, clerk, url)) for url in urls] == before
    assert clerk.get("/requests").text.count("细河区") >= 6
    assert "6项单位申请待办理" in clerk.get("/").text


def test_everybody_is_told_of_the_step_that_is_theirs(work_as, case):
    recommended(work_as, case)
    act(work_as, case.director, case, "grant", None)
    with work_as() as work:
        tell(work)
        query = sa.select(Message.kind, Person.login).join(Person, Person.id == Message.person_id)
        told = {tuple(row) for row in work.session.execute(query.where(Message.kind.startswith("extension")))}
    assert told == {
        ("extension_waiting", "clerk"),
        ("extension_waiting", "director"),
        ("extension_granted", "contact-xihe"),
    }
