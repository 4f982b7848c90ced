"""What one person is told, and each way it was sent."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.kit.db import Model, UtcDateTime
from tracker.org.models import Person


class Message(Model):
    """消息: in a person's inbox; unique per cause, so that neither two workers nor a crash can say it twice."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("cause", "person_id"), Index("ix_message_person", "person_id", "read_at", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cause: Mapped[str] = mapped_column(String(80))
    """What it tells of: "event:123", or "rung:<assignment>:<rung>:<day>" for a reminder."""
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

    person: Mapped[Person] = relationship()
    deliveries: Mapped[list["Delivery"]] = relationship(back_populates="message")


class DeliveryState(StrEnum):
    """planned → sending → sent; failed is tried again, dead is shown to the office, dropped was no longer needed."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"
    DROPPED = "dropped"


class Delivery(Model):
    """送达: one message over one channel."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("message_id", "channel"), Index("ix_delivery_due", "state", "due_at", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(default="")
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.PLANNED)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the next try is due; while sending, when the claim lapses."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    trouble: Mapped[str] = mapped_column(Text, default="")

    message: Mapped[Message] = relationship(back_populates="deliveries")


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
