"""Filling a database with N issued notices, in bulk."""

import hashlib
from collections import Counter as Tally
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from tracker.audit.models import ChainHead, Event
from tracker.audit.policy import Word
from tracker.audit.queries import GENESIS, canonical
from tracker.cli.bench.rows import CLERK, DIRECTOR, OBSERVER, REVIEWER, SERIES, UNITS, Case, Row, finding_row
from tracker.documents.models import Paper
from tracker.indicators.models import Indicator, IndicatorSet
from tracker.inspections.models import Finding, Inspection
from tracker.kit.db import Model
from tracker.kit.errors import Refused
from tracker.kit.numbering import Counter
from tracker.kit.words import N_
from tracker.notices.models import Assignment, Batch, Item, Notice
from tracker.org.models import Person, Role, RoleGrant, Unit, UnitKind
from tracker.org.policy import Work
from tracker.registry.models import Subject
from tracker.reminders.models import Message

AT_ONCE = 2000
"""Notices whose rows are inserted together."""
OFFICE_PEOPLE = {
    CLERK: ("clerk", Role.CLERK),
    DIRECTOR: ("director", Role.DIRECTOR),
    REVIEWER: ("reviewer", Role.REVIEWER),
    OBSERVER: ("observer", Role.OBSERVER),
}
Table = type[Model]


def load(work: Work, count: int) -> None:
    """Fill an empty database with an office, 60 units and `count` issued notices; the record's chain stays whole.

    Nobody can sign in with a password: the people are there to be named, and to be measured as.

    :raises Refused: the database holds people or notices already.
    """
    if work.session.scalar(select(func.count()).select_from(Person)):
        raise Refused(N_("This database holds people already. Load figures into an empty one only."))
    _make_room(work.session)
    lay_ground(work)
    add_notices(work, 1, count, count)
    counted_on(work.session)


def _make_room(session: Session) -> None:
    """Give SQLite memory for the indexes that rows enter in no order; only this connection has it."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA cache_size = -262144")


def lay_ground(work: Work) -> None:
    """Insert units, people, roles, one account per unit, an indicator and an inspection."""
    at = work.now
    units = [_unit(1, "市政府办公室", UnitKind.OFFICE), *(_unit(n, f"单位{n}") for n in range(2, UNITS + 2))]
    people = [_person(id_, login, 1, at) for id_, (login, _role) in OFFICE_PEOPLE.items()]
    people += [_person(n + 3, f"contact-{n}", n, at) for n in range(2, UNITS + 2)]
    roles = [OFFICE_PEOPLE[person["id"]][1] if person["id"] in OFFICE_PEOPLE else Role.CONTACT for person in people]
    _put(work.session, Unit, units)
    _put(work.session, Person, people)
    grants = [
        {"person_id": person["id"], "role": role, "granted_at": at} for person, role in zip(people, roles, strict=True)
    ]
    _put(work.session, RoleGrant, grants)
    _put(work.session, Subject, [_account(n) for n in range(1, UNITS + 1)])
    _put(work.session, IndicatorSet, [{"id": 1, "code": "BENCH", "title": "指标", "doc_no": "〔2019〕1号"}])
    _put(work.session, Indicator, [_indicator()])
    _put(work.session, Inspection, [_inspection(work.today, at)])


def add_notices(work: Work, first: int, last: int, total: int) -> None:
    """Insert the notices numbered `first` to `last` of a ledger of `total`, with all that hangs on them."""
    numbers: Tally[int] = Tally(_last_numbers(work.session))
    chain = Chain(work.session)
    for start in range(first, last + 1, AT_ONCE):
        cases = [Case(n, total, work.now) for n in range(start, min(start + AT_ONCE, last + 1))]
        for table, rows in _rows(cases, numbers).items():
            _put(work.session, table, rows)
        _put(work.session, Event, [row for case in cases for row in chain.events_of(case)])
    for year, number in numbers.items():
        work.session.merge(Counter(series=SERIES, year=year, last=number))
    chain.close()
    work.session.flush()


def add_waiting_findings(work: Work, first_id: int, count: int) -> None:
    """Insert findings that wait to be picked, one unit after the other."""
    rows = [finding_row(first_id + n, 2 + n % UNITS, work.now - timedelta(days=1)) for n in range(count)]
    _put(work.session, Finding, rows)


def counted_on(session: Session) -> None:
    """Let PostgreSQL's own counters go on behind the ids that were given here."""
    if session.get_bind().dialect.name != "postgresql":
        return
    tables: list[Table] = [Unit, Person, Subject, IndicatorSet, Indicator, Inspection]
    tables += [Finding, Batch, Notice, Assignment, Item, Paper, Message]
    for table in tables:
        _continue(session, table)


def _continue(session: Session, table: Table) -> None:
    name = table.__tablename__
    session.execute(
        text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM \"{name}\"))")  # noqa: S608  (names of our own tables)
    )


def _rows(cases: list[Case], numbers: Tally[int]) -> dict[Table, list[Row]]:
    rows: dict[Table, list[Row]] = {table: [] for table in (Batch, Finding, Notice, Assignment, Item, Paper, Message)}
    for case in cases:
        numbers[case.year] += 1
        notice = case.notice(numbers[case.year])
        if (case.n - 1) // 30 * 30 + 1 == case.n:
            rows[Batch].append(case.batch())
        rows[Finding] += case.findings()
        rows[Notice].append(notice)
        rows[Assignment].append(case.assignment())
        rows[Item] += case.items()
        rows[Paper].append(case.paper(notice["number"]))
        rows[Message].append(case.message())
    return rows


class Chain:
    """The record's events of loaded notices, chained as the writer would."""

    def __init__(self, session: Session) -> None:
        self.session = session
        found = session.get(ChainHead, 1)
        if found is None:
            found = ChainHead(id=1, last_event=0, hash=GENESIS)
            session.add(found)
            session.flush()
        self.head = found
        self.last, self.hash = found.last_event, found.hash

    def events_of(self, case: Case) -> Iterator[Row]:
        """Yield the events of one notice: one for its batch, one for its unit, one at its end."""
        batch, own = f"batch:{case.batch_id}", f"assignment:{case.n}"
        detail = {"unit": f"单位{case.unit_id}", "batch": case.batch_id, "number": ""}
        yield self._event(case.issued_at, Word.NOTICE_ISSUED, "notice", case.n, batch, detail)
        yield self._event(case.issued_at, Word.NOTICE_DELIVERED, "assignment", case.n, own, detail)
        if case.ended_at:
            yield self._event(case.ended_at, Word.ASSIGNMENT_CLOSED, "assignment", case.n, own, detail)

    def _event(self, at: datetime, word: Word, kind: str, id_: int, about: str, detail: dict[str, Any]) -> Row:
        row: Row = {
            "id": self.last + 1,
            "at": at,
            "actor_id": DIRECTOR,
            "actor_name": "director",
            "address": "",
            "word": str(word),
            "subject_type": kind,
            "subject_id": id_,
            "case": about,
            "detail": detail,
            "prev_hash": self.hash,
        }
        told = row | {"at": at.isoformat(timespec="microseconds")}
        del told["prev_hash"]
        row["hash"] = hashlib.sha256((self.hash + canonical(told)).encode()).hexdigest()  # as audit.queries.digest
        self.last, self.hash = row["id"], row["hash"]
        return row

    def close(self) -> None:
        """Set the head to the last event."""
        self.head.last_event, self.head.hash = self.last, self.hash


def _put(session: Session, table: Table, rows: list[Row]) -> None:
    if rows:
        session.connection().execute(insert(table.__table__), rows)  # type: ignore[arg-type]


def _last_numbers(session: Session) -> dict[int, int]:
    return {row.year: row.last for row in session.scalars(select(Counter).where(Counter.series == SERIES))}


def _unit(id_: int, name: str, kind: UnitKind = UnitKind.DEPARTMENT) -> Row:
    return {
        "id": id_, "version": 1, "code": f"U{id_}", "name": name, "full_name": f"阜新市{name}", "kind": kind,
        "rank": id_, "active": True, "example": False,
    }  # fmt: skip


def _person(id_: int, login: str, unit_id: int, at: datetime) -> Row:
    return {
        "id": id_, "version": 1, "login": login, "name": login, "unit_id": unit_id, "title": "", "email": "",
        "phone": "", "locale": "zh_Hans_CN", "password_hash": "none", "must_change_password": False, "active": True,
        "demo": False, "created_at": at,
    }  # fmt: skip


def _account(n: int) -> Row:
    return {
        "id": n, "version": 1, "kind": "account", "name": f"单位{n + 1}发布", "platform": "新浪微博", "url": "",
        "sponsor_id": n + 1, "state": "running", "remark": "", "example": False,
    }  # fmt: skip


def _indicator() -> Row:
    return {
        "id": 1, "set_id": 1, "code": "M-V2-1", "applies_to": "media", "level": "veto", "group": "内容不更新",
        "title": "两周未更新", "condition": "前2周内无更新", "per": "", "certainty": "found", "note": "",
    }  # fmt: skip


def _inspection(today: date, at: datetime) -> Row:
    return {
        "id": 1, "period": f"{today:%Y-%m}", "title": "检查", "method": "manual", "starts_on": today,
        "ends_on": today, "coverage": "", "created_at": at,
    }  # fmt: skip
