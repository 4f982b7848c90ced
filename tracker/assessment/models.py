"""What the office set for a year, sheets with what was said about them, and figures frozen by a signature."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.kit.db import Model, UtcDateTime, Versioned
from tracker.org.models import Unit


class SheetState(StrEnum):
    """拟定 → 核对 → 签发; a signed sheet never changes. Where no row is, the sheet is being drawn up."""

    DRAFT = "draft"
    OFFERED = "offered"
    SIGNED = "signed"


class WeightEdition(Model):
    """评分权重: what a line of the sheet costs in one year. An edition is never changed, only followed by another."""

    __tablename__ = "assessment_weights"
    __table_args__ = (UniqueConstraint("year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    number: Mapped[int]
    weights: Mapped[dict[str, Any]] = mapped_column(JSON)
    changes: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """[{what, before, after}] against the edition before."""
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_name: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Sheet(Versioned, Model):
    """考核评分表: of one unit and year; until it is signed its figures are counted at every look."""

    __tablename__ = "assessment_sheet"
    __table_args__ = (
        UniqueConstraint("year", "unit_id"),
        CheckConstraint("(state = 'signed') = (frozen IS NOT NULL)", name="signed_is_frozen"),
        CheckConstraint("state <> 'offered' OR objections_until IS NOT NULL", name="offered_says_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    state: Mapped[SheetState] = mapped_column(default=SheetState.DRAFT)
    objections_until: Mapped[date | None]
    offered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed_name: Mapped[str] = mapped_column(default="")
    """Who of the unit said that the sheet is right (无异议)."""
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    frozen: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Figures, lines and the ids of the rows behind them as signed."""
    sha256: Mapped[str] = mapped_column(String(64), default="")
    """Of `frozen` as canonical JSON."""
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_name: Mapped[str] = mapped_column(default="")
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    example: Mapped[bool] = mapped_column(default=False)

    unit: Mapped[Unit] = relationship()
    objections: Mapped[list["Objection"]] = relationship(back_populates="sheet", order_by="Objection.id")


class Adjustment(Model):
    """调整: points (of a veto line: cases) given or taken by hand; withdrawn, never changed."""

    __tablename__ = "assessment_adjustment"
    __table_args__ = (
        CheckConstraint("points <> 0", name="moves_something"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_name = '')", name="withdrawn_by_somebody"),
        Index("ix_assessment_adjustment_year_unit", "year", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    line: Mapped[str] = mapped_column(String(40))
    points: Mapped[Decimal] = mapped_column(Numeric(7, 2))
    """Added to what the line deducts, adds, or counts; negative takes away."""
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_name: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_name: Mapped[str] = mapped_column(default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    example: Mapped[bool] = mapped_column(default=False)


class Objection(Versioned, Model):
    """异议: what the unit says against one line, once; answered by the office, upheld or not."""

    __tablename__ = "assessment_objection"
    __table_args__ = (
        UniqueConstraint("sheet_id", "line"),
        CheckConstraint("(answered_at IS NULL) = (upheld IS NULL)", name="answered_is_decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("assessment_sheet.id"))
    line: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_name: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    upheld: Mapped[bool | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_name: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    sheet: Mapped[Sheet] = relationship(back_populates="objections")
