"""A reply is a numbered round; rounds are kept, a returned one is never overwritten."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.files.models import StoredFile, new_token
from tracker.kit.db import Model, UtcDateTime, Versioned
from tracker.kit.words import N_
from tracker.notices.models import Assignment, Item


class Result(StrEnum):
    """What the unit says of an item: 已改, 部分, 不属实, 移交."""

    FIXED = "fixed"
    PARTLY = "partly"
    NOT_OURS = "not_ours"
    MOVED_ON = "moved_on"


RESULT_NAMES: dict[Result, str] = {
    Result.FIXED: N_("Rectified"),
    Result.PARTLY: N_("Partly rectified"),
    Result.NOT_OURS: N_("Not as stated"),
    Result.MOVED_ON: N_("Handed over"),
}


class Decision(StrEnum):
    """The reviewer's verdict, per round and per item."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class Way(StrEnum):
    """How a reply came that the office registers for a unit (代录)."""

    PAPER = "paper"
    POST = "post"
    MESSENGER = "messenger"


WAY_NAMES: dict[Way, str] = {
    Way.PAPER: N_("On paper, by hand"),
    Way.POST: N_("By post"),
    Way.MESSENGER: N_("By messenger app or e-mail"),
}


class Reply(Versioned, Model):
    """整改情况报告（第 n 次）: drafted, submitted with its scan, decided."""

    __tablename__ = "reply"
    __table_args__ = (
        UniqueConstraint("assignment_id", "round"),
        CheckConstraint(
            "submitted_at IS NULL OR (scan_id IS NOT NULL AND receipt IS NOT NULL)", name="submitted_is_complete"
        ),
        CheckConstraint(
            "decision IS NULL OR (submitted_at IS NOT NULL AND decided_at IS NOT NULL)", name="decided_is_dated"
        ),
        CheckConstraint("decision <> 'accepted' OR (signature_checked AND seal_checked)", name="accepted_is_checked"),
        CheckConstraint(
            "registered_by IS NULL OR (arrived_at IS NOT NULL AND brought_way IS NOT NULL AND brought_by <> '')",
            name="registered_says_how",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    round: Mapped[int]
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """The signed and sealed paper: a required slot, not a loose attachment."""
    receipt: Mapped[str | None] = mapped_column(String(20), unique=True)
    """回执号 R-2022-000123."""
    content_sha256: Mapped[str] = mapped_column(String(64), default="")
    """Of the items as submitted."""
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_name: Mapped[str] = mapped_column(default="")
    decision: Mapped[Decision | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_name: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    signature_checked: Mapped[bool] = mapped_column(default=False)
    """已核对签字: ticked by the reviewer, never by the machine."""
    seal_checked: Mapped[bool] = mapped_column(default=False)
    signature_level: Mapped[str] = mapped_column(String(20), default="")
    """What the machine said of it when the reviewer decided (found, absent, unknown); empty: it had said nothing."""
    seal_level: Mapped[str] = mapped_column(String(20), default="")
    registered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """代录: who in the office registers, or registered, this round for the unit; None: the unit writes it itself."""
    registered_name: Mapped[str] = mapped_column(default="")
    hands: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    """Ids of everybody in the office with a hand in the registration, and whom they deputised for: none reviews it."""
    brought_by: Mapped[str] = mapped_column(default="")
    brought_way: Mapped[Way | None]
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the paper reached the office, as entered: it counts for lateness. `submitted_at` is when it was entered."""

    assignment: Mapped[Assignment] = relationship()
    scan: Mapped[StoredFile | None] = relationship()
    items: Mapped[list["ReplyItem"]] = relationship(back_populates="reply", order_by="ReplyItem.id")


class ReplyItem(Versioned, Model):
    """What one round says of one item, and the verdict on it."""

    __tablename__ = "reply_item"
    __table_args__ = (UniqueConstraint("reply_id", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    result: Mapped[Result | None]
    measure: Mapped[str] = mapped_column(Text, default="")
    finished_on: Mapped[date | None]
    responsible: Mapped[str] = mapped_column(default="")
    decision: Mapped[Decision | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    to_change: Mapped[bool] = mapped_column(default=False)
    """Copied from a round in which it was returned, and not touched since."""

    reply: Mapped[Reply] = relationship(back_populates="items")
    item: Mapped[Item] = relationship()
    evidence: Mapped[list["Evidence"]] = relationship(
        back_populates="reply_item", order_by="Evidence.id", cascade="all, delete-orphan"
    )


class Evidence(Model):
    """佐证: a file that hangs on one item of one round."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_item_id: Mapped[int] = mapped_column(ForeignKey("reply_item.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    caption: Mapped[str] = mapped_column(default="")

    reply_item: Mapped[ReplyItem] = relationship(back_populates="evidence")
    file: Mapped[StoredFile] = relationship()


class ReadyReason(Model):
    """常用退回理由: one line of the office's own list; where the list is empty, the shipped one stands."""

    __tablename__ = "ready_reason"
    __table_args__ = (CheckConstraint("about IN ('paper', 'item')", name="about"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(10))
    """"paper" (the signed and sealed sheet) or "item" (what it says)."""
    words: Mapped[str] = mapped_column(String(200))


class ReadingState(StrEnum):
    """waiting → reading → waiting … → ready, a few pages each time; failed when nothing of it can be read."""

    WAITING = "waiting"
    READING = "reading"
    READY = "ready"
    FAILED = "failed"


class ScanReading(Model):
    """识读: what the machine saw on the pages of one scan. Advice, derived from the bytes; may be made anew."""

    __tablename__ = "scan_reading"
    __table_args__ = (Index("ix_scan_reading_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    state: Mapped[ReadingState] = mapped_column(default=ReadingState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    """Since the last page that was read."""
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the next pages are due; while they are being read, when the claim lapses."""
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pages: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """One dict per page read so far, in the file's order; see `tracker.scans.read`."""
    electronic: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Verdicts on the file's electronic signatures and seals."""
    trouble: Mapped[str] = mapped_column(Text, default="")
    """Sentence (msgid) of the last failed try."""

    file: Mapped[StoredFile] = relationship()


class Stack(Versioned, Model):
    """扫描件归档: one scan of many units' papers, split to their assignments; the scan itself stays as it came."""

    __tablename__ = "stack"
    __table_args__ = (CheckConstraint("brought_by <> ''", name="says_who"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(22), unique=True, default=new_token)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    brought_by: Mapped[str]
    brought_way: Mapped[Way]
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_name: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    file: Mapped[StoredFile] = relationship()
    parts: Mapped[list["StackPart"]] = relationship(back_populates="stack", order_by="StackPart.id")


class StackPart(Model):
    """Pages of a stack that were filed to one assignment, as a file of their own."""

    __tablename__ = "stack_part"
    __table_args__ = (UniqueConstraint("stack_id", "assignment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stack_id: Mapped[int] = mapped_column(ForeignKey("stack.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    pages: Mapped[list[int]] = mapped_column(JSON)
    """Of the stack (from 1), in the order of the part."""
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    stack: Mapped[Stack] = relationship(back_populates="parts")
    assignment: Mapped[Assignment] = relationship()
    reply: Mapped[Reply] = relationship()
    file: Mapped[StoredFile] = relationship()
