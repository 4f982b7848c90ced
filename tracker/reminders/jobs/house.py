"""Where the background works: the product itself, or a copy of it in a rehearsal."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tracker.almanac.queries import calendar as calendar_of
from tracker.kit.host import host
from tracker.kit.settings import Settings
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.models import Person
from tracker.org.policy import SYSTEM, Work
from tracker.reminders.channels import CHANNELS, ways
from tracker.reminders.channels.port import Channel
from tracker.reminders.operations.deliver import Rules
from tracker.reminders.policy.letters import Hours, Way

Opening = Callable[[bool], AbstractContextManager[Work]]


@dataclass(frozen=True)
class House:
    """How transactions are opened (writing or not), with which settings, and over which channels letters leave."""

    open: Opening
    settings: Settings
    channels: Sequence[Channel]

    def ways(self, person: Person) -> tuple[Way, ...]:
        """Return the ways to reach a person over the channels that are set up, in the person's own order."""
        return ways(person, self.settings, self.channels)

    def rules(self, work: Work) -> Rules:
        """Return when letters leave and by which ways, as of this transaction."""
        return Rules(Hours.of(self.settings.letter_hours), calendar_of(work.session), self.ways)


def own_house() -> House:
    """Return the running application's."""
    return House(lambda write: unit_of_work(SYSTEM, host().clock, write=write), host().settings, CHANNELS)
