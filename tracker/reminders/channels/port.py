"""The one small port that every way out of the house fits: what is sent, how a try ends, what a channel must offer.

A channel sends one person's letter of the day. Returning from `send` means that the other side took it; otherwise it
raises Later (try again) or Never (dead at once, the next channel takes over). It knows no database and no request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from tracker.kit.settings import Settings
from tracker.org.models import Person


@dataclass(frozen=True)
class Line:
    """One thing that a letter says."""

    text: str
    """The message's subject, one line: says by itself what it is about."""
    link: str
    """Path inside the product; a channel puts the public address before it."""
    due: str = ""
    """Until when, as its reader reads it; empty where nothing is due."""
    more: str = ""
    """The message's plain text, several lines: for channels that have the room."""
    number: str = ""
    """Of the notice it is about: all that a channel may say where other people listen; empty without one."""


@dataclass(frozen=True)
class Letter:
    """What one person is told on one day, as plain values: nothing of the database is open while it is sent."""

    key: str
    """Names the letter for ever, the same for every try: Message-ID, idempotency key."""
    day: date
    person_name: str
    address: str
    """By what the channel finds the person: its own `address(person)` at the moment of planning."""
    subject: str
    lines: tuple[Line, ...]
    """At least one, oldest first."""
    office: str
    """Who writes."""
    locale: str
    at: datetime
    """The moment of this try, on the product's clock."""


class Later(Exception):
    """It did not go out now; a later try may help.

    `reason`: a msgid or the other side's own words, never an address or a secret. `unreachable`: nor will the next
    letter of this channel go out now. `unsure`: it may have arrived all the same (the answer was lost); what such a
    letter says is fixed from then on, because its reader throws a second one of the same key away.
    """

    def __init__(self, reason: str, *, unreachable: bool = False, unsure: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.unreachable, self.unsure = reason, unreachable, unsure


class Never(Exception):
    """It will not go out, however often it is tried: dead at once. `reason` as in Later."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Channel(Protocol):
    """A way out of the house."""

    @property
    def name(self) -> str:
        """Return the name in rows and settings (at most 20 letters)."""
        ...

    @property
    def label(self) -> str:
        """Return the msgid of what people call it."""
        ...

    @property
    def per_minute(self) -> int | None:
        """Return the most sendings a minute; None for as many as there are."""
        ...

    @property
    def together(self) -> int:
        """Return how many people's letters one sending may carry; 1 for a letter each."""
        ...

    def ready(self, settings: Settings) -> bool:
        """Tell whether the house has set this channel up."""
        ...

    def address(self, person: Person) -> str | None:
        """Return by what the channel finds the person; None when it cannot."""
        ...

    def send(self, letter: Letter, settings: Settings) -> None:
        """Send one letter; returning means that the other side took it.

        :raises Later: not now.
        :raises Never: not ever.
        """
        ...


@runtime_checkable
class GroupChannel(Channel, Protocol):
    """A channel that speaks to a group: one message carries many people's letters (`together` is above 1)."""

    def fitting(self, letters: Sequence[Letter], settings: Settings) -> int:
        """Return how many of these letters, from the first, fit into one message; at least one."""
        ...

    def send_all(self, letters: Sequence[Letter], settings: Settings) -> None:
        """Send all of them in one message; returning means that the other side took it.

        :raises Later: not now.
        :raises Never: not ever.
        """
        ...
