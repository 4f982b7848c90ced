"""One-time form keys: proof that the form is ours, and that it is used once.

The key is signed and bound to the session (CSRF), and its first use is a row in the very transaction of the act:
the same key again returns the first answer instead of acting twice.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup
from sqlalchemy import String, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.kit.db import Model, UtcDateTime
from tracker.kit.errors import Refused
from tracker.kit.host import host
from tracker.kit.words import N_

FIELD = "form_key"
LIFE = timedelta(hours=12)


class FormKey(Model):
    """A used key and where its act sent the person."""

    __tablename__ = "form_key"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    location: Mapped[str] = mapped_column(default="")


class AlreadyUsed(Exception):
    """The key was used before; `location` is the answer its act gave."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(host().settings.secret_key, salt="form:" + host().session_mark())


def new_key() -> str:
    """Return a fresh key for this session."""
    return str(_signer().dumps(secrets.token_urlsafe(12)))


def form_key() -> Markup:
    """Return the hidden field that every posting form carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, new_key())


def check_key() -> str:
    """Return the posted key's digest.

    :raises Refused: the key is absent, forged, of another session, or older than twelve hours.
    """
    posted = request.form.get(FIELD, "") or request.headers.get("X-Form-Key", "")
    try:
        _signer().loads(posted, max_age=int(LIFE.total_seconds()))
    except BadData as error:
        raise Refused(
            N_("This page was open too long, or was opened before you signed in. Go back, reload it and send it again.")
        ) from error
    return hashlib.sha256(posted.encode()).hexdigest()


def use_key(session: Session, digest: str, now: datetime) -> FormKey:
    """Note the key as used, inside the transaction of its act.

    :raises AlreadyUsed: it was used before; a competing use is waited for by the database's own lock.
    """
    row = FormKey(digest=digest, used_at=now)
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        first = session.get(FormKey, digest)
        raise AlreadyUsed((first.location if first else "") or url_for("dashboard.home")) from None
    return row


def forget_keys(session: Session, now: datetime) -> None:
    """Drop keys that their signature's age would refuse anyway."""
    session.execute(delete(FormKey).where(FormKey.used_at < now - 2 * LIFE))
