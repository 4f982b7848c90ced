"""A person's deadlines for a calendar program: notice number, day and link, never what a notice says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tracker.kit.settings import Settings
from tracker.reminders.operations import texts

if TYPE_CHECKING:
    from icalendar import Event

REFRESH = timedelta(hours=4)
"""How often programs are asked to look again."""
SLOT = timedelta(minutes=30)
"""Length shown of a deadline that names an hour; one that names none fills its day."""


@dataclass(frozen=True)
class Entry:
    """One open assignment as the feed shows it."""

    token: str
    number: str
    on: date
    ends_at: datetime
    hour: bool
    """The deadline names an hour: it ends at `ends_at`, and is no matter of the whole day."""
    words: str
    standing: str
    """Where it stands today: open, due_soon, due_today, overdue, answered_on_time, answered_late."""
    days: int
    issued_at: datetime


def feed(entries: Iterable[Entry], locale: str, settings: Settings, now: datetime) -> bytes:
    """Return the calendar (RFC 5545) of these deadlines, in the reader's language."""
    from icalendar import Calendar  # noqa: PLC0415  (a page that nobody subscribed to pays nothing for it)

    found = Calendar()
    found.add("prodid", "-//Rectify//Deadlines//ZH")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", texts.subject("feed", locale, number="", standing="", days=0))
    found.add("x-wr-timezone", "Asia/Shanghai")
    found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", "PT4H")  # the older name of the same wish, without a type of its own
    for entry in entries:
        found.add_component(_event(entry, locale, settings, now))
    return bytes(found.to_ical())


def _event(entry: Entry, locale: str, settings: Settings, now: datetime) -> "Event":
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    event.add("uid", f"{entry.token}@{urlsplit(settings.public_url).hostname or 'rectify'}")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("created", entry.issued_at.astimezone(UTC).replace(microsecond=0))
    if entry.hour:
        event.add("dtstart", (entry.ends_at - SLOT).astimezone(UTC))
        event.add("dtend", entry.ends_at.astimezone(UTC))
    else:
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
    url = f"{settings.public_url}/assignments/{entry.token}"
    event.add("summary", texts.subject("feed", locale, number=entry.number, standing=entry.standing, days=entry.days))
    event.add("description", f"{entry.words}\n{url}".strip())
    event.add("url", url)
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
