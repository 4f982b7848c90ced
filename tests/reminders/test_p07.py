"""Promise 7: no reminder is missed and none is written twice, with two workers, and after kill -9."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from tests import factories
from tests.reminders.cases import assignment, at, contact, in_own_context, mail_server, step
from tracker.kit.db import db
from tracker.kit.unit_of_work import unit_of_work
from tracker.notices.models import Assignment
from tracker.org.models import Role
from tracker.org.policy import SYSTEM
from tracker.org.queries import people_of_unit
from tracker.reminders import jobs
from tracker.reminders.models import Delivery, Message
from tracker.reminders.operations.ladder import untold_sayings
from tracker.reminders.operations.tell import tell
from tracker.reminders.operations.write import write
from tracker.reminders.policy.ladder import LADDER, About, Walk, rung_day, rungs_about
from tracker.reminders.queries.ladder import awaited, circle, ladders
from tracker.reminders.queries.ladder import cases as cases_of
from tracker.workdays.calendar import Calendar

ROOT = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("RECTIFY_ROUNDS", "10"))
CASES = 20
ANSWERED = 3
TOLD = 3 * ANSWERED
"""Of each answer the reviewer is told, and both contacts of its unit; the reviewer and one contact have mail."""
PEOPLE_WITH_MAIL = 3
CALENDAR = Calendar()


def both_at_once(app, act):
    """Run `act` in two threads with an application context and connection each; return both answers."""
    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in [pool.submit(in_own_context, app, act) for _ in range(2)]]


def messages(work_as):
    """Count the messages per (cause, person)."""
    with work_as(write=False) as work:
        return Counter(
            (cause, person) for cause, person in work.session.execute(sa.select(Message.cause, Message.person_id))
        )


@pytest.fixture
def cases(app, clock, work_as):
    """Twenty open assignments on the morning of T-1, three more just answered; every second contact has mail."""
    with work_as() as work:
        for name in ("细河区", "市公安局"):
            home = factories.unit(work, name)
            contact(work, f"mail-{name}", home, email=f"contact{home.id}@example.cn")
            contact(work, f"inbox-{name}", home)
        factories.person(work, "reviewer", Role.REVIEWER, email="reviewer@example.cn")
        rows = [assignment(work, factories.unit(work, ("细河区", "市公安局")[n % 2])) for n in range(CASES)]
        for _ in range(ANSWERED):
            step(work, assignment(work, factories.unit(work, "细河区")), "submit")
    clock.moment = at("2022-01-07")
    return [row.id for row in rows]


def test_p07_two_ticks_at_once_say_and_send_everything_once(app, cases, sink, work_as):
    barrier = Barrier(2)

    def tick():
        barrier.wait()
        return jobs.tick()

    summaries = both_at_once(app, tick)
    jobs.tick()
    assert messages(work_as) == Counter(dict.fromkeys(messages(work_as), 1))
    assert sum(summary.reminded for summary in summaries) == 2 * CASES
    assert sum(summary.told for summary in summaries) == TOLD
    assert len(sink.mails) == len(set(sink.ids)) == PEOPLE_WITH_MAIL


@pytest.mark.parametrize(("guarded", "copies"), [(True, 1), (False, 2)])
def test_p07_the_unique_key_alone_holds_two_writers(app, cases, clock, work_as, guarded, copies):
    """The second case is the control: without the key, two writers who both found nothing say everything twice."""
    if not guarded:
        _without_unique_key(app)
    barrier = Barrier(2)

    def say():
        with unit_of_work(SYSTEM, clock, write=False) as work:
            found, rules = work.session.execute(awaited(sa.true(), None, 100)), ladders(work.session)
            everybody = circle(work.session, None, rules)
            sayings = untold_sayings(work.session, cases_of(found), Walk(rules, work.today, CALENDAR), everybody)
            work.session.expunge_all()
        barrier.wait()
        with unit_of_work(SYSTEM, clock) as work:
            write(work, sayings)

    both_at_once(app, say)
    assert set(messages(work_as).values()) == {copies}
    assert len(messages(work_as)) == 2 * CASES


def _without_unique_key(app):
    engine = app.extensions["sqlalchemy"].engine
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE message DROP CONSTRAINT uq_message_cause_person_id")
            connection.commit()
            return
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'message'").scalar_one()
        connection.exec_driver_sql("DROP TABLE message")
        connection.exec_driver_sql(
            re.sub(r",\s*CONSTRAINT uq_message_cause_person_id UNIQUE \(cause, person_id\)", "", made)
        )
        connection.commit()


class Ticks:
    """Runs `flask tick` in processes of their own (tests/reminders/ticker.py), and kills them."""

    def __init__(self, folder: Path, settings, smtp_url: str) -> None:
        self.folder = folder
        self.count = 0
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("RECTIFY_")},
            "RECTIFY_DATA": str(settings.data),
            "RECTIFY_DATABASE_URL": settings.database_url,
            "RECTIFY_SECRET_KEY": settings.secret_key,
            "RECTIFY_SMTP_URL": smtp_url,
        }
        command = [sys.executable, "-m", "tests.reminders.ticker"]
        pipe = subprocess.PIPE
        self.forker = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True)

    def start(self, moment) -> tuple[int, Path]:
        self.count += 1
        begun = self.folder / f"begun-{self.count}"
        print(moment.isoformat(), begun, file=self.forker.stdin, flush=True)
        return int(self.forker.stdout.readline()), begun

    def run(self, moment) -> None:
        self.start(moment)
        assert self.status() == 0

    def status(self) -> int:
        """Wait for the end of the process."""
        return int(self.forker.stdout.readline())

    def kill(self, moment, after: float) -> bool:
        """Kill a tick some seconds after it began its work; tell whether it was still at it."""
        pid, begun = self.start(moment)
        while not begun.exists():
            time.sleep(0.002)
        time.sleep(after)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return self.status() == signal.SIGKILL

    def close(self) -> None:
        self.forker.communicate()


def test_p07_kill_9_loses_no_reminder_and_doubles_none(app, cases, settings, tmp_path, work_as):
    """Every rung's day begins with ticks that are killed at random moments and ends with one that is not."""
    rungs = [rung for rung in rungs_about(LADDER, About.REPLY) if -1 <= rung.offset <= (1 if ROUNDS <= 10 else 10)]
    dice = random.Random(7)
    killed = 0
    with mail_server() as sink:
        ticks = Ticks(tmp_path, settings, sink.url)
        for n, rung in enumerate(rungs):
            morning = at(rung_day(rung.offset, at("2022-01-10").date(), CALENDAR))
            for _ in range(ROUNDS * n // len(rungs), ROUNDS * (n + 1) // len(rungs)):
                killed += ticks.kill(morning, dice.uniform(0, 0.6))
            ticks.run(morning.replace(hour=10))  # later than every claim of the killed ones lasts
        ticks.close()
    assert killed > 0
    _check_messages(work_as, rungs)
    _check_mails(work_as, sink, killed)


def _check_messages(work_as, rungs):
    with work_as(write=False) as work:
        query = sa.select(Message.assignment_id, Message.person_id, Message.rung, Message.day).where(Message.rung != "")
        said = Counter(tuple(row) for row in work.session.execute(query))
        awaited = list(work.session.scalars(sa.select(Assignment).where(Assignment.state == "acknowledged")))
        people = {row.unit_id: people_of_unit(work.session, row.unit_id, Role.CONTACT) for row in awaited}
        days = {rung.name: rung_day(rung.offset, at("2022-01-10").date(), CALENDAR) for rung in rungs}
        wanted = [
            (row.id, person.id, rung, day)
            for row in awaited
            for person in people[row.unit_id]
            for rung, day in days.items()
        ]
    assert said == Counter(wanted)
    assert len(wanted) == 2 * CASES * len(rungs)


def _check_mails(work_as, sink, killed):
    with work_as(write=False) as work:
        states = Counter(str(state) for state in work.session.scalars(sa.select(Delivery.state)))
    assert states == Counter({"sent": len(set(sink.ids))})
    # A tick killed between the server's answer and its own note sends that letter again: SMTP can do no better.
    assert len(sink.ids) - len(set(sink.ids)) <= killed


def test_p07_messages_survive_a_session_that_is_thrown_away(app, cases, clock, work_as):
    """A transaction that fails half-way leaves neither a message nor a moved cursor; the next tick has it all."""

    def half_way():
        with unit_of_work(SYSTEM, clock) as work:
            assert tell(work).written == TOLD
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_way()
    db.session.remove()
    assert messages(work_as) == Counter()
    assert jobs.tick().told == TOLD
