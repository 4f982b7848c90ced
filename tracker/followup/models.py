"""What was seen when a closed problem was looked at again, and the office's days for it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.files.models import StoredFile
from tracker.inspections.models import Finding
from tracker.kit.db import Model, UtcDateTime, Versioned


class Outcome(StrEnum):
    """What a re-inspection saw."""

    MENDED = "mended"
    RECURRED = "recurred"
    UNREACHED = "unreached"


class Recheck(Model):
    """回头看: one look at a closed problem. Written once, never changed; a wrong one is followed by another."""

    __tablename__ = "recheck"
    __table_args__ = (
        CheckConstraint("(outcome = 'recurred') = (new_finding_id IS NOT NULL)", name="recurred_names_the_new_one"),
        Index("ix_recheck_finding", "finding_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"))
    step: Mapped[int]
    """Which look was due: 1 the first after closing, 2 the second."""
    days: Mapped[int]
    """How many days after closing that look was due, as the office's days stood."""
    outcome: Mapped[Outcome]
    note: Mapped[str] = mapped_column(Text, default="")
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    new_finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"), index=True)
    """The finding that tells of the problem that came back."""
    on: Mapped[date] = mapped_column("checked_on")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    finding: Mapped[Finding] = relationship(foreign_keys=[finding_id])
    new_finding: Mapped[Finding | None] = relationship(foreign_keys=[new_finding_id])
    evidence: Mapped[StoredFile | None] = relationship()


class FollowupTerm(Versioned, Model):
    """回头看规则: one number that the office set itself; where it set none, the shipped one counts."""

    __tablename__ = "followup_term"

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[int]
