"""A reply is a numbered round; rounds are kept, a returned one is never overwritten."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.files.models import StoredFile
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
