"""The background's work: one tick tells, reminds and sends; two at once, or one that is killed, do no harm."""

import logging
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from tracker.almanac.queries import calendar as calendar_of
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM
from tracker.reminders.channels import email
from tracker.reminders.operations.deliver import Letter, claim, settle_failed, settle_sent
from tracker.reminders.operations.inbox import beat
from tracker.reminders.operations.ladder import pages, remind
from tracker.reminders.operations.tell import tell
from tracker.reminders.policy import EMAIL
from tracker.reminders.queries import due_deliveries

log = logging.getLogger(__name__)
MOST_SENT = 200
"""Deliveries of one tick; the next one goes on."""
TICK = "tick"


class Outcome(StrEnum):
    """What became of one delivery."""

    SENT = "sent"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Summary:
    """What one tick did, in numbers of messages and of deliveries."""

    told: int
    reminded: int
    sent: int
    failed: int


def tick() -> Summary:
    """Tell what the record has new, remind whom the ladder reaches today, send what is due, leave a sign of life.

    Every part is its own short transaction and safe to repeat, so a tick that dies is simply followed by the next.
    """
    told = _tell()
    reminded = _remind()
    outcomes = _send()
    with unit_of_work(SYSTEM, host().clock) as work:
        beat(work, TICK)
    return Summary(told, reminded, outcomes[Outcome.SENT], outcomes[Outcome.FAILED] + outcomes[Outcome.UNREACHABLE])


def channels() -> tuple[str, ...]:
    """Return the channels deliveries are planned for; none without a mail server: the inbox alone then speaks."""
    return (EMAIL,) if host().settings.smtp_url else ()


def _tell() -> int:
    written, more = 0, True
    while more:
        with unit_of_work(SYSTEM, host().clock) as work:
            progress = tell(work, channels())
        written, more = written + progress.written, progress.more
    return written


def _remind() -> int:
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        calendar = calendar_of(work.session)
        found = list(pages(work, calendar))
    reminded = 0
    for assignment_ids in found:
        with unit_of_work(SYSTEM, host().clock) as work:
            reminded += remind(work, assignment_ids, calendar, channels())
    return reminded


def _send() -> Counter[Outcome]:
    outcomes: Counter[Outcome] = Counter()
    if not host().settings.smtp_url:
        return outcomes
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        due = due_deliveries(work.session, work.now, MOST_SENT)
    for delivery_id in due:
        outcome = deliver(delivery_id)
        outcomes[outcome] += 1
        if outcome is Outcome.UNREACHABLE:  # the server is down: do not wait for it once per letter
            break
    return outcomes


def deliver(delivery_id: int) -> Outcome:
    """Send one delivery if it is due: claim it, send it with no transaction open, settle it.

    A sender that dies between the server's answer and the settling sends the same Message-ID again when the claim
    lapses; SMTP can do no better.
    """
    if not host().settings.smtp_url:
        return Outcome.NOTHING
    with unit_of_work(SYSTEM, host().clock) as work:
        letter = claim(work, delivery_id)
    return _sent(letter) if letter else Outcome.NOTHING


def _sent(letter: Letter) -> Outcome:
    try:
        email.send(letter, host().settings)
    except email.NotSent as trouble:
        log.warning("delivery %s, try %s: %s", letter.delivery_id, letter.attempt, trouble.reason)
        with unit_of_work(SYSTEM, host().clock) as work:
            settle_failed(work, letter, trouble.reason, permanent=trouble.permanent)
        return Outcome.UNREACHABLE if trouble.unreachable else Outcome.FAILED
    with unit_of_work(SYSTEM, host().clock) as work:
        settle_sent(work, letter)
    return Outcome.SENT
