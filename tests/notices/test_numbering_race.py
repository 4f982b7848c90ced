"""Promise 2: a number is never reused or skipped, however many issue at once and however many of them fail."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tests import factories
from tests.reminders.cases import in_own_context
from tracker.audit.queries import verify
from tracker.inspections.queries import findings_by_ids
from tracker.kit.numbering import Counter
from tracker.kit.unit_of_work import unit_of_work
from tracker.notices import paper
from tracker.notices.models import Notice
from tracker.notices.operations import issue
from tracker.notices.operations.drafts import Wording, draft, submit
from tracker.notices.queries import locked_batch
from tracker.org.models import Role
from tracker.workdays.calendar import Calendar

CLIENTS = 12
BATCHES_EACH = int(os.environ.get("RECTIFY_ROUNDS", "2"))
NOTICES_EACH = 2
SERIES = "阜政办公开改"


class Torn(Exception):
    """The failure that is injected after everything was issued and before the commit."""


def contents_of(work, batch):
    """What the director saw."""
    return {
        notice.id: paper.content(notice, issuer="阜新市人民政府办公室", document_date=work.today)
        for notice in batch.notices
    }


@pytest.fixture
def waiting(app, clock, work_as):
    """The director, and batches of two notices in review."""
    with work_as() as work:
        clerk = factories.identity(work, factories.person(work, "clerk", Role.CLERK))
        director = factories.identity(work, factories.person(work, "director", Role.DIRECTOR))
        units = [factories.unit(work, f"单位{n}") for n in range(NOTICES_EACH)]
        count = CLIENTS * BATCHES_EACH
        found = [[factories.finding(work, unit, f"问题{n}") for unit in units] for n in range(count)]
        ids = [[finding.id for finding in each] for each in found]
    batches = [_submitted(work_as, clerk, finding_ids) for finding_ids in ids]
    return director, batches


def _submitted(work_as, clerk, finding_ids):
    with work_as(clerk) as work:
        due_on = work.today.replace(day=31)
        batch = draft(
            work, findings_by_ids(work.session, finding_ids), Wording("通知", "问题如下。", "请整改。", due_on)
        )
        submit(work, batch, Calendar())
        return batch.id


def issue_all(app, clock, director, batch_ids, torn=()):
    """Issue the batches from twelve clients at once; those in `torn` fail just before the commit, then succeed."""
    barrier = Barrier(CLIENTS)

    def sign(batch_id, tear):
        with unit_of_work(director, clock) as work:
            batch = locked_batch(work, batch_id)
            contents = contents_of(work, batch)
            issue.sign_off_and_issue(
                work, batch, series=SERIES, contents=contents, seen=issue.seen_digest(contents), calendar=Calendar()
            )
            if tear:
                work.session.flush()
                raise Torn

    def client(own):
        barrier.wait()
        for batch_id in own:
            if batch_id in torn:
                with suppress(Torn):
                    sign(batch_id, tear=True)
            sign(batch_id, tear=False)

    _at_once(app, client, batch_ids)


def _at_once(app, client, batch_ids):
    with ThreadPoolExecutor(CLIENTS) as pool:
        parts = [batch_ids[n::CLIENTS] for n in range(CLIENTS)]
        futures = [pool.submit(in_own_context, app, lambda own=part: client(own)) for part in parts]
        return [future.result() for future in futures]


def numbers(work_as):
    """The sequence numbers that were given, in order."""
    with work_as(write=False) as work:
        query = sa.select(Notice.sequence).where(Notice.sequence.is_not(None)).order_by(Notice.sequence)
        return list(work.session.scalars(query))


def test_p02_twelve_clients_at_once_give_1_to_n(app, clock, work_as, waiting):
    director, batch_ids = waiting
    issue_all(app, clock, director, batch_ids, torn=set(batch_ids[::3]))
    assert numbers(work_as) == list(range(1, CLIENTS * BATCHES_EACH * NOTICES_EACH + 1))
    with work_as(write=False) as work:
        assert verify(work.session).whole


def test_p02_the_numbers_of_one_batch_follow_each_other(app, clock, work_as, waiting):
    """A batch holds the counter's row until its end, so nobody's number falls between two of its own."""
    director, batch_ids = waiting
    issue_all(app, clock, director, batch_ids)
    with work_as(write=False) as work:
        rows = work.session.execute(sa.select(Notice.batch_id, Notice.sequence).order_by(Notice.sequence)).all()
    pairs = [(rows[n].batch_id, rows[n + 1].batch_id) for n in range(0, len(rows), 2)]
    assert all(first == second for first, second in pairs)


def _read_then_write(engine, barrier):
    """Take a number as it must not be done: read the last, add one, write, with no lock held between."""
    with engine.connect() as connection:
        last = connection.execute(sa.select(sa.func.max(Counter.last))).scalar_one()
        connection.rollback()
        barrier.wait()  # everybody has read before anybody writes
        connection.execute(sa.update(Counter).values(last=last + 1))
        connection.commit()
        return last + 1


def test_p02_without_the_counters_lock_numbers_are_given_twice(app, work_as):
    """The control: the same twelve clients, with the upsert's row lock taken away, all get one number."""
    with work_as() as work:
        work.session.add(Counter(series=SERIES, year=2021, last=0))
    engine = app.extensions["sqlalchemy"].engine
    barrier = Barrier(CLIENTS)
    with ThreadPoolExecutor(CLIENTS) as pool:
        given = list(pool.map(lambda _n: _read_then_write(engine, barrier), range(CLIENTS)))
    assert sorted(given) != list(range(1, CLIENTS + 1))
    assert len(set(given)) < CLIENTS


def test_p02_the_database_refuses_a_number_twice(app, clock, work_as, waiting):
    """Behind the counter stands the table's own constraint."""
    director, batch_ids = waiting
    issue_all(app, clock, director, batch_ids[:CLIENTS])
    with work_as() as work:
        work.session.execute(sa.update(Counter).values(last=0))
    with pytest.raises(IntegrityError):
        issue_all(app, clock, director, batch_ids[CLIENTS:])
    assert numbers(work_as) == list(range(1, CLIENTS * NOTICES_EACH + 1))
