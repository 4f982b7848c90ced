"""What one person is told, and each way it was sent."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.kit.db import Model, UtcDateTime, Versioned
from tracker.notices.models import NoticeKind
from tracker.org.models import Person

WAITING = text("letter_day IS NULL")
"""Of the partial index: what no letter has taken along yet."""


class Message(Model):
    """消息: in a person's inbox; unique per cause, so that neither two workers nor a crash can say it twice."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("cause", "person_id"),
        Index("ix_message_person", "person_id", "read_at", "id"),
        Index("ix_message_letter", "person_id", "letter_day"),
        Index("ix_message_waiting", "person_id", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cause: Mapped[str] = mapped_column(String(80))
    """What it tells of: "event:123", or "rung:<assignment>:<rung>:<deadline>" for a reminder."""
    kind: Mapped[str] = mapped_column(String(40))
    """Folder of its templates (templates/messages/<kind>/)."""
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    rung: Mapped[str] = mapped_column(String(10), default="")
    day: Mapped[date | None]
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(default="")
    """Path inside the product."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    letter_day: Mapped[date | None]
    """The day whose letter took it along; None while it waits. Without a delivery of that day: the inbox alone."""

    person: Mapped[Person] = relationship()
    deliveries: Mapped[list["Delivery"]] = relationship(
        primaryjoin="and_(foreign(Delivery.person_id) == Message.person_id,"
        " foreign(Delivery.day) == Message.letter_day)",
        order_by="Delivery.id",
        viewonly=True,
        uselist=True,
    )


class DeliveryState(StrEnum):
    """planned → sending → sent; failed is tried again, dead is shown to the office, dropped was no longer needed."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"
    DROPPED = "dropped"


class Delivery(Model):
    """送达: one person's letter of one day over one channel; another channel that day only where this one is dead."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("person_id", "day", "channel"),
        Index("ix_delivery_due", "state", "due_at", "id"),
        Index("ix_delivery_channel", "channel", "tried_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    """Of the letter: with person and channel it is the letter's key, and never changes, however late it leaves."""
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(default="")
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.PLANNED)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the next try is due; while sending, when the claim lapses."""
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unsure: Mapped[bool] = mapped_column(default=False)
    """It may have arrived: a try is under way, or its end is not known. From then on nothing is added to the letter."""
    trouble: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person] = relationship()
    messages: Mapped[list[Message]] = relationship(
        primaryjoin="and_(foreign(Message.person_id) == Delivery.person_id,"
        " foreign(Message.letter_day) == Delivery.day)",
        order_by="Message.id",
        viewonly=True,
        uselist=True,
    )


class Cursor(Model):
    """How far a reader has read the record."""

    __tablename__ = "cursor"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    last_event: Mapped[int]


class Heartbeat(Model):
    """When a background duty last ran."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CalendarFeed(Model):
    """日历订阅: the secret address of a person's deadlines for a calendar program; only its digest is stored."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        Index(
            "uq_calendar_feed_current",
            "person_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()


class StoredLadder(Versioned, Model):
    """催办规则: the rungs of one kind of notice as the office set them; without a row the shipped ones hold."""

    __tablename__ = "ladder"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[NoticeKind] = mapped_column(unique=True)
    rungs: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """[{about, offset, who, heading}], ascending; see policy/ladder.py."""
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_name: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RehearsalState(StrEnum):
    """waiting → running → done or failed; a running one whose claim lapsed is taken again."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Rehearsal(Model):
    """演练: the days to come as they would be, lived on a copy; kept as it was found."""

    __tablename__ = "rehearsal"
    __table_args__ = (Index("ix_rehearsal_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    days: Mapped[int]
    state: Mapped[RehearsalState] = mapped_column(default=RehearsalState.WAITING)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_name: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it may be taken; while running, when the claim lapses."""
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lived: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """[{day, works, written, count, letters: [[person, channel, subject, lines]]}], day by day."""
    trouble: Mapped[str] = mapped_column(Text, default="")
