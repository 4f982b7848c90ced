"""What a person does with the inbox, and the sign of life of the background."""

from sqlalchemy import update

from tracker.org.policy import Work
from tracker.reminders.models import Heartbeat, Message
from tracker.reminders.operations.write import insert_new
from tracker.reminders.queries import own_message


def open_message(work: Work, message_id: int) -> Message:
    """Mark one of the person's own messages as read, at its first opening, and return it.

    :raises Missing: there is none, or it is somebody else's.
    """
    message = own_message(work.session, work.actor.person_id, message_id)
    message.read_at = message.read_at or work.now
    return message


def open_all(work: Work, upto: int) -> None:
    """Mark the person's messages as read, up to the newest one that was shown."""
    unread = update(Message).where(
        Message.person_id == work.actor.person_id, Message.read_at.is_(None), Message.id <= upto
    )
    work.session.execute(unread.values(read_at=work.now))


def beat(work: Work, name: str) -> None:
    """Note that a background duty ran now."""
    work.session.execute(insert_new(work.session, Heartbeat).values(name=name, at=work.now))
    work.session.execute(update(Heartbeat).where(Heartbeat.name == name).values(at=work.now))
