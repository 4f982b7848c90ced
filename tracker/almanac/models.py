"""The office's own days, in editions that never change, and the deadlines it usually sets."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.kit.db import Model, UtcDateTime, Versioned


class DayKind(StrEnum):
    """What a day of the table is."""

    WORK = "work"
    OFF = "off"


class CalendarEdition(Model):
    """日历版本: the list of one year as it was stored in one act; the newest of a year counts, older ones stay."""

    __tablename__ = "calendar_edition"
    __table_args__ = (Index("ix_calendar_edition_year_number", "year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    """1, 2, 3 … over all years: the highest one tells the present table."""
    year: Mapped[int]
    complete: Mapped[bool]
    """The list tells the whole year (the State Council's): days it does not name are plain weekdays and weekends."""
    note: Mapped[str]
    """Why it was stored, in the words of who did it."""
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_name: Mapped[str]
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 over the whole table as it stood from this edition on: names the calendar that everything counts with."""

    days: Mapped[list["CalendarDay"]] = relationship(back_populates="edition", order_by="CalendarDay.date")


class CalendarDay(Model):
    """日历的一天: a day off or a working day, why, and the document that says so."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("edition_id", "date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("calendar_edition.id"))
    date: Mapped[date]
    kind: Mapped[DayKind]
    reason: Mapped[str]
    source: Mapped[str]
    """The document: 国办发明电〔2025〕7号."""

    edition: Mapped[CalendarEdition] = relationship(back_populates="days")


class UsualDeadline(Versioned, Model):
    """常用期限: what a draft proposes for a level of problems, or for the receipt; the clerk may set another."""

    __tablename__ = "usual_deadline"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(20), unique=True)
    """A level (veto, deduct, warn), or receipt."""
    counting: Mapped[str] = mapped_column(String(20))
    count: Mapped[int]
    rolls: Mapped[bool]
