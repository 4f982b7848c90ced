"""The period's problems by level and indicator, and who has not answered what was issued before."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, select
from sqlalchemy.orm import Session

from tracker.bulletins.policy.facts import Owed, Problem
from tracker.bulletins.policy.period import Period
from tracker.bulletins.policy.wording import ANNEX_FROM
from tracker.bulletins.queries.population import NOT_SO
from tracker.indicators.models import Indicator, Level
from tracker.inspections.models import Finding, Inspection
from tracker.kit.clock import OFFICE
from tracker.notices.lifecycle import OWED
from tracker.notices.models import Assignment, Notice
from tracker.org.models import Unit

ORDER = (Level.VETO, Level.DEDUCT)
"""Levels that the text names as problems; an early warning is a matter between the office and the unit."""
UNANSWERED = "F-4"
"""The indicator "did not report on an earlier bulletin"; its findings are told by notice, with the unanswered."""
MOST_OWED = 200
"""More overdue assignments than this are not a sentence any more."""
Group = tuple[Level, int]


def problems(session: Session, period: Period, until: date) -> list[Problem]:
    """Return the problems of the period: level, then indicator; every subject counted once under each.

    The longest wording that units were told stands for all. Three statements, however many findings.
    """
    told = _told(period, until)
    texts, units = _texts(session, told), _units(session, told)
    query = (
        select(Finding.level, Indicator.id, Indicator.title, func.count(), func.count(Finding.subject_id.distinct()))
        .join(Finding.inspection)
        .join(Finding.indicator)
        .where(told)
        .group_by(Finding.level, Indicator.id, Indicator.title)
    )
    rows = sorted(session.execute(query), key=lambda row: (ORDER.index(row[0]), row[1]))
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
            rows=f"/findings?state=all&level={level}&indicator={indicator_id}",
            annexed=subjects >= ANNEX_FROM,
        )
        for level, indicator_id, title, findings, subjects in rows
    ]


def _told(period: Period, until: date) -> ColumnElement[bool]:
    """Return the condition on findings, joined with inspection and indicator: so, and not mended by then."""
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


def _units(session: Session, told: Any) -> dict[Group, list[str]]:
    query = (
        select(Finding.level, Finding.indicator_id, Unit.name)
        .join(Finding.inspection)
        .join(Finding.indicator)
        .join(Finding.unit)
        .where(told)
        .group_by(Finding.level, Finding.indicator_id, Unit.id, Unit.name, Unit.rank)
        .order_by(Unit.rank, Unit.id)
    )
    found: dict[Group, list[str]] = {}
    for level, indicator_id, name in session.execute(query):
        found.setdefault((level, indicator_id), []).append(name)
    return found


def owed(session: Session, period: Period, at: datetime) -> list[Owed]:
    """Return what units have not answered: findings that say so, and assignments past their deadline at a moment.

    In the registry's order of units; two statements.
    """
    return [*_said(session, period), *_overdue(session, at)]


def _said(session: Session, period: Period) -> list[Owed]:
    query = (
        select(Finding.id, Finding.place, Unit.name)
        .join(Finding.inspection)
        .join(Finding.unit)
        .join(Finding.indicator)
        .where(Inspection.period.in_(period.months), Indicator.code == UNANSWERED, Finding.ended_at.is_(None))
        .order_by(Unit.rank, Unit.id, Finding.id)
    )
    return [Owed(f"owed-f{id_}", unit, place, f"/findings/{id_}") for id_, place, unit in session.execute(query)]


def _overdue(session: Session, at: datetime) -> list[Owed]:
    query = (
        select(Assignment.id, Assignment.token, Notice.number, Assignment.unit_name)
        .join(Assignment.notice)
        .join(Assignment.unit)
        .where(Assignment.state.in_([str(state) for state in OWED]), Assignment.due_at <= at)
        .order_by(Unit.rank, Unit.id, Assignment.id)
        .limit(MOST_OWED)
    )
    return [Owed(f"owed-a{row[0]}", row[3], row[2] or "", f"/assignments/{row[1]}") for row in session.execute(query)]
