"""The months that figures stand over, and how each is counted: as its bulletin counts it, or would."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Subquery, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from tracker.bulletins.models import Bulletin
from tracker.bulletins.policy.facts import Percentages
from tracker.charts.figure import MOST_PLACES
from tracker.escalation.policy import Month
from tracker.inspections.models import Inspection
from tracker.kit.clock import OFFICE
from tracker.kit.db import UtcDateTime


@dataclass(frozen=True)
class Span:
    """Months one after the other, at most as many as one drawing holds."""

    months: tuple[Month, ...]

    @classmethod
    def between(cls, first: Month, last: Month) -> "Span":
        """Return the months from the first to the last; too many are cut off at the beginning, backwards is turned."""
        first, last = sorted((first, last))
        months = [last]
        while months[-1] > first and len(months) < MOST_PLACES:
            months.append(months[-1].before)
        return cls(tuple(reversed(months)))

    @classmethod
    def ending(cls, last: Month, count: int = 12) -> "Span":
        """Return so many months up to the last."""
        months = [last]
        while len(months) < count:
            months.append(months[-1].before)
        return cls(tuple(reversed(months)))

    @property
    def codes(self) -> list[str]:
        """Return the months as inspections name them."""
        return [month.code for month in self.months]

    @property
    def days(self) -> tuple[date, date]:
        """Return the first and the last day."""
        return self.months[0].starts, self.months[-1].after.starts - timedelta(days=1)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Return the first moment, and the first after the last."""
        return self.months[0].span[0], self.months[-1].span[1]

    def of_day(self, column: Any, told: Mapping[str, Any] | None = None) -> Any:
        """Return which month a column of days lies in, or what is told of that month, as SQL; for rows of the span."""
        own = told or {code: code for code in self.codes}
        return case(*((column < month.after.starts, own[month.code]) for month in self.months), else_=None)

    def of_moment(self, column: Any, told: Mapping[str, Any] | None = None) -> Any:
        """Return which month of the office a column of moments lies in, or what is told of that month, as SQL."""
        own = told or {code: code for code in self.codes}
        return case(*((column < month.span[1], own[month.code]) for month in self.months), else_=None)


@dataclass(frozen=True)
class Counting:
    """By month: the last day that is counted, how its bulletin writes percentages; the months with an inspection."""

    until: dict[str, date]
    writing: dict[str, Percentages]
    inspected: frozenset[str] = frozenset()

    @property
    def ends(self) -> dict[str, Any]:
        """Return by month the end of the last day counted, as SQL."""
        return {code: _literal(_end(day)) for code, day in self.until.items()}

    @cached_property
    def months(self) -> Subquery:
        """Return the months as a table (period, until, ends) to be joined: looked up once an inspection, not a row."""
        rows = [
            select(literal(code).label("period"), literal(day).label("until"), _literal(_end(day)).label("ends"))
            for code, day in self.until.items()
        ]
        return union_all(*rows).subquery("months")


def _end(day: date) -> datetime:
    return datetime.combine(day, time.max, OFFICE)


def _literal(moment: datetime) -> Any:
    return literal(moment, UtcDateTime())


def counting(session: Session, span: Span) -> Counting:
    """Return how each month is counted: by its bulletin, else up to the end of its last inspection; two statements."""
    lasts: dict[str, date] = dict(
        session.execute(
            select(Inspection.period, func.max(Inspection.ends_on))
            .where(Inspection.period.in_(span.codes))
            .group_by(Inspection.period)
        ).all()
    )
    drafted = select(Bulletin.period, Bulletin.until, Bulletin.places, Bulletin.cut)
    bulletins = {row.period: row for row in session.execute(drafted.where(Bulletin.period.in_(span.codes)))}
    until: dict[str, date] = {}
    writing: dict[str, Percentages] = {}
    for month in span.months:
        end = month.after.starts - timedelta(days=1)
        own = bulletins.get(month.code)
        until[month.code] = own.until if own else min(lasts.get(month.code, end), end)
        writing[month.code] = Percentages(own.places, own.cut) if own else Percentages()
    return Counting(until, writing, frozenset(lasts))
