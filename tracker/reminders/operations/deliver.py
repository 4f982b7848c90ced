"""A delivery's life: claimed by one sender for a while, then settled; a claim that lapsed is taken again."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Missing
from tracker.kit.words import N_
from tracker.notices.models import Assignment
from tracker.org.models import Person
from tracker.org.policy import Work
from tracker.reminders.models import Delivery, DeliveryState, Message
from tracker.reminders.policy import AWAITED, DUE_STATES, LEASE, MOST_TRIES, NEXT_TRY
from tracker.reminders.queries import letter_row, overtaken

ANSWERED = N_("Answered before it could be sent: no reminder was needed any more.")
OVERTAKEN = N_("A newer reminder has taken its place.")
LEFT = N_("The account was stopped before it could be sent.")
LOST = N_("The sender stopped in the middle of the last try.")


@dataclass(frozen=True)
class Letter:
    """What a channel needs to send one message, as plain values: nothing of the database is open while it is sent."""

    delivery_id: int
    attempt: int
    key: str
    """Names the message for ever: the same for every try."""
    address: str
    name: str
    locale: str
    kind: str
    subject: str
    body: str
    link: str
    at: datetime


def claim(work: Work, delivery_id: int) -> Letter | None:
    """Take a delivery that is due, for the length of a lease; None when there is nothing to send.

    The conditional update lets one of several senders through. A reminder that state has overtaken is dropped here.
    """
    statement = (
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state.in_(DUE_STATES), Delivery.due_at <= work.now)
        .values(state=DeliveryState.SENDING, due_at=work.now + LEASE, tries=Delivery.tries + 1)
    )
    if _changed(work.session, statement) != 1:
        return None
    row = letter_row(work.session, delivery_id)
    if row is None:
        return None
    delivery, message, person, assignment = row
    reason = _needless(work.session, message, person, assignment)
    if reason:
        delivery.state, delivery.trouble, delivery.tries = DeliveryState.DROPPED, reason, delivery.tries - 1
        return None
    if delivery.tries > MOST_TRIES:
        _bury(work, delivery, message, person, LOST)
        return None
    return _letter(work, delivery, message, person)


def _changed(session: Session, statement: object) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})  # type: ignore[call-overload]
    return result.rowcount if isinstance(result, CursorResult) else 0


def _needless(session: Session, message: Message, person: Person, assignment: Assignment | None) -> str:
    if not person.active:
        return LEFT
    if message.rung and assignment is not None and assignment.state not in AWAITED:
        return ANSWERED
    return OVERTAKEN if message.rung and overtaken(session, message) else ""


def _letter(work: Work, delivery: Delivery, message: Message, person: Person) -> Letter:
    key = f"{message.cause}|{message.person_id}|{delivery.channel}"
    return Letter(
        delivery_id=delivery.id,
        attempt=delivery.tries,
        key=hashlib.sha256(key.encode()).hexdigest()[:40],
        address=delivery.address,
        name=person.name,
        locale=person.locale,
        kind=message.kind,
        subject=message.subject,
        body=message.body,
        link=message.link,
        at=work.now,
    )


def settle_sent(work: Work, letter: Letter) -> bool:
    """Note that a letter was sent; False when the claim had lapsed and another sender has it."""
    delivery = _still_ours(work, letter)
    if delivery is not None:
        delivery.state, delivery.sent_at, delivery.trouble = DeliveryState.SENT, work.now, ""
    return delivery is not None


def settle_failed(work: Work, letter: Letter, reason: str, *, permanent: bool = False) -> bool:
    """Note why a letter was not sent, and when it is tried again; after the last try, or at a final refusal, give up.

    Giving up is noted in the record.
    """
    delivery = _still_ours(work, letter)
    if delivery is None:
        return False
    wait = None if permanent else NEXT_TRY(delivery.tries)
    if wait is None:
        message = delivery.message
        _bury(work, delivery, message, message.person, reason)
    else:
        delivery.state, delivery.trouble, delivery.due_at = DeliveryState.FAILED, reason, work.now + wait
    return True


def _still_ours(work: Work, letter: Letter) -> Delivery | None:
    delivery = work.session.get(Delivery, letter.delivery_id, with_for_update=True, populate_existing=True)
    ours = delivery is not None and delivery.state == DeliveryState.SENDING and delivery.tries == letter.attempt
    return delivery if ours else None


def _bury(work: Work, delivery: Delivery, message: Message, person: Person, reason: str) -> None:
    delivery.state, delivery.trouble = DeliveryState.DEAD, reason
    record(work, Word.DELIVERY_FAILED, message, person=person.name, channel=delivery.channel, reason=reason)


def retry(work: Work, delivery_id: int) -> Delivery:
    """Plan a delivery that was given up once more, to the address the person has now; tries count from the start.

    :raises Missing: there is none, or it was not given up.
    """
    delivery = work.session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if delivery is None or delivery.state != DeliveryState.DEAD:
        raise Missing
    delivery.state, delivery.tries, delivery.due_at = DeliveryState.PLANNED, 0, work.now
    delivery.address = delivery.message.person.email.strip() or delivery.address
    return delivery
