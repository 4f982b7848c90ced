"""Killing the workers that send letters, day after day, on a clock that jumps; then peace, and counting."""

import logging
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter

import flask_migrate
from sqlalchemy import func, select

from tracker.cli.bench.figures import Figure
from tracker.cli.bench.letters.server import LOST, Taken, journal, name_run, rough_server
from tracker.cli.bench.world import ROOT, apart
from tracker.kit.clock import OFFICE, FixedClock
from tracker.kit.settings import Settings
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.models import Person, Unit, UnitKind
from tracker.org.policy import SYSTEM
from tracker.reminders import jobs
from tracker.reminders.channels import email
from tracker.reminders.jobs.house import own_house
from tracker.reminders.models import Delivery, DeliveryState, Message
from tracker.reminders.operations.deliver import letter_key, retry
from tracker.reminders.policy.letters import DUE_STATES
from tracker.web.app import create_app
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import ONE_DAY, add_workdays

PEOPLE = 8
FIRST = date(2022, 1, 4)
PATIENCE = 0.6
"""Seconds a worker waits for the server's answer here."""
LATEST = 0.5
"""Seconds after which a worker is killed at the latest."""
SHIFTS = (timedelta(), timedelta(), timedelta(), ONE_DAY, -ONE_DAY)
"""How wrong a round's clock is."""


@dataclass
class Outcome:
    """What came of it."""

    rounds: int = 0
    killed: int = 0
    shifted: int = 0
    letters: int = 0
    undelivered: int = 0
    """Keys that are not sent in the end, or that the server never took."""
    unknown: int = 0
    """Message-IDs that are no letter's key."""
    retried: int = 0
    taken: int = 0
    repeats: Counter[str] = field(default_factory=Counter)
    """Mails taken again under the same Message-ID, by what happened to the one before."""
    unexplained: int = 0
    """Repeats after a mail whose sender lived and heard that it was taken."""
    altered: int = 0
    """Repeats whose words are other ones."""
    moods: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


class Siege:
    """An installation whose workers are killed while they send."""

    def __init__(self, folder: Path, workers: int, seed: int, database_url: str = "") -> None:
        self.folder, self.workers = folder, workers
        self.dice = Random(seed)  # noqa: S311  (moments to kill at, no secrets)
        self.seed, self.runs, self.dead = seed, 0, set[str]()
        environment = {"RECTIFY_DATA": str(folder), "RECTIFY_PUBLIC_URL": "http://localhost"}
        settings = Settings.from_env(environment | {"RECTIFY_DATABASE_URL": database_url})
        self.app = create_app(settings, FixedClock(self._morning(FIRST)))
        apart(self._build)

    @staticmethod
    def _morning(day: date, minutes: int = 0) -> datetime:
        return datetime(day.year, day.month, day.day, 9, tzinfo=OFFICE) + timedelta(minutes=minutes)

    def _build(self) -> None:
        with self.app.app_context():
            flask_migrate.upgrade(directory=str(ROOT / "migrations"))
            with unit_of_work(SYSTEM, FixedClock(self._morning(FIRST))) as work:
                unit = Unit(code="1", name="细河区", full_name="细河区", kind=UnitKind.DISTRICT)
                work.session.add(unit)
                work.session.flush()
                for n in range(PEOPLE):
                    row = Person(login=f"p{n}", name=f"王{n}", unit_id=unit.id, email=f"p{n}@example.cn")
                    row.password_hash, row.created_at = "", work.now
                    work.session.add(row)

    def run(self, rounds: int) -> Outcome:
        """Kill in every round, then make peace, let everything be sent, and count."""
        outcome, began = Outcome(rounds=rounds), perf_counter()
        with rough_server(self.folder / "post", self.seed) as url:
            self.app.extensions["rectify"].settings = replace(self.app.extensions["rectify"].settings, smtp_url=url)
            day = FIRST
            for number in range(rounds):
                self._round(day, number, outcome)
                day = add_workdays(day, 1, Calendar())
            (self.folder / "post" / "peace").touch()
            self._settle(day, outcome)
        apart(lambda: self._count(outcome))
        outcome.seconds = perf_counter() - began
        return outcome

    def _round(self, day: date, number: int, outcome: Outcome) -> None:
        """Say something to everybody, then let workers send: killed at random, and once more after the lease."""
        apart(lambda: self._say(day, number))
        shift = self.dice.choice(SHIFTS)
        outcome.shifted += bool(shift)
        outcome.killed += self._work(self._morning(day) + shift, kill=True)
        outcome.killed += self._work(self._morning(day, 10) + shift, kill=self.dice.random() < 0.5)

    def _say(self, day: date, number: int) -> None:
        with self.app.app_context(), unit_of_work(SYSTEM, FixedClock(self._morning(day))) as work:
            for person_id in work.session.scalars(select(Person.id)):
                row = Message(
                    person_id=person_id, cause=f"bench:{number}", kind="notice_delivered", created_at=work.now
                )
                row.subject, row.body, row.link = f"第{number}件", f"第{number}件待办。", f"/assignments/{number}"
                work.session.add(row)

    def _work(self, moment: datetime, *, kill: bool) -> int:
        """Let the workers tick at once; return how many were killed at it."""
        with self.app.app_context():
            self.app.extensions["sqlalchemy"].engine.dispose()  # no connection may be shared with the children
        begun = [self._fork(moment) for _ in range(self.workers)]
        if kill:
            time.sleep(self.dice.uniform(0, LATEST))
        killed = 0
        for run, child in begun:
            if kill:
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            ended = os.waitpid(child, 0)[1]
            if os.WIFSIGNALED(ended):
                self.dead.add(run)
                killed += 1
            elif ended:
                raise RuntimeError(f"{run} failed by itself; see its traceback above")
        return killed

    def _fork(self, moment: datetime) -> tuple[str, int]:
        self.runs += 1
        run = f"run-{self.runs}.bench"
        child = os.fork()
        if child == 0:
            self._tick(moment, run)
        return run, child

    def _tick(self, moment: datetime, run: str) -> None:
        """Be a worker for one tick, and never return."""
        status = 1
        try:
            name_run(run)
            logging.disable(logging.WARNING)  # what the server refuses is counted, not told
            email.WAIT = PATIENCE
            self.app.extensions["rectify"].clock = FixedClock(moment)
            with self.app.app_context():
                jobs.tick()
            status = 0
        finally:
            os._exit(status)

    def _settle(self, day: date, outcome: Outcome) -> None:
        """Let clean days pass until nothing is due; what was refused for good the office sends again."""
        for _ in range(40):
            day = add_workdays(day, 1, Calendar())
            for minutes in (0, 10):
                self._work(self._morning(day, minutes), kill=False)
            open_, retried = apart(lambda day=day: self._open_or_retried(day))  # type: ignore[misc]
            outcome.retried += retried
            if not open_ and not retried:
                return

    def _open_or_retried(self, day: date) -> tuple[int, int]:
        retried = 0
        with self.app.app_context(), unit_of_work(SYSTEM, FixedClock(self._morning(day, 20))) as work:
            dead = select(Delivery.id).where(Delivery.state == DeliveryState.DEAD)
            for id_ in list(work.session.scalars(dead)):
                retry(work, id_, own_house().ways)
                retried += 1
            waiting = select(func.count()).select_from(Message).where(Message.letter_day.is_(None))
            due = select(func.count()).select_from(Delivery).where(Delivery.state.in_(DUE_STATES))
            return (work.session.scalar(due) or 0) + (work.session.scalar(waiting) or 0), retried

    def _count(self, outcome: Outcome) -> None:
        with self.app.app_context(), unit_of_work(SYSTEM, FixedClock(self._morning(FIRST)), write=False) as work:
            rows = list(work.session.scalars(select(Delivery).where(Delivery.state != DeliveryState.DROPPED)))
            keys = {f"<{letter_key(row)}@localhost>" for row in rows}
            unsent = {f"<{letter_key(row)}@localhost>" for row in rows if row.state != DeliveryState.SENT}
        mails = journal(self.folder / "post")
        ids = {mail.id for mail in mails}
        outcome.letters, outcome.taken = len(keys), len(mails)
        outcome.undelivered, outcome.unknown = len(unsent | (keys - ids)), len(ids - keys)
        outcome.moods = Counter(str(mail.mood) for mail in mails)
        self._compare(mails, outcome)

    def _compare(self, mails: list[Taken], outcome: Outcome) -> None:
        before: dict[str, Taken] = {}
        for mail in mails:
            earlier = before.get(mail.id)
            if earlier is not None:
                outcome.repeats[self._why(earlier)] += 1
                outcome.unexplained += self._why(earlier) == UNEXPLAINED
                outcome.altered += earlier.words != mail.words
            before[mail.id] = mail

    def _why(self, earlier: Taken) -> str:
        """Return why a mail that the server had taken was sent once more."""
        if earlier.mood in LOST:
            return earlier.mood
        return KILLED if earlier.run in self.dead else UNEXPLAINED


KILLED = "its sender was killed before it noted the answer"
UNEXPLAINED = "its sender lived and had the answer"


def figures(folder: Path, rounds: int, seed: int, workers: tuple[int, ...] = (1, 2, 4)) -> Iterator[Figure]:
    """Yield what came of `rounds` kill rounds for each number of workers."""
    for count in workers:
        found = Siege(folder / f"with-{count}", count, seed + count).run(rounds)
        name = f"{count} worker{'s' if count > 1 else ''}"
        yield Figure(f"{name}: rounds ({found.shifted} with a clock one day off)", found.rounds, digits=0)
        yield Figure(f"{name}: workers killed at it", found.killed, digits=0)
        yield Figure(f"{name}: letters (distinct keys)", found.letters, digits=0)
        yield Figure(f"{name}: keys not delivered", found.undelivered, "", 0, 0)
        yield Figure(f"{name}: Message-IDs that are no key", found.unknown, "", 0, 0)
        yield Figure(f"{name}: mails the server took", found.taken, digits=0)
        for why, times in sorted(found.repeats.items()):
            yield Figure(f"{name}: repeats after: {why}", times, digits=0)
        yield Figure(f"{name}: repeats nobody can explain", found.unexplained, "", 0, 0)
        yield Figure(f"{name}: repeats with other words", found.altered, "", 0, 0)
        yield Figure(f"{name}: refused for good, sent again by the office", found.retried, digits=0)
        yield Figure(f"{name}: one round", found.seconds / max(found.rounds, 1), "s")
