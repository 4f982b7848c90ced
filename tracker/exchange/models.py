"""Saved views, a person's own names for filters of the ledger; exports, the files somebody asked for."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.kit.db import Model, UtcDateTime


class SavedView(Model):
    """A named set of filters of the ledger, seen by its person alone."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(1000))
    """The filters as they stand in the address: "unit=3&reported=overdue"."""
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ExportState(StrEnum):
    """waiting → running → ready → gone, or failed; `direct` ones are few rows, written while they are sent."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    DIRECT = "direct"
    FAILED = "failed"
    GONE = "gone"


class Export(Model):
    """导出: a file of the ledger that somebody asked for; fetched by that person alone, and kept for some days."""

    __tablename__ = "export"
    __table_args__ = (Index("ix_export_due", "state", "due_at"), Index("ix_export_person", "person_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    format: Mapped[str] = mapped_column(String(4))
    """xlsx or csv."""
    address: Mapped[str] = mapped_column(String(1000), default="")
    """The filters as they stood in the address."""
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The same filters as values."""
    locale: Mapped[str] = mapped_column(String(20))
    """The language of its head and words."""
    state: Mapped[ExportState] = mapped_column(default=ExportState.WAITING)
    rows: Mapped[int]
    """How many rows the filters left when it was asked for."""
    written: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it may be taken; while running, when the claim lapses; when ready, when its file is deleted."""
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None]
    trouble: Mapped[str] = mapped_column(Text, default="")
