"""Public editions of issued documents, and the log of what was deleted from them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.editions.lifecycle import EditionState
from tracker.kit.db import Model, UtcDateTime, Versioned
from tracker.notices.models import Notice, one_of
from tracker.org.models import Person

OPEN = text("state IN ('draft','in_review','returned')")


class Kind(StrEnum):
    """What a deleted string is."""

    PHONE = "phone"
    EMAIL = "email"
    IDENTITY = "identity"
    NAME = "name"
    CONTACT = "contact"
    OTHER = "other"


class Act(StrEnum):
    """What a line of the deletion log says: found by the system, marked by a person, or left in by a person."""

    FOUND = "found"
    MARKED = "marked"
    KEPT = "kept"


class PublicEdition(Versioned, Model):
    """公开版: one version of what the public may read of an issued document; a later one takes its place."""

    __tablename__ = "public_edition"
    __table_args__ = (
        UniqueConstraint("notice_id", "sequence"),
        CheckConstraint(one_of("state", EditionState), name="known_state"),
        CheckConstraint(
            "state <> 'released' OR (pdf_sha256 IS NOT NULL AND html_sha256 IS NOT NULL AND released_at IS NOT NULL)",
            name="released_is_complete",
        ),
        # Two clerks who begin at once begin one.
        Index("uq_public_edition_open", "notice_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    sequence: Mapped[int]
    state: Mapped[EditionState] = mapped_column(default=EditionState.DRAFT)
    site_name: Mapped[str] = mapped_column(default="")
    site_domain: Mapped[str] = mapped_column(default="")
    site_code: Mapped[str] = mapped_column(String(20), default="")
    column_name: Mapped[str] = mapped_column(default="")
    column_type: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    published_on: Mapped[date]
    """These seven are the page tags (SiteName … ContentSource); the last is PubDate."""
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What both files say, fixed when it was handed in; nothing deleted stands in it."""
    deletions: Mapped[int] = mapped_column(default=0)
    """Places deleted in that content."""
    traces: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    """Deleted strings that the check found in the finished files: [{text, where}]; None before it ran."""
    pdf_sha256: Mapped[str | None] = mapped_column(String(64))
    html_sha256: Mapped[str | None] = mapped_column(String(64))
    drafted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hands: Mapped[list[int]] = mapped_column(JSON, default=list)
    """Ids of everybody who changed it or handed it in: none of them may release it."""
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_name: Mapped[str] = mapped_column(default="")
    """As the record shows it: "李× 代 王×" under a delegation."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was sent back or withdrawn last."""

    notice: Mapped[Notice] = relationship()
    drafter: Mapped[Person] = relationship(foreign_keys=[drafted_by])
    log: Mapped[list["Deletion"]] = relationship(back_populates="edition", order_by="Deletion.id")


class Deletion(Model):
    """删减记录: one line of the log; the newest of a string decides, none is ever changed or removed."""

    __tablename__ = "public_deletion"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("public_edition.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    """The string itself: the office reads it, no public file and no line of the record holds it."""
    kind: Mapped[Kind]
    act: Mapped[Act]
    reason: Mapped[str] = mapped_column(Text, default="")
    count: Mapped[int] = mapped_column(default=0)
    """How often the document says it."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    edition: Mapped[PublicEdition] = relationship(back_populates="log")
