"""Writing messages: one per cause and person, whatever is repeated, interrupted or done twice at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.kit.db import Model
from tracker.org.models import Person
from tracker.org.policy import Work
from tracker.reminders.models import Delivery, DeliveryState, Message
from tracker.reminders.operations import texts

ROWS = 200
"""Messages of one statement: SQLite takes a limited number of values."""


@dataclass(frozen=True)
class Saying:
    """One thing to tell some people."""

    cause: str
    kind: str
    people: Sequence[Person]
    link: str
    context: dict[str, Any] = field(default_factory=dict)
    """For the templates; `due` is a pair (date, hour or None), worded in the reader's language."""
    assignment_id: int | None = None
    rung: str = ""
    day: date | None = None


Told = dict[str, list[int]]
"""Cause → ids of the people who were told now, and not before."""


def write(work: Work, sayings: Iterable[Saying], channels: Sequence[str] = (), due_at: datetime | None = None) -> Told:
    """Write the messages that do not exist yet, and a delivery over every channel for which the reader has an address.

    Returns who was newly told. `due_at` is when deliveries may leave (now by default). The inbox is no channel: it is
    the message itself. Of two writers of one message the unique (cause, person) makes the second write nothing.
    """
    addresses: dict[int, str] = {}
    rows: list[dict[str, Any]] = []
    for saying in sayings:
        for person in saying.people:
            addresses[person.id] = person.email.strip()
            rows.append(_row(work, saying, person))
    told: Told = {}
    for start in range(0, len(rows), ROWS):
        written = _insert(work.session, rows[start : start + ROWS])
        for _message_id, cause, person_id in written:
            told.setdefault(cause, []).append(person_id)
        _plan(work, [(id_, addresses[person_id]) for id_, _cause, person_id in written], channels, due_at or work.now)
    return told


def _row(work: Work, saying: Saying, person: Person) -> dict[str, Any]:
    context = dict(saying.context)
    if "due" in context:
        context["due"] = texts.due_words(context["due"][0], context["due"][1], person.locale)
    return {
        "person_id": person.id,
        "cause": saying.cause,
        "kind": saying.kind,
        "assignment_id": saying.assignment_id,
        "rung": saying.rung,
        "day": saying.day,
        "subject": texts.subject(saying.kind, person.locale, **context),
        "body": texts.body(saying.kind, person.locale, **context),
        "link": saying.link,
        "created_at": work.now,
    }


def _insert(session: Session, rows: list[dict[str, Any]]) -> list[tuple[int, str, int]]:
    statement = insert_new(session, Message).values(rows)
    found = session.execute(statement.returning(Message.id, Message.cause, Message.person_id))
    return [(id_, cause, person_id) for id_, cause, person_id in found]


def insert_new(session: Session, table: type[Model]) -> Any:
    """Return an INSERT that leaves a row alone which exists already, also one that a competitor is just writing."""
    dialect = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return dialect(table).on_conflict_do_nothing()


def _plan(work: Work, written: list[tuple[int, str]], channels: Sequence[str], due_at: datetime) -> None:
    planned = [
        {
            "message_id": message_id,
            "channel": channel,
            "address": address,
            "state": DeliveryState.PLANNED,
            "tries": 0,
            "due_at": due_at,
            "trouble": "",
        }
        for message_id, address in written
        for channel in channels
        if address
    ]
    if planned:
        work.session.execute(insert(Delivery), planned)
