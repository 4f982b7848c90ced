"""Indicators as data: which rule, how grave, and how sure we are of its wording."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.kit.db import Model


class Level(StrEnum):
    """How grave: 否决 (the subject fails), 扣分 (points are lost), 预警 (a warning, never a failure)."""

    VETO = "veto"
    DEDUCT = "deduct"
    WARN = "warn"


class IndicatorSet(Model):
    """指标集: a published set of rules or a local layer over one."""

    __tablename__ = "indicator_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str]
    doc_no: Mapped[str]
    issued_on: Mapped[date | None]
    extends: Mapped[str] = mapped_column(String(40), default="")
    """Code of the set that a local one lies over: it may give its indicators another level, threshold or points."""
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    """First and last day on which the set counts; None is without end."""
    timers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Periods and shares that the set asks for: {code, title, every, min_ratio, unit, certainty, source}."""


class Indicator(Model):
    """指标: one rule; `certainty` is found, partial, recalled or low, and everything but found is shown as 待核."""

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("set_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("indicator_set.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    overrides_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"), index=True)
    """The indicator of the set below that this one stands in for while both sets count."""
    applies_to: Mapped[str] = mapped_column(String(20))
    """website, portal, media, authority or unit."""
    level: Mapped[str] = mapped_column(String(20))
    """veto, deduct, warn or bonus."""
    group: Mapped[str]
    title: Mapped[str]
    condition: Mapped[str]
    points: Mapped[float | None] = mapped_column(Numeric(6, 2, asdecimal=False))
    per: Mapped[str] = mapped_column(String(10), default="")
    measure: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What can be measured: {metric, op, value, unit, warn_at, …}; op and value are the rule, warn_at is before it."""
    certainty: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(default="")

    set: Mapped[IndicatorSet] = relationship()

    @property
    def rule_id(self) -> int:
        """Return the id that stays the same whether the local or the national wording counts (fingerprints use it)."""
        return self.overrides_id or self.id

    @property
    def unconfirmed(self) -> bool:
        """Tell whether the page must say 待核."""
        return self.certainty != "found"
