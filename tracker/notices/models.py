"""Batch, notice, assignment and item."""

import secrets
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.inspections.models import Finding
from tracker.kit.db import Model, UtcDateTime, Versioned
from tracker.notices.lifecycle import ASSIGNMENT, NOTICE, AssignmentState, NoticeState
from tracker.org.models import Person, Unit
from tracker.workdays.rules import Counting

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without letters that are misread on paper."""


class NoticeKind(StrEnum):
    """Kinds of numbered documents."""

    RECTIFICATION = "rectification"
    URGE = "urge"
    SUPERVISION = "supervision"
    CORRECTION = "correction"
    BULLETIN = "bulletin"


def new_token() -> str:
    """Return a random key of 16 letters (78 bits): names an assignment in addresses and QR codes, grants nothing."""
    return "".join(secrets.choice(LETTERS) for _ in range(16))


def one_of(column: str, states: type[StrEnum]) -> str:
    """Return the SQL condition that a column holds one of the states."""
    return f"{column} IN ({', '.join(repr(str(state)) for state in states)})"


STILL_OPEN = text("state NOT IN ('closed', 'voided')")
"""Of the partial index; queries say the same by `queries.STILL_OPEN`, in these very words."""


class Batch(Versioned, Model):
    """批次: notices drafted, signed off and issued in one act."""

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    kind: Mapped[NoticeKind]
    opening: Mapped[str] = mapped_column(Text)
    requirements: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None]
    due_time: Mapped[time | None]
    due_words: Mapped[str] = mapped_column(default="")
    """As printed: "1月10日前"."""
    due_counting: Mapped[Counting] = mapped_column(default=Counting.DATE)
    due_count: Mapped[int] = mapped_column(default=0)
    due_rolls: Mapped[bool] = mapped_column(default=False)
    """With `due_on` and `due_time` the rule of the deadline; a counted one is counted anew until it is issued."""
    receipt_days: Mapped[int | None]
    """Working days within which receipt is to be acknowledged; None where the paper asks for none."""
    receipt_on: Mapped[date | None]
    receipt_words: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    """Whom the unit may call, as printed."""
    note: Mapped[str] = mapped_column(Text, default="")
    """The drafter's note to the director; never printed."""
    drafted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    hands: Mapped[list[int]] = mapped_column(JSON, default=list)
    """Ids of everybody who drafted, changed or submitted it: none of them may sign it."""

    drafter: Mapped[Person] = relationship(foreign_keys=[drafted_by])
    notices: Mapped[list["Notice"]] = relationship(back_populates="batch", order_by="Notice.id")


class Notice(Versioned, Model):
    """通知: a numbered official document; once issued, number, content and paper never change."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("series", "year", "sequence"),
        CheckConstraint(one_of("state", NOTICE.states), name="known_state"),
        CheckConstraint(
            "state NOT IN ('issued','closed','voided') "
            "OR (number IS NOT NULL AND issued_at IS NOT NULL AND frozen IS NOT NULL)",
            name="issued_is_complete",
        ),
        CheckConstraint("number IS NULL OR state IN ('issued','closed','voided')", name="number_only_when_issued"),
        Index("ix_notice_state_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    kind: Mapped[NoticeKind]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    """Whom it is addressed to; a bulletin goes to all and belongs to the office itself."""
    title: Mapped[str]
    state: Mapped[NoticeState] = mapped_column(default=NoticeState.DRAFT)
    series: Mapped[str | None] = mapped_column(String(40))
    year: Mapped[int | None]
    sequence: Mapped[int | None]
    number: Mapped[str | None] = mapped_column(String(60), unique=True)
    document_date: Mapped[date | None]
    prepared: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What its paper says, where a higher room wrote it (a bulletin); None where the paper's own part does."""
    frozen: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Content of the paper, fixed at issue."""
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_name: Mapped[str] = mapped_column(default="")
    """As the record shows it: "李× 代 王×" under a delegation."""
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was sent back, withdrawn or voided last."""
    verify_code: Mapped[str] = mapped_column(String(20), unique=True, default=new_token)
    """Key of the public verification page, printed as a QR code; tells nothing and is told by nothing."""
    paper_sha256: Mapped[str | None] = mapped_column(String(64))
    paper_pages: Mapped[int | None]

    batch: Mapped[Batch] = relationship(back_populates="notices")
    unit: Mapped[Unit] = relationship()
    items: Mapped[list["Item"]] = relationship(back_populates="notice", order_by="Item.sequence")
    assignments: Mapped[list["Assignment"]] = relationship(back_populates="notice", order_by="Assignment.id")
    about: Mapped[list["About"]] = relationship(back_populates="notice", order_by="About.sequence")
    correction: Mapped["Correction | None"] = relationship(
        back_populates="notice", foreign_keys="Correction.notice_id", uselist=False
    )


class Assignment(Versioned, Model):
    """任务: a notice × one addressed unit; the row people work on."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("notice_id", "unit_id", "part"),
        CheckConstraint(one_of("state", ASSIGNMENT.states), name="known_state"),
        CheckConstraint(
            "state NOT IN ('submitted','accepted','closed') OR submitted_at IS NOT NULL", name="submitted_is_dated"
        ),
        CheckConstraint("state <> 'closed' OR closed_at IS NOT NULL", name="closed_is_dated"),
        Index("ix_assignment_state_due", "state", "due_at", "id"),
        Index("ix_assignment_due", "due_at", "id"),
        # What still needs somebody is the young end of the ledger: lists of it must not walk past the closed years.
        Index("ix_assignment_open_due", "due_at", "id", sqlite_where=STILL_OPEN, postgresql_where=STILL_OPEN),
        # No partial one here: SQLite would not prefer it to a whole one, but takes every further equality it is given.
        Index("ix_assignment_unit_open_due", "unit_id", "closed_at", "due_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(20), unique=True, default=new_token)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_name: Mapped[str]
    """As addressed on the paper."""
    part: Mapped[int] = mapped_column(default=0)
    """0 for what is due with the paper; 1, 2 … for a bulletin's requirements with a day of their own, by that day."""
    state: Mapped[AssignmentState] = mapped_column(default=AssignmentState.ISSUED)
    due_on: Mapped[date]
    due_time: Mapped[time | None]
    due_words: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """First moment that is too late: midnight after the due day in the office's zone, or the printed hour."""
    original_on: Mapped[date | None]
    original_words: Mapped[str] = mapped_column(default="")
    original_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """原期限: day, printed words and end of the deadline that the paper says, once an extension moved `due_*`."""
    receipt_on: Mapped[date | None]
    receipt_words: Mapped[str] = mapped_column(default="")
    receipt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Deadline for acknowledging receipt: as printed, and its first moment too late; None where none was printed."""
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the paper was ready and the unit could see it; the deadline runs from issue all the same."""
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    first_submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Of the newest round; answered in time is judged by it."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was returned or reopened last."""

    notice: Mapped[Notice] = relationship(back_populates="assignments")
    unit: Mapped[Unit] = relationship()
    items: Mapped[list["Item"]] = relationship(back_populates="assignment", order_by="Item.sequence")
    letters: Mapped[list["About"]] = relationship(back_populates="assignment", order_by="About.id")


class Item(Model):
    """整改事项: one problem inside an assignment, or one requirement of a bulletin, in the words frozen at issue."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("notice_id", "sequence"),
        CheckConstraint(
            "finding_id IS NOT NULL OR (unit_id IS NOT NULL AND due_on IS NOT NULL AND requirement <> '')",
            name="problem_or_requirement",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"), index=True)
    """The problem; None for a requirement, which nobody did wrong and no ledger of problems counts."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """Of a requirement: who must answer; of a problem its finding says it."""
    requirement: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None]
    """Of a requirement: its own day."""
    sequence: Mapped[int]
    rectified_as: Mapped[str | None] = mapped_column(String(20))
    """The accepted result (fixed, partly, not_ours, moved_on); None until a reply on it was accepted."""
    rectified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the office upheld a dispute about it: from then on the unit need not answer it."""

    notice: Mapped[Notice] = relationship(back_populates="items")
    assignment: Mapped[Assignment | None] = relationship(back_populates="items")
    finding: Mapped[Finding | None] = relationship()
    unit: Mapped[Unit | None] = relationship()

    @property
    def words(self) -> str:
        """Return what is asked: the problem's description, or the requirement."""
        return self.finding.description if self.finding else self.requirement

    @property
    def answering(self) -> Unit | None:
        """Return the unit that must answer, where the paper does not go to one unit alone."""
        return self.finding.unit if self.finding else self.unit


class About(Model):
    """What a letter is about: an assignment of its unit that has not been answered. Written once, never changed."""

    __tablename__ = "notice_about"
    __table_args__ = (UniqueConstraint("notice_id", "assignment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    sequence: Mapped[int]

    notice: Mapped[Notice] = relationship(back_populates="about")
    assignment: Mapped[Assignment] = relationship(back_populates="letters")


class Correction(Model):
    """更正: which issued notice a 更正函 corrects, and the words; the corrected notice itself never changes."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), unique=True)
    corrected_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    errors: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """[{where, wrong, right}] in the order of the letter; one of wrong and right may be empty."""

    notice: Mapped[Notice] = relationship(back_populates="correction", foreign_keys=[notice_id])
    corrected: Mapped[Notice] = relationship(foreign_keys=[corrected_id])
