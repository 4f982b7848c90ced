"""Ways out of the house: a channel sends one letter or says why not. The inbox needs none: it is the message."""

from collections.abc import Sequence

from tracker.kit.settings import Settings
from tracker.org.models import Person
from tracker.reminders.channels.email import EMail
from tracker.reminders.channels.port import Channel
from tracker.reminders.channels.robots import ROBOTS
from tracker.reminders.channels.webhook import Webhook
from tracker.reminders.policy.letters import Way

CHANNELS: tuple[Channel, ...] = (EMail(), *ROBOTS, Webhook())
"""Every channel there is, in the order in which they are tried for somebody who chose none."""


def ways(person: Person, settings: Settings, channels: Sequence[Channel] = CHANNELS) -> tuple[Way, ...]:
    """Return the ways to reach a person over channels that are set up: the person's first choice, then in order."""
    found = ((channel, channel.address(person)) for channel in channels if channel.ready(settings))
    known = [Way(channel.name, address) for channel, address in found if address]
    return tuple(sorted(known, key=lambda way: way.channel != person.first_way))


def address_columns(settings: Settings) -> frozenset[str] | None:
    """Return the columns of Person that hold the addresses of the channels set up; None when one reaches everybody."""
    ready = {channel.name for channel in CHANNELS if channel.ready(settings)}
    return None if Webhook.name in ready else frozenset(ready)
