"""An inspection of a period, and its findings: subject × indicator × place."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.files.models import StoredFile
from tracker.indicators.models import Indicator, Level
from tracker.kit.db import Model, UtcDateTime, Versioned
from tracker.org.models import Unit
from tracker.registry.models import Subject


class Inspection(Model):
    """检查: a period's check, by which method, covering what."""

    __tablename__ = "inspection"

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(10), index=True)
    """Month "2021-12"."""
    title: Mapped[str]
    method: Mapped[str] = mapped_column(String(20))
    """manual, monitor, forwarded or superior."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    coverage: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Finding(Versioned, Model):
    """问题: one problem at one place, answered for by one unit; an open one is not entered twice (fingerprint)."""

    __tablename__ = "finding"
    __table_args__ = (
        Index(
            "uq_finding_open_fingerprint",
            "fingerprint",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_finding_open", "notice_ref", "ended_at", "id"),
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    """Who must answer."""
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"), index=True)
    """Site or account; None when the problem is the unit's own work (a reply not sent, a duty not done)."""
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    level: Mapped[Level]
    place: Mapped[str] = mapped_column(default="")
    """Column, page address or title where it was seen."""
    description: Mapped[str] = mapped_column(Text)
    found_on: Mapped[date]
    url: Mapped[str] = mapped_column(default="")
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    notice_ref: Mapped[int | None]
    """Id of the notice that holds it now; None while it waits (no foreign key: notices build on findings)."""
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_how: Mapped[str | None] = mapped_column(String(20))
    """rectified, unfounded or dropped."""
    example: Mapped[bool] = mapped_column(default=False)

    inspection: Mapped[Inspection] = relationship()
    unit: Mapped[Unit] = relationship()
    subject: Mapped[Subject | None] = relationship()
    indicator: Mapped[Indicator] = relationship()
    evidence: Mapped[StoredFile | None] = relationship()
