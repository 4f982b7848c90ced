"""A rehearsal: the days to come lived on a copy of the database, with a clock that is set and channels that only note.

The copy is an SQLite file of its own in a temporary folder, whatever the product's own database is: nothing is written
into the product, no lock of it is held longer than the copying reads, and nothing leaves the house.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, func, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from tracker.audit.models import Event
from tracker.kit.clock import FixedClock
from tracker.kit.db import Model
from tracker.kit.host import host
from tracker.kit.settings import Settings
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.models import Person
from tracker.org.policy import SYSTEM, Work
from tracker.reminders.channels.port import Channel, Letter
from tracker.reminders.jobs.house import House, own_house
from tracker.reminders.jobs.ticking import tick
from tracker.reminders.models import Cursor, Message
from tracker.reminders.operations.rehearsals import claim_rehearsal, settle_rehearsal, waiting_rehearsals
from tracker.reminders.policy.letters import Hours
from tracker.reminders.policy.telling import READER

LEFT_OUT = frozenset(
    [
        "sign_in_session",
        "sign_in_attempt",
        "form_key",
        "rehearsal",
        "stored_file",
        "scan_reading",
        "paper",
        "evidence",
        "item",
        "reply_item",
        "finding",
        "snapshot",
        "snapshot_row",
    ]
)
"""Tables that no reminder asks; of the record only what has not been told yet is copied."""
AT_ONCE = 1000
MOST_TICKS = 50
"""Ticks of one day, each sending a few hundred letters."""
MOST_LETTERS = 100
"""Letters of one day that are named; the others are counted."""


@dataclass
class Noting:
    """A channel that reaches whom the real one reaches, and only notes."""

    real: Channel
    sent: list[Letter] = field(default_factory=list)
    per_minute: int | None = None
    together: int = 1

    @property
    def name(self) -> str:
        """Return the real channel's name."""
        return self.real.name

    @property
    def label(self) -> str:
        """Return the real channel's label."""
        return self.real.label

    def ready(self, settings: Settings) -> bool:
        """Tell whether the real one is set up."""
        return self.real.ready(settings)

    def address(self, person: Person) -> str | None:
        """Return the address that the real one would use."""
        return self.real.address(person)

    def send(self, letter: Letter, _settings: Settings) -> None:
        """Note the letter."""
        self.sent.append(letter)


@dataclass(frozen=True)
class RehearsedDay:
    """What one day would bring."""

    day: date
    works: bool
    written: int
    """Messages that would appear in inboxes."""
    letters: tuple[tuple[str, str, str, tuple[str, ...]], ...]
    """(person, channel's label, subject, what it says) of each letter that would leave."""

    def plain(self) -> dict[str, Any]:
        """Return it as JSON, with the first letters named and all counted."""
        named = [[name, label, subject, list(lines)] for name, label, subject, lines in self.letters[:MOST_LETTERS]]
        told = {"day": self.day.isoformat(), "works": self.works, "written": self.written}
        return {**told, "count": len(self.letters), "letters": named}


def rehearse(days: int, house: House | None = None, start: datetime | None = None) -> list[RehearsedDay]:
    """Live so many days, today included, on a copy of the database, and return what each would bring.

    Nobody answers, nothing is issued meanwhile: what is due of itself happens, and what waits is sent.
    """
    house = house or own_house()
    with tempfile.TemporaryDirectory(prefix="rectify-rehearsal-") as folder:
        engine = _copy(house, Path(folder))
        try:
            clock = FixedClock(start or host().clock.now())
            noting = [Noting(channel) for channel in house.channels]
            copied = House(lambda _write: _opened(engine, clock), house.settings, noting)
            return list(_lived(copied, clock, noting, days))
        finally:
            engine.dispose()


def _copy(house: House, folder: Path) -> Engine:
    engine = create_engine(f"sqlite:///{folder / 'copy.db'}", poolclass=StaticPool)
    raw = engine.raw_connection()
    for pragma in ("foreign_keys=OFF", "synchronous=OFF", "journal_mode=MEMORY"):  # a file that is thrown away
        raw.execute(f"PRAGMA {pragma}")
    Model.metadata.create_all(engine)
    with house.open(False) as work, engine.begin() as copy:
        told = work.session.scalar(select(Cursor.last_event).where(Cursor.name == READER)) or 0
        for table in Model.metadata.sorted_tables:
            query = select(table).where(Event.id > told) if table is Event.__table__ else select(table)
            if table.name in LEFT_OUT:
                continue
            found = work.session.execute(query, execution_options={"yield_per": AT_ONCE})
            for rows in found.mappings().partitions(AT_ONCE):
                copy.execute(insert(table), [dict(row) for row in rows])
    return engine


@contextmanager
def _opened(engine: Engine, clock: FixedClock) -> Iterator[Work]:
    """Open a unit of work on the copy; what it would do after its commit (wake the worker) is not done."""
    with Session(engine, expire_on_commit=False) as session:
        work: Work = Work(session, SYSTEM, clock, clock.now())
        yield work
        work.close()


def _lived(house: House, clock: FixedClock, noting: list[Noting], days: int) -> Iterator[RehearsedDay]:
    hours = Hours.of(house.settings.letter_hours)
    began, first = clock.now(), clock.today()
    for today in (first + timedelta(days=n) for n in range(days)):
        clock.moment = max(began, hours.opening(today))
        before = _newest(house)
        for channel in noting:
            channel.sent.clear()
        for _ in range(MOST_TICKS):
            done = tick(house)
            if not done.sent:
                break
            clock.moment += timedelta(seconds=10)
        with house.open(False) as work:
            works = house.rules(work).calendar.works(today)
            written = work.session.scalar(select(func.count(Message.id)).where(Message.id > before)) or 0
        yield RehearsedDay(today, works, written, tuple(_letters(noting)))


def _letters(noting: list[Noting]) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    for channel in noting:
        for letter in channel.sent:
            yield letter.person_name, channel.label, letter.subject, tuple(line.text for line in letter.lines)


def _newest(house: House) -> int:
    with house.open(False) as work:
        return work.session.scalar(select(func.max(Message.id))) or 0


def rehearse_row(rehearsal_id: int) -> None:
    """Do a rehearsal that somebody asked for on its page; safe to run twice: one of two claims it."""
    clock = host().clock
    with unit_of_work(SYSTEM, clock) as work:
        days = claim_rehearsal(work, rehearsal_id)
    if days is None:
        return
    try:
        lived = [each.plain() for each in rehearse(days)]
    except Exception as error:
        with unit_of_work(SYSTEM, clock) as work:
            settle_rehearsal(work, rehearsal_id, [], f"{type(error).__name__}: {error}"[:300])
        raise
    with unit_of_work(SYSTEM, clock) as work:
        settle_rehearsal(work, rehearsal_id, lived)


def due_rehearsals() -> list[int]:
    """Return the ids of rehearsals that wait."""
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        return waiting_rehearsals(work.session, work.now)
