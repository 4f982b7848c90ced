"""The period's problems by level and indicator."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select
from sqlalchemy.orm import Session

from tracker.bulletins.policy.annexes import ANNEX_FROM
from tracker.bulletins.policy.facts import Problem
from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries.population import NOT_SO
from tracker.bulletins.queries.recurring import recurring
from tracker.bulletins.queries.unanswered import UNANSWERED as UNANSWERED
from tracker.indicators.models import Indicator, Level
from tracker.inspections.models import Finding, Inspection
from tracker.kit.clock import OFFICE
from tracker.org.models import Unit

ORDER = (Level.VETO, Level.DEDUCT)
"""Levels that the text names as problems; an early warning is a matter between the office and the unit."""
MOST_NAMED = 50
"""Findings of one problem up to which the text says which of them were told before."""
Group = tuple[Level, int]


def problems(session: Session, period: Period, until: date, names: Mapping[int, str]) -> list[Problem]:
    """Return the problems of the period: level, then indicator; every subject counted once under each.

    The longest wording that units were told stands for all; units bear their `names`. A constant number of statements.
    """
    told = told_of(period, until)
    texts, units = _texts(session, told), _units(session, told, names)
    subjects_ = func.count(Finding.subject_id.distinct())
    query = (
        select(Finding.level, Indicator.id, Indicator.title, func.count(), subjects_, Indicator.applies_to)
        .join(Finding.inspection)
        .join(Finding.indicator)
        .where(told)
        .group_by(Finding.level, Indicator.id, Indicator.title, Indicator.applies_to)
    )
    rows = sorted(session.execute(query), key=lambda row: (ORDER.index(row[0]), row[1]))
    named = [row[1] for row in rows if row[4] < ANNEX_FROM and row[3] <= MOST_NAMED]
    again = recurring(session, told, named, names, period.year)
    return [
        Problem(
            key=f"problem-{level}-{indicator_id}",
            indicator_id=indicator_id,
            level=str(level),
            title=title,
            text=texts[level, indicator_id].rstrip("。") + "。",
            findings=findings,
            subjects=subjects,
            units=tuple(units[level, indicator_id]),
            rows=f"/findings?state=all&level={level}&indicator={indicator_id}&{_span(period, until)}",
            annexed=subjects >= ANNEX_FROM,
            recurring=again.get((level, indicator_id), ""),
            noun="网站" if applies_to in ("website", "portal") else "账号",
        )
        for level, indicator_id, title, findings, subjects, applies_to in rows
    ]


def _span(period: Period, until: date) -> str:
    """Return what the page of findings needs to show what is told, and nothing else."""
    return urlencode({"period": period.months[0], "period_to": period.months[-1], "on": until.isoformat()})


def told_of(period: Period, until: date) -> ColumnElement[bool]:
    """Return the condition on findings, joined with inspection and indicator: so, and not mended by then."""
    if period.several:  # what each month told of, so that a year is the sum of its months
        months = [Period(period.year, month, month) for month in range(period.first, period.last + 1)]
        begun = [month for month in months if month.starts_on <= until]
        return or_(false(), *(told_of(month, min(month.ends_on, until)) for month in begun))
    mended = and_(Finding.ended_how == "rectified", Finding.ended_at < datetime.combine(until, time.max, OFFICE))
    return and_(
        Inspection.period.in_(period.months),
        Finding.found_on <= until,
        Finding.level.in_([str(level) for level in ORDER]),
        Indicator.code != UNANSWERED,
        func.coalesce(Finding.ended_how, "").not_in(NOT_SO),
        not_(func.coalesce(mended, false())),
    )


def _texts(session: Session, told: Any) -> dict[Group, str]:
    longest = func.row_number().over(
        partition_by=(Finding.level, Finding.indicator_id),
        order_by=(func.length(Finding.description).desc(), Finding.id),
    )
    inner = (
        select(Finding.level, Finding.indicator_id, Finding.description, longest.label("place"))
        .join(Finding.inspection)
        .join(Finding.indicator)
        .where(told)
        .subquery()
    )
    rows = session.execute(select(inner.c.level, inner.c.indicator_id, inner.c.description).where(inner.c.place == 1))
    return {(Level(level), indicator_id): text for level, indicator_id, text in rows}


def _units(session: Session, told: Any, names: Mapping[int, str]) -> dict[Group, list[str]]:
    query = (
        select(Finding.level, Finding.indicator_id, Unit.id, Unit.name)
        .join(Finding.inspection)
        .join(Finding.indicator)
        .join(Finding.unit)
        .where(told)
        .group_by(Finding.level, Finding.indicator_id, Unit.id, Unit.name, Unit.rank)
        .order_by(Unit.rank, Unit.id)
    )
    found: dict[Group, list[str]] = {}
    for level, indicator_id, unit_id, name in session.execute(query):
        found.setdefault((level, indicator_id), []).append(names.get(unit_id, name))
    return found


def count_problems(session: Session, period: Period, until: date) -> int:
    """Return how many findings of a period its bulletin tells of."""
    query = select(func.count(Finding.id)).join(Finding.inspection).join(Finding.indicator)
    return session.scalar(query.where(told_of(period, until))) or 0
