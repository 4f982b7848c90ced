"""One row per file that somebody handed in; its bytes lie in the store under their hash."""

import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.files.names import LONGEST
from tracker.kit.db import Model, UtcDateTime


def new_token() -> str:
    """Return a name for URLs that cannot be guessed (128 random bits)."""
    return secrets.token_urlsafe(16)


class StoredFile(Model):
    """A file as it came in: never changed, never replaced; a corrected one is another row."""

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("kind IN ('pdf', 'jpeg', 'png')", name="kind"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("pages > 0", name="pages"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(22), unique=True, default=new_token)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    """Two rows may name the same bytes: two units may hand in the same scan."""
    size: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(LONGEST))
    """A label for eyes; no path is ever made of it."""
    pages: Mapped[int]
    active_content: Mapped[bool] = mapped_column(default=False)
    """It carries scripts, launch actions or embedded files: shown as preview, saved only behind a warning."""
    uploaded_by: Mapped[int | None]
    """Person's id; no foreign key, because people belong to a room above."""
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
