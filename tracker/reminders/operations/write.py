"""Writing messages: one per cause and person, whatever is repeated, interrupted or done twice at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.kit.db import Model
from tracker.org.models import Person
from tracker.org.policy import Work
from tracker.reminders.models import Message
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


def write(work: Work, sayings: Iterable[Saying]) -> Told:
    """Write the messages that do not exist yet into their readers' inboxes; they wait there for the next letter.

    Returns who was newly told. Of two writers of one message the unique (cause, person) makes the second write nothing.
    """
    rows = [_row(work, saying, person) for saying in sayings for person in saying.people]
    told: Told = {}
    for start in range(0, len(rows), ROWS):
        for cause, person_id in _insert(work.session, rows[start : start + ROWS]):
            told.setdefault(cause, []).append(person_id)
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


def _insert(session: Session, rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    statement = insert_new(session, Message).values(rows)
    found = session.execute(statement.returning(Message.cause, Message.person_id))
    return [(cause, person_id) for cause, person_id in found]


def insert_new(session: Session, table: type[Model]) -> Any:
    """Return an INSERT that leaves a row alone which exists already, also one that a competitor is just writing."""
    dialect = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return dialect(table).on_conflict_do_nothing()
