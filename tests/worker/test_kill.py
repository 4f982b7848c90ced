"""Promises 1 and 7: a worker that is killed at any moment loses no paper and no reminder, and doubles none.

RECTIFY_ROUNDS sets how often it is killed (5 in the suite; 50 were run before the release).
"""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import update

from tests import worlds
from tests.reminders.cases import assignment, at, contact
from tracker.audit.models import Event
from tracker.audit.policy import Word
from tracker.audit.queries import verify
from tracker.documents.models import Paper
from tracker.files.models import StoredFile
from tracker.files.place import originals
from tracker.kit.clock import ShiftedClock
from tracker.notices.models import Assignment, Notice
from tracker.notices.operations import issue
from tracker.notices.queries import batch_by_id
from tracker.org.models import Person, Role, Unit
from tracker.org.queries import people_of_unit
from tracker.reminders.models import Cursor, Heartbeat, Message
from tracker.workdays.calendar import Calendar

ROOT = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("RECTIFY_ROUNDS", "5"))
AWAITED_EACH = 3
"""Assignments per round that fall due for a reminder."""
SERIES = "新政办"
"""Of the notices that are issued meanwhile; those that are reminded of have another."""
OPENING = at("2021-12-28")
"""The working day before the reminded deadline."""
pytestmark = [pytest.mark.pdf, pytest.mark.skipif(os.name != "posix", reason="kill -9 is a matter of POSIX")]


@pytest.fixture
def clock():
    """A clock that runs, shared with the workers through their environment."""
    return ShiftedClock.opening_at(OPENING, datetime.now(UTC))


@pytest.fixture
def office(work_as):
    """Two units with a contact each, and the office."""
    with work_as() as work:
        units = worlds.people(work)
        contact(work, "second-of-a", units[0])
        work.session.execute(update(Person).values(demo=True))  # a moved clock is refused among real people
        return [unit.id for unit in units]


class Workers:
    """Starts real workers in process groups of their own, and kills them with all their children."""

    def __init__(self, folder: Path, settings, clock: ShiftedClock) -> None:
        self.folder = folder
        self.clock = clock
        self.begun = folder / "begun"
        kept = {key: value for key, value in os.environ.items() if not key.startswith("RECTIFY_") or "FONT" in key}
        self.environment = kept | {
            "RECTIFY_DATA": str(settings.data),
            "RECTIFY_DATABASE_URL": settings.database_url,
            "RECTIFY_SECRET_KEY": settings.secret_key,
            "WORKER_BEGUN": str(self.begun),
        }

    @contextmanager
    def one(self, later: timedelta = timedelta()):
        """Run a worker, whose clock is `later` than ours, until the block ends; then kill it."""
        self.begun.unlink(missing_ok=True)
        now = datetime.now(UTC)
        moved = {
            "RECTIFY_NOW": (self.clock.now() + later).isoformat(),
            "RECTIFY_NOW_SINCE": now.isoformat(),
        }
        command = [sys.executable, "-m", "flask", "--app", "tests.worker.runner:make_app", "worker"]
        with open(self.folder / "worker.log", "ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment | moved, stdout=log, stderr=log, start_new_session=True
            )
        try:
            _until(self.begun.exists, 60)
            yield process
            assert process.poll() is None, "the worker ended by itself"
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _until(done, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, f"not within {seconds} seconds"
        time.sleep(0.02)


def issue_two(work_as, unit_ids, n):
    """Issue a batch of two notices."""
    with work_as() as work:
        units = [work.session.get_one(Unit, id_) for id_ in unit_ids]
        chosen = [finding for unit in units for finding in worlds.findings(work, unit, 1, f"第{n}批")]
        batch_id = worlds.submitted(work, chosen).id
    with work_as() as work:
        worlds.as_(work, "director")
        batch = batch_by_id(work, batch_id)
        contents = worlds.contents_of(work, batch)
        seen = issue.seen_digest(contents)
        issue.sign_off_and_issue(work, batch, series=SERIES, contents=contents, seen=seen, calendar=Calendar())


def fall_due(work_as, unit_ids):
    """Add assignments, delivered yesterday, whose deadline is tomorrow: the ladder speaks today."""
    with work_as() as work:
        for n in range(AWAITED_EACH):
            unit = work.session.get_one(Unit, unit_ids[n % 2])
            yesterday = at("2021-12-27")
            assignment(work, unit, due_on=date(2021, 12, 29), delivered_at=yesterday, issued_at=yesterday)


def test_p01_p07_kill_9_of_the_worker_loses_and_doubles_nothing(app, settings, clock, work_as, office, tmp_path):
    dice = random.Random(int(os.environ.get("RECTIFY_SEED", "7")))
    workers = Workers(tmp_path, settings, clock)
    for n in range(ROUNDS):
        fall_due(work_as, office)
        with workers.one():
            issue_two(work_as, office, n)
            time.sleep(dice.uniform(0.2, 1.5 if n % 2 else 4))  # before and after the first papers are printed
    _report(app, "when killed for the last time")
    with workers.one(later=timedelta(minutes=15)):  # every claim of the killed ones has lapsed by then
        _until(lambda: _settled(app, clock.now() + timedelta(minutes=10)), 120)
    _report(app, "at the end")
    with work_as(write=False) as work:
        _check_papers(work.session)
        _check_messages(work.session)
        assert verify(work.session).whole


def _counts(app):
    with app.extensions["sqlalchemy"].engine.connect() as connection:
        states = Counter(connection.execute(sa.select(Paper.state).where(OFFICIAL)).scalars())
        kinds = Counter(connection.execute(sa.select(Message.kind)).scalars())
        tries = connection.execute(sa.select(sa.func.sum(Paper.tries)).where(OFFICIAL)).scalar()
    return states, kinds, tries


OFFICIAL = Paper.purpose == "official"


def _settled(app, later: datetime) -> bool:
    """Every paper is ready, the whole record was read, and the last worker finished a tick."""
    states, _kinds, _tries = _counts(app)
    with app.extensions["sqlalchemy"].engine.connect() as connection:
        newest = connection.execute(sa.select(sa.func.max(Event.id))).scalar()
        read = connection.execute(sa.select(Cursor.last_event)).scalar()
        beat = connection.execute(sa.select(Heartbeat.at).where(Heartbeat.name == "tick")).scalar()
    return set(states) == {"ready"} and read == newest and beat is not None and beat > later


def _report(app, moment: str) -> None:
    states, kinds, tries = _counts(app)
    print(f"{ROUNDS} rounds, {moment}: papers {dict(states)}, tries {tries}, messages {dict(kinds)}")


def _check_papers(session):
    """Every issued notice has one official paper, whose bytes have the stored hash, and was delivered once."""
    issued = list(session.scalars(sa.select(Notice).where(Notice.series == SERIES)))
    assert sorted(notice.sequence for notice in issued) == list(range(1, 2 * ROUNDS + 1))
    papers = {paper.owner_id: paper for paper in session.scalars(sa.select(Paper).where(OFFICIAL))}
    assert session.scalar(sa.select(sa.func.count()).select_from(Paper).where(OFFICIAL)) == len(issued) == len(papers)
    delivered = Counter(session.scalars(sa.select(Event.subject_id).where(Event.word == str(Word.NOTICE_DELIVERED))))
    assert delivered == Counter(row.id for notice in issued for row in notice.assignments)
    for notice in issued:
        paper = papers[notice.id]
        with originals().open(paper.sha256) as stored:
            assert hashlib.sha256(stored.read()).hexdigest() == paper.sha256 == notice.paper_sha256
        assert session.scalar(sa.select(sa.func.count(StoredFile.id)).where(StoredFile.sha256 == paper.sha256)) == 1


def _check_messages(session):
    """Contacts and leaders were told once of each new notice; contacts were reminded once of each that is due."""
    new = set(session.scalars(sa.select(Assignment.id).join(Notice).where(Notice.series == SERIES)))
    old = set(session.scalars(sa.select(Assignment.id).join(Notice).where(Notice.series != SERIES)))
    rows = session.execute(sa.select(Message.assignment_id, Message.person_id, Message.rung, Message.kind)).all()
    told = Counter((row.assignment_id, row.person_id) for row in rows if row.assignment_id in new)
    reminded = Counter((row.assignment_id, row.person_id) for row in rows if row.assignment_id in old)
    assert told == Counter(_wanted(session, new, Role.CONTACT, Role.LEADER))
    assert reminded == Counter(_wanted(session, old, Role.CONTACT))
    assert {row.rung for row in rows if row.assignment_id in old} == {"T-1"}


def _wanted(session, assignment_ids, *roles):
    for row in session.scalars(sa.select(Assignment).where(Assignment.id.in_(assignment_ids))):
        for person in people_of_unit(session, row.unit_id, *roles):
            yield row.id, person.id
