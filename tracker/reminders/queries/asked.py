"""Messages as part of what units are asked: registered with the room below that shows the burden."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from tracker.escalation.queries.burden import measure, row_columns, since_joining
from tracker.kit.words import N_
from tracker.org.models import Person, Unit, UnitKind
from tracker.reminders.models import Message


@measure("messages", N_("Messages"), N_("Messages in the inboxes of the unit's people, reminders among them."))
def messages(start: datetime, end: datetime) -> Select[Any]:
    """Return the messages written to the units' people in a time."""
    columns = row_columns(Person.unit_id, Message.created_at, Message.subject)
    query = select(*columns).join(Message, Message.person_id == Person.id).join(Unit, Unit.id == Person.unit_id)
    written = (Message.created_at >= start, Message.created_at < end)
    return query.where(*written, Unit.kind != UnitKind.OFFICE, since_joining(Message.created_at))
