"""A self-inspection, one sheet of it per unit, one line per site or account and indicator."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.indicators.models import Indicator
from tracker.inspections.models import Finding
from tracker.kit.db import Model, UtcDateTime, Versioned
from tracker.org.models import Unit
from tracker.registry.models import Subject


class Answer(StrEnum):
    """无问题, 已整改, 整改中."""

    CLEAN = "clean"
    MENDED = "mended"
    MENDING = "mending"


class SelfCheck(Versioned, Model):
    """自查: a checklist for a period, asked of units until a day."""

    __tablename__ = "selfcheck"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    period: Mapped[str] = mapped_column(String(10))
    """Month "2021-12"."""
    due_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    """What the office tells the units with it."""
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_name: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspection.id"))
    """Under which its problems are findings; made when the first one is taken over."""


class Sheet(Versioned, Model):
    """自查表: one unit's part; a draft until it is handed in, unchangeable afterwards."""

    __tablename__ = "selfcheck_sheet"
    __table_args__ = (
        UniqueConstraint("check_id", "unit_id"),
        CheckConstraint("(handed_in_at IS NULL) = (handed_in_name = '')", name="handed_in_by_somebody"),
        Index("ix_selfcheck_sheet_unit", "unit_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("selfcheck.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_in_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    handed_in_name: Mapped[str] = mapped_column(default="")

    check: Mapped[SelfCheck] = relationship()
    unit: Mapped[Unit] = relationship()


class Line(Model):
    """One question: this indicator at this site or account (or, without one, of the unit itself), and its answer."""

    __tablename__ = "selfcheck_line"
    __table_args__ = (Index("ix_selfcheck_line_sheet", "sheet_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("selfcheck_sheet.id"))
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    answer: Mapped[Answer | None]
    text: Mapped[str] = mapped_column(Text, default="")
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"), index=True)
    """The finding that the office made of it."""

    sheet: Mapped[Sheet] = relationship()
    subject: Mapped[Subject | None] = relationship()
    indicator: Mapped[Indicator] = relationship()
    finding: Mapped[Finding | None] = relationship()
