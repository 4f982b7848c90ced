"""A bulletin's draft: what people changed in the text that the ledger writes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.kit.db import Model, UtcDateTime, Versioned
from tracker.notices.models import Notice
from tracker.org.models import Person


class Bulletin(Versioned, Model):
    """通报: a period's statistics in words; only what a person changed is stored, the rest comes from the ledger."""

    __tablename__ = "bulletin"
    __table_args__ = (UniqueConstraint("period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(10))
    """"2021-12", "2021-H2" or "2021"."""
    title: Mapped[str]
    basis: Mapped[str] = mapped_column(default="")
    """The document it is based on, as the text names it."""
    until: Mapped[date]
    """Last day that is counted."""
    due_on: Mapped[date | None]
    due_words: Mapped[str] = mapped_column(default="")
    places: Mapped[int] = mapped_column(default=2)
    """Decimal places of percentages."""
    cut: Mapped[bool] = mapped_column(default=False)
    """Whether percentages are cut off instead of rounded."""
    with_ledger: Mapped[bool] = mapped_column(default=False)
    """Whether the ledger of the period's problems (整改台账) is an annex."""
    with_charts: Mapped[bool] = mapped_column(default=False)
    """Whether the figures of the year up to the period (数据图表) are an annex."""
    requirements: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """[{key, text, due_on?, units?}]: the next steps as they were copied into this draft; their figures are vouched
    for by that. One with a day and unit ids asks these units for an answer by then."""
    edits: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON, default=dict)
    """By key of the paragraph: its pieces as edited, whether it was taken out, or after which it was added."""
    reasons: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Why a flag of the checker stands all the same, by the flag's own key."""
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"), unique=True)
    """The numbered document it became, once it was handed in for sign-off."""

    drafter: Mapped[Person | None] = relationship()
    notice: Mapped[Notice | None] = relationship()
