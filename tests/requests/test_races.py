"""Two people in the same moment, on real row locks: one of two whole stories, never half of both."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
import sqlalchemy as sa

from tests.reminders.cases import in_own_context
from tests.replies.case import assignment
from tests.requests.test_extensions import WANTED, ready_to_submit, recommended
from tracker.audit.models import Event
from tracker.kit.errors import Missing, Refused, Stale
from tracker.kit.lifecycle import NotInState
from tracker.kit.unit_of_work import unit_of_work
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import Assignment
from tracker.notices.queries import locked_assignment
from tracker.replies.operations import submission
from tracker.requests.models import Extension
from tracker.requests.operations import extensions
from tracker.requests.queries import the_pending

STORY = ["extension:granted", "reply:submitted"]


@pytest.fixture
def database_url(postgres):
    """A PostgreSQL database: SQLite lets one writer in at a time anyway."""
    yield postgres.fresh()
    postgres.drop()


def test_granting_while_the_unit_submits_leaves_one_of_two_whole_stories(app, clock, work_as, case):
    ready_to_submit(work_as, case)
    recommended(work_as, case)
    together = Barrier(2)

    def submits():
        with suppress(Refused, NotInState, Stale), unit_of_work(case.contact, clock) as work:
            together.wait()
            locked_assignment(work, case.token)
            submission.submit(work, assignment(work, case))

    def grants():
        with suppress(Refused, Stale, Missing), unit_of_work(case.director, clock) as work:
            together.wait()
            extensions.grant(work, the_pending(work, locked_assignment(work, case.token)), WANTED)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(in_own_context, app, each) for each in (submits, grants)]:
            done.result()
    with work_as(write=False) as work:
        row = work.session.scalars(sa.select(Assignment)).one()
        extension = work.session.scalars(sa.select(Extension)).one()
        told = [word for word in work.session.scalars(sa.select(Event.word).order_by(Event.id)) if word in STORY]
        assert row.state is AssignmentState.SUBMITTED
        assert told in (STORY, STORY[1:])
        assert (row.original_on is not None) == (extension.state == "granted") == (len(told) == 2)


def test_of_two_deciders_in_one_moment_one_decides(app, clock, work_as, case):
    recommended(work_as, case)
    together = Barrier(2)

    def decides(act):
        with suppress(Refused, Missing), unit_of_work(case.director, clock) as work:
            together.wait()
            act(work, the_pending(work, locked_assignment(work, case.token)))

    acts = [
        lambda work, row: extensions.grant(work, row, WANTED),
        lambda work, row: extensions.refuse(work, row, "不准"),
    ]
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(in_own_context, app, lambda act=act: decides(act)) for act in acts]:
            done.result()
    with work_as(write=False) as work:
        told = list(work.session.scalars(sa.select(Event.word).where(Event.word.in_(DECIDED))))
        row = work.session.scalars(sa.select(Extension)).one()
        assert [word.split(":")[1] for word in told] == [row.state]


DECIDED = ["extension:granted", "extension:refused"]
