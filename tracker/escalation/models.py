"""Proposals as they were made and decided, the office's terms for them, and which mornings were done."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.kit.db import Model, UtcDateTime, Versioned
from tracker.notices.models import Assignment, Batch, Notice
from tracker.org.models import Unit


class Step(StrEnum):
    """What is proposed: 催办单, 督办函 about an assignment; 点名通报, 约谈 about a unit and quarter."""

    URGE = "urge"
    SUPERVISION = "supervision"
    NAMING = "naming"
    TALK = "talk"


class ProposalState(StrEnum):
    """open → drafted | accepted | declined | later (→ open again on its day); overtaken by the answer; held: a talk."""

    OPEN = "open"
    LATER = "later"
    DRAFTED = "drafted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    HELD = "held"
    OVERTAKEN = "overtaken"


class Proposal(Versioned, Model):
    """督办建议: one step for one assignment, or for one unit and quarter; its key makes it unique whoever stores it."""

    __tablename__ = "escalation_proposal"
    __table_args__ = (
        CheckConstraint("(assignment_id IS NULL) = (quarter <> '')", name="about_one_thing"),
        CheckConstraint("state <> 'later' OR until IS NOT NULL", name="later_says_until"),
        CheckConstraint("state IN ('open', 'overtaken') OR decided_by IS NOT NULL", name="decided_by_somebody"),
        Index("ix_escalation_proposal_state", "state", "id"),
        Index("ix_escalation_proposal_step_quarter", "step", "quarter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    """"urge-12-20220110": step, assignment, day counted from; "naming-5-2022Q1": step, unit, quarter."""
    step: Mapped[Step]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    quarter: Mapped[str] = mapped_column(String(6), default="")
    proposed_on: Mapped[date]
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.OPEN)
    until: Mapped[date | None]
    """Of "not now": on this day it is proposed again."""
    reason: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What stood beside it when it was decided, a row per assignment."""
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_name: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    """The draft that was made of it."""
    named_in: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    """Of a naming: the bulletin that says it; one that was withdrawn or voided has said nothing."""
    held_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(Text, default="")
    """Of a talk, noted by hand."""

    unit: Mapped[Unit] = relationship()
    assignment: Mapped[Assignment | None] = relationship()
    batch: Mapped[Batch | None] = relationship()
    bulletin: Mapped[Notice | None] = relationship()


class EscalationTerm(Versioned, Model):
    """督办规则: one number that the office set itself; where it set none, the shipped one counts."""

    __tablename__ = "escalation_term"

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[int]


class EscalationMorning(Model):
    """A day on which proposals were derived and stored: once a day, whatever runs twice."""

    __tablename__ = "escalation_morning"

    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed: Mapped[int]
    overtaken: Mapped[int]
