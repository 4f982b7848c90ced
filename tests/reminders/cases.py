"""Assignments to remind of, and a mail server to receive it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.header import decode_header, make_header
from email.message import Message as Mail
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MailHandler
from flask import Flask
from sqlalchemy import func, select

from tests import factories
from tracker.kit.clock import OFFICE, office_moment
from tracker.notices.models import Assignment, Batch, Notice, NoticeKind
from tracker.notices.operations.steps import take
from tracker.org.models import Person, Role, Unit
from tracker.org.policy import Work
from tracker.workdays.deadlines import Deadline

DUE = date(2022, 1, 10)
"""The deadline of the bulletin of December 2021, a Monday."""
DELIVERED = office_moment("2021-12-28T17:00")


def batch(work: Work, drafter: Person | None = None) -> Batch:
    """A batch of one clerk."""
    known = work.session.scalar(select(Person).where(Person.login == "clerk"))
    drafter = drafter or known or factories.person(work, "clerk", Role.CLERK)
    row = Batch(
        title="12月份检查整改",
        kind=NoticeKind.RECTIFICATION,
        opening="",
        requirements="",
        due_on=DUE,
        drafted_by=drafter.id,
        drafted_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return row


def assignment(work: Work, unit: Unit | None = None, **values: Any) -> Assignment:
    """A delivered assignment of a unit, due on 2022-01-10."""
    unit = unit or factories.unit(work)
    sequence = (work.session.scalar(select(func.max(Notice.sequence))) or 0) + 1
    due_on = values.pop("due_on", DUE)
    notice = Notice(
        batch_id=batch(work).id,
        kind=NoticeKind.RECTIFICATION,
        unit_id=unit.id,
        title="整改通知",
        state="issued",
        series="阜政办公开改",
        year=2021,
        sequence=sequence,
        number=f"阜政办公开改〔2021〕{sequence}号",
        issued_at=DELIVERED,
        frozen={},
    )
    work.session.add(notice)
    work.session.flush()
    defaults: dict[str, Any] = {
        "state": "acknowledged",
        "due_words": "",
        "due_at": Deadline(due_on, None, "").ends_at,
        "issued_at": DELIVERED,
        "delivered_at": DELIVERED,
    }
    row = Assignment(notice_id=notice.id, unit_id=unit.id, unit_name=unit.name, due_on=due_on, **{**defaults, **values})
    work.session.add(row)
    work.session.flush()
    return row


def contact(work: Work, login: str = "contact", unit: Unit | None = None, **values: Any) -> Person:
    """A unit's contact."""
    return factories.person(work, login, Role.CONTACT, unit=unit or factories.unit(work), **values)


def step(work: Work, row: Assignment, *names: str) -> None:
    """Take an assignment some steps of its lifecycle."""
    for name in names:
        take(work, row, name, reason="理由", round=1, receipt="R-2021-000001")


def at(day: date | str, hour: int = 9) -> datetime:
    """That day's hour on the office's wall clock."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(on.year, on.month, on.day, hour, tzinfo=OFFICE)


def days(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


@dataclass
class Sink:
    """A mail server's mailbox, and the answers it gives instead of taking a mail (used up one by one)."""

    url: str = ""
    mails: list[Mail] = field(default_factory=list)
    at_rcpt: list[str] = field(default_factory=list)
    at_data: list[str] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """The Message-IDs in order of arrival."""
        return [mail["Message-ID"] for mail in self.mails]


def subject(mail: Mail) -> str:
    """The subject, decoded."""
    return str(make_header(decode_header(mail["Subject"])))


def words(mail: Mail) -> str:
    """Everything a reader of the mail sees, in all its parts."""
    parts = [part for part in mail.walk() if not part.is_multipart()]
    return subject(mail) + "".join((part.get_payload(decode=True) or b"").decode() for part in parts)


class _Handler(MailHandler):
    def __init__(self, sink: Sink) -> None:
        super().__init__()
        self.sink = sink

    async def handle_RCPT(self, *about: Any) -> str:  # noqa: N802  (aiosmtpd's own name)
        _server, _session, envelope, address, _options = about
        if self.sink.at_rcpt:
            return self.sink.at_rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.sink.at_data:
            return self.sink.at_data.pop(0)
        return str(await super().handle_DATA(server, session, envelope))

    def handle_message(self, message: Mail) -> None:
        self.sink.mails.append(message)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server() -> Iterator[Sink]:
    """A real SMTP server on this machine."""
    sink = Sink()
    controller = Controller(_Handler(sink), hostname="127.0.0.1", port=free_port())
    controller.start()
    sink.url = f"smtp://127.0.0.1:{controller.port}"
    yield sink
    controller.stop()


def in_own_context(app: Flask, act: Any) -> Any:
    """Call in an application context of its own, as another process would: nothing is shared but the database."""
    with app.app_context():
        return act()
