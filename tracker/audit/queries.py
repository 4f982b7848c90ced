"""Reading and verifying the record."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ScalarResult, Select, select
from sqlalchemy.orm import Session

from tracker.audit.models import ChainHead, Event
from tracker.kit.clock import OFFICE
from tracker.kit.paging import Page
from tracker.kit.words import N_

GENESIS = "0" * 64


def digest(event: Event) -> str:
    """Return the SHA-256 of the previous hash and the event's canonical JSON."""
    return hashlib.sha256((event.prev_hash + canonical(plain(event))).encode()).hexdigest()


def plain(event: Event) -> dict[str, Any]:
    """Return what an event's hash covers, besides the hash before it."""
    return {
        "id": event.id,
        "at": event.at.isoformat(timespec="microseconds"),
        "actor_id": event.actor_id,
        "actor_name": event.actor_name,
        "address": event.address,
        "word": event.word,
        "subject_type": event.subject_type,
        "subject_id": event.subject_id,
        "case": event.case,
        "detail": event.detail,
    }


def canonical(value: Any) -> str:
    """Return the one JSON text of a plain value: sorted keys, no spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Verdict:
    """Outcome of a verification: how many events were read, and the first bad one with the reason (None when whole)."""

    checked: int
    bad_event: int | None = None
    reason: str = ""

    @property
    def whole(self) -> bool:
        """Tell whether the chain is unbroken."""
        return self.bad_event is None


def verify(session: Session) -> Verdict:
    """Recompute the chain from its first event to the stored head; stops at the first event that does not fit."""
    previous, count = GENESIS, 0
    with closing(_all(session)) as events:
        for event in events:
            count += 1
            reason = _fault(event, count, previous)
            if reason:
                return Verdict(count, count, reason)
            previous = event.hash
    known, newest = head(session)
    if count < known:
        return Verdict(count, count + 1, N_("the newest events are missing"))
    if count > known:
        return Verdict(count, known + 1, N_("it was put in behind the newest event"))
    return Verdict(count) if previous == newest else Verdict(count, count, N_("its content was changed"))


def _fault(event: Event, position: int, previous: str) -> str:
    if event.id != position:
        return N_("an event is missing before it")
    if event.prev_hash != previous:
        return N_("it does not continue the event before it")
    return "" if digest(event) == event.hash else N_("its content was changed")


def _all(session: Session) -> ScalarResult[Event]:
    return session.scalars(select(Event).order_by(Event.id).execution_options(yield_per=1000))


def timeline(session: Session, *cases: str) -> list[Event]:
    """Return the events of these cases, oldest first."""
    return list(session.scalars(select(Event).where(Event.case.in_(cases)).order_by(Event.id)))


def head(session: Session) -> tuple[int, str]:
    """Return position and hash of the newest event; (0, zeros) when the record is empty."""
    row = session.get(ChainHead, 1)
    return (row.last_event, row.hash) if row else (0, GENESIS)


@dataclass(frozen=True)
class Wanted:
    """Which events a reader wants; empty values want all. Both days are included."""

    who: str = ""
    word: str = ""
    since: date | None = None
    until: date | None = None
    case: str = ""


def wanted_events(wanted: Wanted) -> Select[Event]:
    """Return the query of the events wanted, in no order yet."""
    query = select(Event)
    if wanted.who:
        query = query.where(Event.actor_name.contains(wanted.who, autoescape=True))
    if wanted.word:
        query = query.where(Event.word == wanted.word)
    if wanted.since is not None:
        query = query.where(Event.at >= _midnight(wanted.since))
    if wanted.until is not None:
        query = query.where(Event.at < _midnight(wanted.until + timedelta(days=1)))
    return query.where(Event.case == wanted.case) if wanted.case else query


def newest_events(session: Session, wanted: Wanted, before: str | None, size: int = 50) -> Page[Event]:
    """Return a page of the events wanted, newest first, older than position `before` (unreadable: the first page)."""
    query = wanted_events(wanted)
    if before and before.isdecimal() and len(before) < 16:
        query = query.where(Event.id < int(before))
    rows = list(session.scalars(query.order_by(Event.id.desc()).limit(size + 1)))
    return Page(rows[:size], str(rows[size - 1].id) if len(rows) > size else None)


def exported(session: Session, wanted: Wanted) -> Iterator[str]:
    """Yield the events wanted as lines of JSON, oldest first, with their hashes: a third party can verify them."""
    events = wanted_events(wanted).order_by(Event.id).execution_options(yield_per=1000)
    with closing(session.scalars(events)) as rows:
        for event in rows:
            yield canonical(plain(event) | {"prev_hash": event.prev_hash, "hash": event.hash}) + "\n"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, OFFICE)
