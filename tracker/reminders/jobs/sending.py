"""Sending the letters that are due: claimed, sent with no transaction open, settled.

One by one, or, to a group, as many as fit into one message. A sender that dies between the other side's answer and the
settling sends the same keys again when the claims lapse; no protocol of these channels can do better.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from tracker.kit.words import N_
from tracker.reminders.channels.port import Channel, GroupChannel, Later, Letter, Line, Never
from tracker.reminders.jobs.house import House, own_house
from tracker.reminders.operations.deliver import Claimed, claim, release, settle_failed, settle_sent
from tracker.reminders.operations.pace import take_turn
from tracker.reminders.queries import by_person, due_channels, due_deliveries

log = logging.getLogger(__name__)
MOST_SENT = 200
"""Letters of one channel in one tick; the next one goes on."""
NOT_SET_UP = N_("This channel is not set up any more.")


class Outcome(StrEnum):
    """What became of one letter."""

    SENT = "sent"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    NOTHING = "nothing"


def send_due(house: House) -> Counter[Outcome]:
    """Send what is due, channel by channel: one that is down holds no other one up for longer than one try."""
    outcomes: Counter[Outcome] = Counter()
    with house.open(False) as work:
        due = {
            name: due_deliveries(work.session, work.now, name, MOST_SENT)
            for name in due_channels(work.session, work.now)
        }
    for name, ids in due.items():
        channel = _channel(house, name)
        outcomes += _to_group(ids, channel, house) if isinstance(channel, GroupChannel) else _one_by_one(ids, house)
    return outcomes


def _one_by_one(ids: Sequence[int], house: House) -> Counter[Outcome]:
    outcomes: Counter[Outcome] = Counter()
    for delivery_id in ids:
        outcome = deliver(delivery_id, house)
        outcomes[outcome] += 1
        if outcome is Outcome.UNREACHABLE:  # the channel is down: do not wait for it once per letter
            break
    return outcomes


def deliver(delivery_id: int, house: House | None = None) -> Outcome:
    """Send one letter if it is due: claim it, send it with no transaction open, settle it."""
    house = house or own_house()
    with house.open(True) as work:
        claimed = claim(work, delivery_id, house.rules(work))
    if claimed is None:
        return Outcome.NOTHING
    channel = _channel(house, claimed.channel)
    return _sent([claimed], channel, house)


def _channel(house: House, name: str) -> Channel | None:
    return next((each for each in house.channels if each.name == name and each.ready(house.settings)), None)


def _to_group(ids: Sequence[int], channel: GroupChannel, house: House) -> Counter[Outcome]:
    """Tell a group of the letters that fit into one message; the rest has its turn at the next tick."""
    with house.open(True) as work:
        if channel.per_minute is not None and not take_turn(work, channel.name, channel.per_minute):
            return Counter()
        rules = house.rules(work)
        found = [claim(work, id_, rules) for id_ in by_person(work.session, ids[: channel.together])]
        claimed = [each for each in found if each is not None]
        count = channel.fitting([letter_of(each, house) for each in claimed], house.settings) if claimed else 0
        for each in claimed[count:]:
            release(work, each)
    return Counter({_sent(claimed[:count], channel, house): count}) if count else Counter()


def letter_of(claimed: Claimed, house: House) -> Letter:
    """Return a claimed letter as its channel gets it."""
    return Letter(
        key=claimed.key,
        day=claimed.day,
        person_name=claimed.name,
        address=claimed.address,
        subject=claimed.subject,
        lines=tuple(Line(line.text, line.link, line.due, line.more, line.number) for line in claimed.lines),
        office=house.settings.office_name,
        locale=claimed.locale,
        at=claimed.at,
    )


def _sent(letters: Sequence[Claimed], channel: Channel | None, house: House) -> Outcome:
    try:
        _send(letters, channel, house)
    except (Later, Never) as trouble:
        _note(letters, trouble, house)
        return Outcome.UNREACHABLE if isinstance(trouble, Later) and trouble.unreachable else Outcome.FAILED
    with house.open(True) as work:
        for each in letters:
            settle_sent(work, each)
    return Outcome.SENT


def _send(letters: Sequence[Claimed], channel: Channel | None, house: House) -> None:
    if channel is None:
        raise Never(NOT_SET_UP)
    if isinstance(channel, GroupChannel):
        channel.send_all([letter_of(each, house) for each in letters], house.settings)
    else:
        channel.send(letter_of(letters[0], house), house.settings)


def _note(letters: Sequence[Claimed], trouble: Later | Never, house: House) -> None:
    permanent, unsure = isinstance(trouble, Never), isinstance(trouble, Later) and trouble.unsure
    with house.open(True) as work:
        for each in letters:
            log.warning("letter %s, try %s, %s: %s", each.delivery_id, each.attempt, each.channel, trouble.reason)
            settle_failed(work, each, trouble.reason, house.rules(work), permanent=permanent, unsure=unsure)
