"""A person's calendar feed: a secret address, made, renewed and revoked by the person; only its digest is stored."""

import hashlib
import secrets

from sqlalchemy import update

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Missing
from tracker.org.models import Person
from tracker.org.policy import Work
from tracker.reminders.models import CalendarFeed


def feed_digest(secret: str) -> str:
    """Return what is stored of a feed's secret."""
    return hashlib.sha256(f"calendar feed {secret}".encode()).hexdigest()


def renew_feed(work: Work) -> str:
    """Give the person a new secret address, whose secret is returned this once; the one before stops working.

    :raises Missing: nobody is signed in.
    """
    person = _asking(work)
    _end(work, person)
    secret = secrets.token_urlsafe(32)
    work.session.add(CalendarFeed(person_id=person.id, digest=feed_digest(secret), created_at=work.now))
    record(work, Word.FEED_RENEWED, person, person=person.name)
    return secret


def revoke_feed(work: Work) -> None:
    """End the person's feed; its address answers like one that never was.

    :raises Missing: nobody is signed in.
    """
    person = _asking(work)
    if _end(work, person):
        record(work, Word.FEED_REVOKED, person, person=person.name)


def _asking(work: Work) -> Person:
    person = work.session.get(Person, work.actor.person_id or 0, with_for_update=True)
    if person is None:
        raise Missing
    return person


def _end(work: Work, person: Person) -> bool:
    current = update(CalendarFeed).where(CalendarFeed.person_id == person.id, CalendarFeed.revoked_at.is_(None))
    ended = work.session.execute(current.values(revoked_at=work.now).returning(CalendarFeed.id))
    return bool(ended.all())
