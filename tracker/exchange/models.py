"""Saved views: a person's own names for filters of the ledger."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.kit.db import Model, UtcDateTime


class SavedView(Model):
    """A named set of filters of the ledger, seen by its person alone."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(1000))
    """The filters as they stand in the address: "unit=3&reported=overdue"."""
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
