"""Papers as rows: what is to be rendered, from which frozen content, and what came of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.kit.db import Model, UtcDateTime


class PaperState(StrEnum):
    """waiting → claimed → ready, or failed after the last try."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    READY = "ready"
    FAILED = "failed"


class Paper(Model):
    """A paper ordered for some owner ("notice", 12): rendered once, stored by its hash, never rendered again."""

    __tablename__ = "paper"
    __table_args__ = (
        Index("ix_paper_owner", "owner_type", "owner_id", "purpose"),
        Index("ix_paper_due", "state", "due_at"),
        CheckConstraint("state <> 'ready' OR sha256 IS NOT NULL", name="ready_has_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_type: Mapped[str] = mapped_column(String(30))
    owner_id: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(20))
    """preview (drafts, replaced freely) or official (once)."""
    type: Mapped[str] = mapped_column(String(40))
    """Folder of its templates, e.g. rectification_notice."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    content_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[PaperState] = mapped_column(default=PaperState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the next try is due; while claimed, when the claim lapses."""
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None]
    pages: Mapped[int | None]
    trouble: Mapped[str] = mapped_column(Text, default="")
    """Sentence (msgid) of the last failed try."""
    trouble_params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    checks: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    """The layout's self-check: {id, asks, ok, found} per point of GB/T 9704 that applies; None for other papers."""
    fallbacks: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Characters shown in the stand-in font."""

    @property
    def faults(self) -> list[dict[str, Any]]:
        """Return the points of the self-check that do not hold."""
        return [point for point in self.checks or () if not point["ok"]]
