"""The annexes: the accounts and sites behind each problem that the text does not name one by one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.bulletins.policy.facts import Facts, Problem
from tracker.bulletins.policy.layout import annex_title
from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries.population import NOT_SO
from tracker.inspections.models import Finding, Inspection
from tracker.org.models import Unit
from tracker.registry.models import Subject

COLUMNS = (
    {"name": "序号", "width": 8, "align": "mid"},
    {"name": "主办单位", "width": 26, "align": ""},
    {"name": "名称", "width": 40, "align": ""},
    {"name": "平台或网站标识码", "width": 26, "align": ""},
)


def annexes(session: Session, facts: Facts) -> list[dict[str, Any]]:
    """Return the annexes as the paper prints them, a row for each subject; one statement an annex."""
    return [
        {
            "title": annex_title(problem),
            "columns": list(COLUMNS),
            "rows": [
                [str(n), unit, name, platform or code or ""]
                for n, (unit, name, platform, code) in enumerate(_subjects(session, problem, facts), 1)
            ],
            "landscape": False,
            "note": "",
        }
        for problem in facts.problems
        if problem.annexed
    ]


def _subjects(session: Session, problem: Problem, facts: Facts) -> Sequence[Any]:
    query = (
        select(Unit.name, Subject.name, Subject.platform, Subject.code)
        .join(Finding, Finding.subject_id == Subject.id)
        .join(Unit, Unit.id == Finding.unit_id)
        .join(Finding.inspection)
        .where(
            counted(facts.period, facts.until),
            Finding.indicator_id == problem.indicator_id,
            Finding.level == problem.level,
        )
        .order_by(Unit.rank, Unit.id, Subject.name, Subject.platform, Subject.id)
        .distinct()
        .add_columns(Unit.rank, Unit.id, Subject.id)
    )
    return [row[:4] for row in session.execute(query)]


def counted(period: Period, until: date) -> Any:
    """Return the condition on findings joined with their inspection: found in the period, and so."""
    return and_(
        Inspection.period.in_(period.months),
        Finding.found_on <= until,
        func.coalesce(Finding.ended_how, "").not_in(NOT_SO),
    )


def to_ask(session: Session, period: Period, until: date, notice_id: int | None) -> list[Finding]:
    """Return the period's findings for which no other document asks an answer yet."""
    query = (
        select(Finding)
        .join(Finding.inspection)
        .options(joinedload(Finding.unit))
        .where(counted(period, until), Finding.ended_at.is_(None))
        .where(or_(Finding.notice_ref.is_(None), Finding.notice_ref == (notice_id or -1)))
        .order_by(Finding.id)
        .with_for_update(of=Finding)
    )
    return list(session.scalars(query))
