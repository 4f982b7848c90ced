"""What comes in beside inspections: error reports, change requests, publication figures, lines of work."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.kit.db import Model, UtcDateTime, Versioned
from tracker.org.models import Unit
from tracker.registry.models import Subject


class Truth(StrEnum):
    """Whether what a visitor reported is so: 属实 or 不属实; None until it was verified."""

    TRUE = "true"
    UNTRUE = "untrue"


class ErrorReport(Versioned, Model):
    """找错留言: a visitor's report, forwarded by a higher office; answered within days, closed when mended."""

    __tablename__ = "error_report"
    __table_args__ = (
        CheckConstraint("closed_on IS NULL OR answered_on IS NOT NULL", name="closed_after_answer"),
        CheckConstraint("answered_on IS NULL OR truth IS NOT NULL", name="answered_after_verifying"),
        Index("ix_error_report_received", "received_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """The forwarding platform's own number."""
    kind: Mapped[str] = mapped_column(String(40), default="")
    """As the platform sorts it: 内容无法访问, 错别字, 互动交流, …"""
    source: Mapped[str] = mapped_column(String(80), default="")
    """Who forwarded it, as the bulletin names it."""
    received_on: Mapped[date]
    term: Mapped[str] = mapped_column(String(20), default="content")
    """Which limit applies: a key of `data/limits.yaml`, where its length and source stand."""
    due_on: Mapped[date]
    """Until when it must be answered, by that limit."""
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    truth: Mapped[Truth | None]
    answered_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    closed_on: Mapped[date | None]
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    example: Mapped[bool] = mapped_column(default=False)

    unit: Mapped[Unit] = relationship()
    subject: Mapped[Subject | None] = relationship()


class ChangeRequest(Versioned, Model):
    """网站更改需求单: what a unit asked to have changed on a site, and when it was done."""

    __tablename__ = "change_request"
    __table_args__ = (
        CheckConstraint("done_on IS NULL OR done_on >= asked_on", name="done_after_asked"),
        Index("ix_change_request_done", "done_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    asked_on: Mapped[date]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    done_on: Mapped[date | None]
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    example: Mapped[bool] = mapped_column(default=False)

    unit: Mapped[Unit] = relationship()
    subject: Mapped[Subject | None] = relationship()


class Publication(Versioned, Model):
    """发布统计: what one source (the site cluster, one site) published in a month, by kind."""

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("period", "source"),
        CheckConstraint("texts >= 0 AND pictures >= 0 AND videos >= 0", name="counts_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(10), index=True)
    """Month "2021-12"."""
    source: Mapped[str] = mapped_column(String(80))
    """As the bulletin names it: 市政府网站集群."""
    texts: Mapped[int]
    pictures: Mapped[int]
    videos: Mapped[int]
    example: Mapped[bool] = mapped_column(default=False)


class WorkLine(Versioned, Model):
    """A line of the month that no ledger counts: work done, praise for a unit; the bulletin takes it as written."""

    __tablename__ = "work_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(10), index=True)
    heading: Mapped[str]
    """Said first, as a sentence of its own: 增加数据发布栏目."""
    text: Mapped[str] = mapped_column(Text)
    example: Mapped[bool] = mapped_column(default=False)
