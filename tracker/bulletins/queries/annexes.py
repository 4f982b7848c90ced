"""The annexes: the accounts and sites behind each problem, who has not answered, the months, the ledger."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.bulletins.policy.annexes import CHARTS, LEDGER, MONTHS, OWED, Annex, annexes_of
from tracker.bulletins.policy.facts import Facts, Problem
from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries import months
from tracker.bulletins.queries.ledger_annex import LEDGER_COLUMNS, ledger_rows
from tracker.bulletins.queries.paper_figures import charts
from tracker.bulletins.queries.population import NOT_SO, inspections
from tracker.bulletins.queries.problems import told_of
from tracker.inspections.models import Finding, Inspection
from tracker.org.models import Unit
from tracker.registry.models import SnapshotRow, Subject

COLUMNS = (
    {"name": "序号", "width": 8, "align": "mid"},
    {"name": "主办单位", "width": 26, "align": ""},
    {"name": "名称", "width": 40, "align": ""},
    {"name": "平台或网站标识码", "width": 26, "align": ""},
)
OWED_COLUMNS = (
    {"name": "序号", "width": 8, "align": "mid"},
    {"name": "单位", "width": 30, "align": ""},
    {"name": "未反馈的通知、通报", "width": 42, "align": ""},
    {"name": "报送期限", "width": 20, "align": "mid"},
)


def annexes(session: Session, facts: Facts, asked_at: datetime | None = None) -> list[dict[str, Any]]:
    """Return the annexes as the paper prints them; one statement an annex, the ledger's a few more.

    `asked_at` is the moment for which the ledger says who is late; the end of the last day counted without it.
    """
    return [
        {"title": annex.title, "columns": list(columns), "rows": rows, "landscape": wide, "note": ""}
        | ({"charts": charts(session, facts, asked_at)} if annex.key == CHARTS else {})
        for annex in annexes_of(facts)
        for columns, rows, wide in [_table(session, annex, facts, asked_at)]
    ]


Table = tuple[Sequence[dict[str, Any]], list[list[str]], bool]
"""Columns, rows, and whether it lies on its side."""


def _table(session: Session, annex: Annex, facts: Facts, asked_at: datetime | None) -> Table:
    if annex.key == OWED:
        return OWED_COLUMNS, [[str(n), each.unit, each.what, each.due] for n, each in enumerate(facts.owed, 1)], False
    if annex.key == CHARTS:
        return (), [], False
    if annex.key == MONTHS:
        return months.COLUMNS, [list(row) for row in facts.months], True
    if annex.key == LEDGER:
        return LEDGER_COLUMNS, ledger_rows(session, facts, asked_at), True
    problem = next(each for each in facts.problems if each.key == annex.key)
    return COLUMNS, [[str(n), *row] for n, row in enumerate(_subjects(session, problem, facts), 1)], False


def _subjects(session: Session, problem: Problem, facts: Facts) -> Iterator[list[str]]:
    """Yield unit, name and platform or code of each subject once, as the inspection's snapshot has them."""
    held = [row.snapshot_id for row in inspections(session, facts.period) if row.snapshot_id is not None]
    then = and_(SnapshotRow.subject_id == Subject.id, SnapshotRow.snapshot_id == (held[-1] if held else -1))
    columns = (
        func.coalesce(SnapshotRow.sponsor_name, Unit.name),
        func.coalesce(SnapshotRow.name, Subject.name),
        func.coalesce(SnapshotRow.platform, Subject.platform),
        func.coalesce(SnapshotRow.code, Subject.code),
    )
    query = (
        select(*columns)
        .select_from(Subject)
        .join(Unit, Unit.id == Subject.sponsor_id)
        .outerjoin(SnapshotRow, then)
        .where(Subject.id.in_(_failing(facts, problem)))
        .order_by(Unit.rank, Unit.id, Subject.name, Subject.platform, Subject.id)
    )
    for unit, name, platform, code in session.execute(query):
        yield [unit, name, platform or code or ""]


def _failing(facts: Facts, problem: Problem) -> Select[Any]:
    query = select(Finding.subject_id).join(Finding.inspection).join(Finding.indicator)
    of_problem = (Finding.indicator_id == problem.indicator_id, Finding.level == problem.level)
    return query.where(told_of(facts.period, facts.until), *of_problem, Finding.subject_id.is_not(None))


def sizes(facts: Facts, printed: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many rows each annex has by its key, as they were made for the paper."""
    return {annex.key: len(table["rows"]) for annex, table in zip(annexes_of(facts), printed, strict=True)}


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
