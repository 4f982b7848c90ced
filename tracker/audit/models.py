"""The record's table: append-only (triggers in the migration refuse anything else) and hash-chained."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.kit.db import Model, UtcDateTime


class Event(Model):
    """One line of the record: when, who (and for whom), from where, what, about which row, with which detail."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_subject", "subject_type", "subject_id", "id"),
        Index("ix_event_case", "case", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Position in the chain, 1..n without a gap; also the order of commits."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_name: Mapped[str] = mapped_column(Text)
    """As shown, "李× 代 王×" when acting under a delegation."""
    address: Mapped[str] = mapped_column(String(60), default="")
    word: Mapped[str] = mapped_column(String(60), index=True)
    subject_type: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int | None]
    case: Mapped[str | None] = mapped_column(String(40))
    """Key of the case whose timeline shows the event ("assignment:12", "batch:3")."""
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class ChainHead(Model):
    """The one row that writers lock last in their transaction: position and hash of the newest event."""

    __tablename__ = "chain_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    last_event: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
