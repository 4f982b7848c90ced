"""Which of the period's problems were told before: 该问题于11月已通报."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.followup.policy import Recurrence
from tracker.followup.queries import recurrences
from tracker.indicators.models import Level
from tracker.inspections.models import Finding
from tracker.org.models import Unit


def recurring(
    session: Session, told: Any, indicator_ids: Sequence[int], names: Mapping[int, str], year: int
) -> dict[tuple[Level, int], str]:
    """Return for each problem that came back the clause of its sentence, by level and indicator.

    `told` is the condition on findings joined with inspection and indicator. Where some of its units have the problem
    for the first time, the clause names those that had it before. A constant number of statements.
    """
    if not indicator_ids:
        return {}
    query = select(Finding.id, Finding.level, Finding.indicator_id, Unit.id.label("unit_id"), Unit.name)
    query = query.join(Finding.inspection).join(Finding.indicator).join(Finding.unit)
    query = query.where(told, Finding.indicator_id.in_(indicator_ids)).order_by(Unit.rank, Unit.id, Finding.id)
    groups: dict[tuple[Level, int], list[Any]] = {}
    for row in session.execute(query):
        groups.setdefault((row.level, row.indicator_id), []).append(row)
    before = recurrences(session, [row.id for rows in groups.values() for row in rows])
    clauses = {key: _clause(rows, before, names, year) for key, rows in groups.items()}
    return {key: clause for key, clause in clauses.items() if clause}


def _clause(rows: list[Any], before: Mapping[int, Recurrence], names: Mapping[int, str], year: int) -> str:
    again = [row for row in rows if row.id in before]
    if not again:
        return ""
    sentence = Recurrence(tuple(told for row in again for told in before[row.id].told)).sentence(year)
    units = dict.fromkeys(names.get(row.unit_id, row.name) for row in again)
    return sentence if len(again) == len(rows) else f"其中{'、'.join(units)}{sentence}"
