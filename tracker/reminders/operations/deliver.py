"""A letter's life: claimed by one sender for a while, then settled; a claim that lapsed is taken again."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.clock import OFFICE
from tracker.kit.errors import Missing, Refused
from tracker.kit.words import N_
from tracker.org.models import Person
from tracker.org.policy import Work
from tracker.reminders.models import Delivery, DeliveryState, Message
from tracker.reminders.operations import texts
from tracker.reminders.operations.letters import next_way
from tracker.reminders.policy.ladder import AWAITED, is_still_due
from tracker.reminders.policy.letters import DUE_STATES, LEASE, MOST_TRIES, NEXT_TRY, Hours, Ways
from tracker.reminders.queries import Said, letter_content, newest_steps, other_letters
from tracker.reminders.queries.sent import dead_alike
from tracker.workdays.calendar import Calendar

NEEDLESS = N_("Answered or settled before it could be sent: nothing was left to say.")
LEFT = N_("The account was stopped before it could be sent.")
LOST = N_("The sender stopped in the middle of the last try.")
ELSEWHERE = N_("It went out over another channel.")
SOON = timedelta(minutes=1)


@dataclass(frozen=True)
class Content:
    """One line of a letter."""

    text: str
    more: str
    link: str
    due: str
    number: str


@dataclass(frozen=True)
class Claimed:
    """A letter that is ours to send until the claim lapses, as plain values: it is sent outside any transaction."""

    delivery_id: int
    attempt: int
    channel: str
    key: str
    day: date
    address: str
    name: str
    locale: str
    subject: str
    lines: tuple[Content, ...]
    at: datetime
    unsure: bool
    """An earlier try of it may have arrived."""


@dataclass(frozen=True)
class Rules:
    """When letters leave, and by which ways people are reached."""

    hours: Hours
    calendar: Calendar
    ways: Ways


def claim(work: Work, delivery_id: int, rules: Rules) -> Claimed | None:
    """Take a letter that is due, for the length of a lease; None when there is nothing to send now.

    Order of effects: lock the person (two letters of one person never leave at once, nor on one day), take the row by
    a conditional update, let it take along what waits, and leave out what state has overtaken. Until the outcome is
    settled the letter counts as unsure: should this sender die, nothing is added to what may have arrived.
    """
    delivery = _locked(work.session, delivery_id)
    if delivery is None or delivery.state not in DUE_STATES or delivery.due_at > work.now:
        return None
    if _hindered(work, delivery, rules) or not _taken(work, delivery):
        return None
    fresh = not delivery.unsure
    work.session.refresh(delivery)
    if fresh:
        _take_along(work, delivery)
    delivery.unsure = True
    content = letter_content(work.session, delivery)
    kept = _needed(work.session, delivery, content)
    reason = LEFT if not delivery.person.active else "" if kept else NEEDLESS
    if reason:
        delivery.state, delivery.trouble, delivery.tries = DeliveryState.DROPPED, reason, delivery.tries - 1
        return None
    if delivery.tries > MOST_TRIES:
        _bury(work, delivery, LOST, rules.ways)
        return None
    return _claimed(work, delivery, kept, unsure=not fresh)


def _locked(session: Session, delivery_id: int) -> Delivery | None:
    owner = select(Delivery.person_id).where(Delivery.id == delivery_id).scalar_subquery()
    session.execute(select(Person.id).where(Person.id == owner).with_for_update(key_share=True))
    return session.get(Delivery, delivery_id, populate_existing=True)


def _hindered(work: Work, delivery: Delivery, rules: Rules) -> bool:
    """Put a letter off that may not leave now, or drop one that left already; tell whether that was so."""
    midnight = datetime.combine(work.today, time(), OFFICE)
    others = other_letters(work.session, delivery)
    if any(each.day == delivery.day and each.state == DeliveryState.SENT for each in others):
        delivery.state, delivery.trouble = DeliveryState.DROPPED, ELSEWHERE
    elif any(each.state == DeliveryState.SENDING for each in others):
        delivery.due_at = work.now + SOON
    elif any(each.sent_at is not None and each.sent_at >= midnight for each in others):
        delivery.due_at = rules.hours.next(midnight + timedelta(days=1), rules.calendar)
    elif not rules.hours.allow(work.now, rules.calendar):
        delivery.due_at = rules.hours.next(work.now, rules.calendar)
    else:
        return False
    return True


def _taken(work: Work, delivery: Delivery) -> bool:
    statement = (
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.state.in_(DUE_STATES), Delivery.due_at <= work.now)
        .values(state=DeliveryState.SENDING, due_at=work.now + LEASE, tries=Delivery.tries + 1, tried_at=work.now)
    )
    result = work.session.execute(statement, execution_options={"synchronize_session": False})
    return isinstance(result, CursorResult) and result.rowcount == 1


def _take_along(work: Work, delivery: Delivery) -> None:
    waiting = update(Message).where(Message.person_id == delivery.person_id, Message.letter_day.is_(None))
    work.session.execute(waiting.values(letter_day=delivery.day), execution_options={"synchronize_session": False})


def _needed(session: Session, delivery: Delivery, content: Sequence[Said]) -> list[Said]:
    """Return what still has to be said: no reminder of what is answered, moved, or said again since."""
    about = {said.assignment.id for said in content if said.assignment is not None and said.message.rung}
    newest = newest_steps(session, delivery.person_id, about) if about else {}
    return [said for said in content if _still_true(said, newest)]


def _still_true(said: Said, newest: dict[tuple[int, str], int]) -> bool:
    message, assignment = said.message, said.assignment
    if not message.rung or assignment is None:
        return True
    if assignment.state not in AWAITED or newest[assignment.id, message.rung[0]] > message.id:
        return False
    return is_still_due(message.cause, assignment)


def _claimed(work: Work, delivery: Delivery, kept: Sequence[Said], *, unsure: bool) -> Claimed:
    person = delivery.person
    lines = tuple(_line(said, person.locale) for said in kept)
    one = lines[0].text
    subject = one if len(lines) == 1 else texts.subject("letter", person.locale, n=len(lines), first=one)
    return Claimed(
        delivery_id=delivery.id,
        attempt=delivery.tries,
        channel=delivery.channel,
        key=letter_key(delivery),
        day=delivery.day,
        address=delivery.address,
        name=person.name,
        locale=person.locale,
        subject=subject,
        lines=lines,
        at=work.now,
        unsure=unsure,
    )


def letter_key(delivery: Delivery) -> str:
    """Return what names a letter for ever, whoever sends it and however often."""
    return hashlib.sha256(f"letter|{delivery.person_id}|{delivery.day}|{delivery.channel}".encode()).hexdigest()[:40]


def _line(said: Said, locale: str) -> Content:
    assignment, due = said.assignment, ""
    if assignment is not None and assignment.state in AWAITED:
        due = texts.due_words(assignment.due_on, assignment.due_time, locale)
    message, number = said.message, assignment.notice.number if assignment is not None else None
    return Content(message.subject, message.body, message.link, due, number or "")


def settle_sent(work: Work, claimed: Claimed) -> bool:
    """Note that a letter was sent; False when the claim had lapsed and another sender has it."""
    delivery = _still_ours(work, claimed)
    if delivery is not None:
        delivery.state, delivery.sent_at, delivery.trouble = DeliveryState.SENT, work.now, ""
    return delivery is not None


def settle_failed(
    work: Work, claimed: Claimed, reason: str, rules: Rules, *, permanent: bool = False, unsure: bool = False
) -> bool:
    """Note why a letter was not sent, and when it is tried again; after the last try, or at a final refusal, give up.

    Giving up is noted in the record, and the person's next channel takes over. `unsure`: it may have arrived.
    """
    delivery = _still_ours(work, claimed)
    if delivery is None:
        return False
    wait = None if permanent else NEXT_TRY(delivery.tries)
    delivery.unsure = unsure or claimed.unsure
    if wait is None:
        _bury(work, delivery, reason, rules.ways)
    else:
        due_at = rules.hours.next(work.now + wait, rules.calendar)
        delivery.state, delivery.trouble, delivery.due_at = DeliveryState.FAILED, reason, due_at
    return True


def release(work: Work, claimed: Claimed) -> bool:
    """Give a claim back unused: the letter is due at once and the try does not count."""
    delivery = _still_ours(work, claimed)
    if delivery is not None:
        delivery.state, delivery.due_at = DeliveryState.PLANNED, work.now
        delivery.tries, delivery.unsure = delivery.tries - 1, claimed.unsure
    return delivery is not None


def _still_ours(work: Work, claimed: Claimed) -> Delivery | None:
    delivery = work.session.get(Delivery, claimed.delivery_id, with_for_update=True, populate_existing=True)
    ours = delivery is not None and delivery.state == DeliveryState.SENDING and delivery.tries == claimed.attempt
    return delivery if ours else None


def _bury(work: Work, delivery: Delivery, reason: str, ways: Ways) -> None:
    delivery.state, delivery.trouble = DeliveryState.DEAD, reason
    person = delivery.person
    record(work, Word.DELIVERY_FAILED, delivery, person=person.name, channel=delivery.channel, reason=reason)
    next_way(work, delivery, ways)


def retry(work: Work, delivery_id: int, ways: Ways) -> Delivery:
    """Plan a letter that was given up once more, to the address the person has now; tries count from the start.

    :raises Missing: there is none, or it was not given up.
    :raises Refused: the letter went out over another channel meanwhile.
    """
    delivery = work.session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if delivery is None or delivery.state != DeliveryState.DEAD:
        raise Missing
    if any(each.day == delivery.day for each in other_letters(work.session, delivery)):
        raise Refused(N_("This letter went out over another channel meanwhile: nothing is left to send."))
    addresses = {way.channel: way.address for way in ways(delivery.person)}
    delivery.state, delivery.tries, delivery.due_at = DeliveryState.PLANNED, 0, work.now
    delivery.address = addresses.get(delivery.channel, delivery.address)
    return delivery


def retry_alike(work: Work, channel: str, reason: str, ways: Ways) -> int:
    """Plan every letter once more that one channel gave up for one reason; return how many.

    One that went out over another channel meanwhile stays as it is.
    """
    count = 0
    for delivery_id in dead_alike(work.session, channel, reason):
        with suppress(Missing, Refused):
            retry(work, delivery_id, ways)
            count += 1
    if count:
        record(work, Word.DELIVERIES_RETRIED, n=count)
    return count
