"""Whose turn it is to speak to a group: one message at a time and no faster than the platform takes them."""

from datetime import timedelta

from sqlalchemy import CursorResult, or_, update

from tracker.org.policy import Work
from tracker.reminders.models import Heartbeat
from tracker.reminders.operations.write import insert_new

MINUTE = timedelta(minutes=1)


def take_turn(work: Work, channel: str, per_minute: int) -> bool:
    """Take the channel's next turn; False while the last one is too young, whichever worker had it.

    A turn in the future is one of a clock that was set back: it holds nobody up.
    """
    name, spacing = f"turn:{channel}", MINUTE / per_minute
    work.session.execute(insert_new(work.session, Heartbeat).values(name=name, at=work.now - MINUTE))
    free = or_(Heartbeat.at <= work.now - spacing, Heartbeat.at > work.now)
    result = work.session.execute(
        update(Heartbeat).where(Heartbeat.name == name, free).values(at=work.now),
        execution_options={"synchronize_session": False},
    )
    return isinstance(result, CursorResult) and result.rowcount == 1
