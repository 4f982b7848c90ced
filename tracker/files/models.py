"""One row per file that somebody handed in; its bytes lie in the store under their hash."""

import secrets
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.files.names import LONGEST
from tracker.kit.db import Model, UtcDateTime

DRAWN = frozenset({"pdf", "jpeg", "png"})
"""Kinds whose pages are shown as pictures; of the others a line with name and size stands in their place."""


class VirusCheck(StrEnum):
    """What the virus scanner said: 已查毒, 未查毒, 待查毒, 发现病毒."""

    NOT_ASKED = "not_asked"
    """No scanner is set up, or the file was made here."""
    CLEAN = "clean"
    NOT_CHECKED = "not_checked"
    """The scanner was down, and the settings let the file in all the same."""
    WAITING = "waiting"
    """The scanner was down; the original is held back until it was asked."""
    INFECTED = "infected"


def new_token() -> str:
    """Return a name for URLs that cannot be guessed (128 random bits)."""
    return secrets.token_urlsafe(16)


class StoredFile(Model):
    """A file as it came in: never changed, never replaced; a corrected one is another row."""

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("kind IN ('pdf', 'jpeg', 'png', 'ofd', 'docx', 'xlsx', 'html')", name="kind"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("pages > 0 OR kind IN ('docx', 'xlsx')", name="pages"),
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
    """Nought for docx and xlsx: only a program that lays them out would know."""
    active_content: Mapped[bool] = mapped_column(default=False)
    """It carries scripts, launch actions or embedded files: shown as preview, saved only behind a warning."""
    virus_check: Mapped[VirusCheck] = mapped_column(default=VirusCheck.NOT_ASKED)
    uploaded_by: Mapped[int | None]
    """Person's id; no foreign key, because people belong to a room above."""
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def pictures(self) -> int:
        """How many of its pages can be shown as pictures."""
        return self.pages if self.kind in DRAWN else 0

    @property
    def held_back(self) -> bool:
        """Tell whether its original may not be saved, because of the virus check."""
        return self.virus_check in (VirusCheck.WAITING, VirusCheck.INFECTED)
