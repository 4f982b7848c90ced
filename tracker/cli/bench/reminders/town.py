"""A town of units that get notices, answer, are late, get extensions and answers back: all of it by dice."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import insert

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.clock import OFFICE, FixedClock
from tracker.kit.settings import Settings
from tracker.kit.unit_of_work import unit_of_work
from tracker.notices.models import Assignment, Batch, Notice, NoticeKind
from tracker.org.models import Person, Role, RoleGrant, Unit, UnitKind
from tracker.org.policy import SYSTEM, Work
from tracker.reminders.channels.port import Later, Letter, Never
from tracker.reminders.jobs.house import House
from tracker.web.app import create_app
from tracker.workdays.deadlines import Deadline

ROOT = Path(__file__).resolve().parents[4]
DAY = timedelta(1)
Opened = Callable[[bool], AbstractContextManager[Work]]


@dataclass
class Noting:
    """A channel that sends nothing: it notes, and sometimes fails as real ones do."""

    name: str
    column: str
    dice: random.Random
    refused: float = 0.0
    dead: float = 0.0
    label: str = "noted"
    per_minute: int | None = None
    together: int = 1
    sent: list[Letter] = field(default_factory=list)

    def ready(self, _settings: Settings) -> bool:
        """Be there."""
        return True

    def address(self, person: Person) -> str | None:
        """Return the column that stands for the address."""
        return str(getattr(person, self.column)).strip() or None

    def send(self, letter: Letter, _settings: Settings) -> None:
        """Note the letter, or fail."""
        fate = self.dice.random()
        if fate < self.dead:
            raise Never("550 no such mailbox")
        if fate < self.dead + self.refused:
            raise Later("451 try again")
        self.sent.append(letter)


@dataclass
class Mirror:
    """An assignment as the model knows it: nothing of it is read back from the database."""

    unit: int
    delivered: date
    due: date
    receipt: date | None
    state: str = "issued"
    plan: dict[date, list[str]] = field(default_factory=dict)
    """What will happen on which day, after eleven o'clock."""


class Town:
    """The product on a database of its own, with a clock that is set and channels that note."""

    def __init__(self, folder: Path, units: int, seed: int, start: date) -> None:
        self.dice = random.Random(seed)  # noqa: S311  (dice, not keys)
        self.settings = Settings.from_env({"RECTIFY_DATA": str(folder), "RECTIFY_PUBLIC_URL": "http://localhost"})
        self.clock = FixedClock(moment(start, 6))
        self.app: Flask = create_app(self.settings, self.clock)

        def dice(n: int) -> random.Random:
            return random.Random(seed + n)  # noqa: S311

        self.channels = (
            Noting("email", "email", dice(1), refused=0.05, dead=0.01),
            Noting("robot", "phone", dice(2), refused=0.02),
        )
        self.house = House(self.open, self.settings, self.channels)
        self.mirrors: dict[int, Mirror] = {}
        self.contacts: dict[int, list[int]] = {}
        self.leaders: dict[int, list[int]] = {}
        self.units = units

    @contextmanager
    def open(self, write: bool = True) -> Iterator[Work]:
        """Open a unit of work of the system."""
        with unit_of_work(SYSTEM, self.clock, write=write) as work:
            yield work

    def build(self) -> None:
        """Make the database, the units and their people; call inside the application's context."""
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        with self.open() as work:
            work.session.add(_unit(1, UnitKind.OFFICE))
            work.session.flush()
            work.session.add(_person(1, 1, "", ""))
            work.session.flush()
            for n in range(2, self.units + 2):
                self._people_of(work, n)

    def _people_of(self, work: Work, n: int) -> None:
        roles = [Role.CONTACT, *([Role.CONTACT] if self.dice.random() < 0.4 else [])]
        roles += [Role.LEADER] if self.dice.random() < 0.7 else []
        work.session.add(_unit(n, UnitKind.DEPARTMENT))
        work.session.flush()
        self.contacts[n], self.leaders[n] = [], []
        for k, role in enumerate(roles):
            id_ = n * 10 + k
            mail = f"p{id_}@example.cn" if self.dice.random() < 0.93 else ""
            work.session.add(_person(id_, n, mail, f"{13800000000 + id_}" if self.dice.random() < 0.3 else ""))
            work.session.flush()
            work.session.add(RoleGrant(person_id=id_, role=role, granted_at=work.now))
            (self.contacts if role is Role.CONTACT else self.leaders)[n].append(id_)

    def deliver(self, count: int, today: date, later: Callable[[date, int], date]) -> None:
        """Give so many units a notice today, and throw the dice for what will become of it."""
        with self.open() as work:
            for _ in range(count):
                id_ = len(self.mirrors) + 1
                mirror = self._thrown(today, later)
                self.mirrors[id_] = mirror
                _add(work, id_, mirror)
                record(work, Word.NOTICE_DELIVERED, work.session.get(Assignment, id_), case=f"assignment:{id_}")

    def _thrown(self, today: date, later: Callable[[date, int], date]) -> Mirror:
        dice = self.dice
        due = later(today, dice.randint(1, 15))
        if dice.random() < 0.2:
            due += DAY * dice.randint(0, 2)  # a fixed date may be a day off
        receipt = later(today, 1) if dice.random() < 0.7 else None
        mirror = Mirror(dice.randint(2, self.units + 1), today, due, receipt)
        if dice.random() < 0.9:
            _plan(mirror, later(today, dice.randint(0, 4)), "acknowledge")
        if dice.random() < 0.1:
            _plan(mirror, max(today, due - DAY), "extend")
        if dice.random() < 0.9:
            on = due - DAY * dice.randint(0, 4) if dice.random() < 0.6 else later(due, dice.randint(1, 25))
            on = max(on, today)
            _plan(mirror, on, "submit")
            while dice.random() < 0.25:
                on = later(on, dice.randint(1, 5))
                _plan(mirror, on, "return")
                on = later(on, dice.randint(1, 12))
                _plan(mirror, on, "submit")
            _plan(mirror, later(on, 7), "close")
        return mirror

    def live(self, today: date, later: Callable[[date, int], date]) -> None:
        """Let happen what was planned for today."""
        with self.open() as work:
            for id_, mirror in self.mirrors.items():
                for act in mirror.plan.get(today, ()):
                    self._happen(work, id_, mirror, act, later)

    def _happen(self, work: Work, id_: int, mirror: Mirror, act: str, later: Callable[[date, int], date]) -> None:
        row = work.session.get_one(Assignment, id_)
        if act == "acknowledge" and mirror.state == "issued":
            mirror.state = "acknowledged"
            row.acknowledged_at = work.now
        elif act == "extend" and mirror.state in ("issued", "acknowledged") and work.now < row.due_at:
            mirror.due = later(mirror.due, self.dice.randint(2, 8))
            row.original_on, row.original_at = row.due_on, row.due_at
            row.due_on, row.due_at = mirror.due, Deadline(mirror.due, None, "").ends_at
        elif act == "submit" and mirror.state in ("issued", "acknowledged", "returned"):
            mirror.state = "submitted"
            row.acknowledged_at = row.acknowledged_at or work.now
            row.submitted_at = work.now
        elif act == "return" and mirror.state == "submitted":
            mirror.state = "returned"
            record(work, Word.REPLY_RETURNED, row, case=f"assignment:{id_}", round=1, reason="")
        elif act == "close" and mirror.state == "submitted":
            mirror.state = "closed"
            row.closed_at = work.now
        row.state = mirror.state  # type: ignore[assignment]


def moment(on: date, hour: int, minute: int = 0) -> datetime:
    """Return that hour on the office's wall clock."""
    return datetime.combine(on, time(hour, minute), OFFICE)


def _plan(mirror: Mirror, on: date, act: str) -> None:
    mirror.plan.setdefault(on, []).append(act)


def _unit(n: int, kind: UnitKind) -> Unit:
    return Unit(id=n, code=f"u{n}", name=f"单位{n}", full_name=f"单位{n}", kind=kind)


def _person(id_: int, unit_id: int, email: str, phone: str) -> Person:
    at = datetime(2021, 1, 1, tzinfo=OFFICE)
    return Person(
        id=id_,
        login=f"p{id_}",
        name=f"人{id_}",
        unit_id=unit_id,
        email=email,
        phone=phone,
        password_hash="-",  # noqa: S106
        created_at=at,
    )


def _add(work: Work, id_: int, mirror: Mirror) -> None:
    values = {"kind": NoticeKind.RECTIFICATION, "title": "整改通知"}
    batch = {"opening": "", "requirements": "", "drafted_by": 1, "drafted_at": work.now}
    work.session.execute(insert(Batch).values(id=id_, **values, **batch))
    number = {"series": "试", "year": 2021, "sequence": id_, "number": f"试〔2021〕{id_}号"}
    notice = {
        "id": id_,
        "batch_id": id_,
        "unit_id": mirror.unit,
        "state": "issued",
        "issued_at": work.now,
        "frozen": {},
    }
    work.session.execute(insert(Notice).values(**notice, **number, **values))
    work.session.add(
        Assignment(
            id=id_,
            notice_id=id_,
            unit_id=mirror.unit,
            unit_name=f"单位{mirror.unit}",
            due_on=mirror.due,
            due_words="",
            due_at=Deadline(mirror.due, None, "").ends_at,
            receipt_on=mirror.receipt,
            receipt_at=Deadline(mirror.receipt, None, "").ends_at if mirror.receipt else None,
            issued_at=work.now,
            delivered_at=work.now,
        )
    )
    work.session.flush()
