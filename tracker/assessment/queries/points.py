"""Points per finding, for the ledger's column 考核扣分."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.assessment.models import Sheet, SheetState, WeightEdition
from tracker.assessment.policy import Weights, parse, shipped
from tracker.assessment.queries.countings import RECTIFIED_BEFORE, VALID
from tracker.assessment.queries.sheets import rules
from tracker.indicators.models import Level
from tracker.inspections.models import Finding

LINES = {Level.VETO: "F-VETO", Level.DEDUCT: "F-DEDUCT", Level.WARN: "F-WARN"}
AGAIN = "F-AGAIN"


def deductions(session: Session, finding_ids: Collection[int]) -> dict[int, Decimal]:
    """Return what each finding costs its unit in its year, by the weights there; those of no cost are left out.

    By level, and once more where it came again, before the caps of line and group, which belong to no single finding.
    At most five statements for however many findings (some five hundred at once).
    """
    query = select(Finding.id, Finding.unit_id, Finding.level, Finding.found_on, RECTIFIED_BEFORE)
    rows = session.execute(query.where(Finding.id.in_(finding_ids), VALID)).all()
    if not rows:
        return {}
    by_year, signed = _weights(session, {row.found_on.year for row in rows}, {row.unit_id for row in rows})
    found = {}
    for id_, unit_id, level, found_on, again in rows:
        weights = signed.get((found_on.year, unit_id)) or by_year[found_on.year]
        if points := _points(weights, LINES[level]) + (_points(weights, AGAIN) if again else Decimal()):
            found[id_] = points
    return found


def _points(weights: Weights, line: str) -> Decimal:
    weight = weights.lines[line]
    return weight.points if weight.counted else Decimal()


def _weights(
    session: Session, years: set[int], unit_ids: set[int]
) -> tuple[Mapping[int, Weights], Mapping[tuple[int, int], Weights]]:
    """Return the weights of each year, and those of signed sheets by year and unit."""
    lines = rules(session)
    usual = shipped(lines)
    by_year: dict[int, Weights] = dict.fromkeys(years, usual)
    query = select(WeightEdition).where(or_(*(WeightEdition.year == year for year in sorted(years))))
    for edition in session.scalars(query.order_by(WeightEdition.number)):
        by_year[edition.year] = parse(edition.weights, lines, edition.number)
    signed: Any = select(Sheet).where(
        Sheet.state == SheetState.SIGNED, Sheet.year.in_(years), Sheet.unit_id.in_(unit_ids)
    )
    frozen = {(row.year, row.unit_id): row.frozen or {} for row in session.scalars(signed)}
    return by_year, {key: parse(each["weights"], lines, each["edition"]) for key, each in frozen.items()}
