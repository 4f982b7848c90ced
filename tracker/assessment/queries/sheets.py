"""Sheets: the year's table, one unit's sheet, what was frozen, and what the office set."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from tracker.assessment.models import Adjustment, Objection, Sheet, SheetState, WeightEdition
from tracker.assessment.policy import Rule, Score, Weights, catalogue, parse, score, shipped
from tracker.assessment.queries.countings import Span, counted
from tracker.indicators.models import Indicator, IndicatorSet
from tracker.inspections.models import Finding
from tracker.kit.clock import office_date
from tracker.kit.errors import Missing
from tracker.org.models import Unit, UnitKind
from tracker.org.queries import units

FIRST, LAST = 2000, 2099


@dataclass(frozen=True)
class UnitSheet:
    """One unit's sheet: the figures as they are counted now, and the stored row once there is one."""

    unit: Unit
    score: Score
    row: Sheet | None = None
    waiting: int = 0
    """Objections without an answer."""

    @property
    def state(self) -> SheetState:
        """Return where it stands."""
        return self.row.state if self.row else SheetState.DRAFT

    @property
    def frozen(self) -> dict[str, Any] | None:
        """Return the signed figures."""
        return self.row.frozen if self.row else None


@dataclass(frozen=True)
class Ground:
    """What all sheets of a year share."""

    year: int
    rules: tuple[Rule, ...]
    weights: Weights


def rules(session: Session) -> tuple[Rule, ...]:
    """Return the lines of a sheet, a local wording in place of the national one; one query."""
    query = select(Indicator).join(Indicator.set).options(contains_eager(Indicator.set))
    found = list(
        session.scalars(query.where(Indicator.applies_to == "authority").order_by(IndicatorSet.code, Indicator.id))
    )
    overridden = {each.overrides_id for each in found}
    return catalogue({each.code: each for each in found if each.id not in overridden}.values())


def newest_edition(session: Session, year: int) -> WeightEdition | None:
    """Return the weights in force for a year; None as shipped."""
    query = select(WeightEdition).where(WeightEdition.year == year).order_by(WeightEdition.number.desc())
    return session.scalar(query.limit(1))


def editions(session: Session, year: int) -> list[WeightEdition]:
    """Return every edition of a year's weights, newest first."""
    query = select(WeightEdition).where(WeightEdition.year == year).order_by(WeightEdition.number.desc())
    return list(session.scalars(query))


def ground(session: Session, year: int) -> Ground:
    """Return lines and weights of a year; two queries.

    :raises Missing: no such year.
    """
    if not FIRST <= year <= LAST:
        raise Missing(year)
    found, edition = rules(session), newest_edition(session, year)
    weights = parse(edition.weights, found, edition.number) if edition else shipped(found)
    return Ground(year, found, weights)


def assessed() -> Select[Unit]:
    """Return the query of the units that are assessed, in the registry's order: the only order of units here."""
    return units().where(Unit.kind != UnitKind.OFFICE)


def table(session: Session, year: int, now: datetime, known: Ground | None = None) -> list[UnitSheet]:
    """Return every unit's sheet of a year, in the registry's order; a fixed number of queries."""
    known = known or ground(session, year)
    figures = counted(Span(session, year, now), names(known.rules))
    moved = adjusted(session, year)
    rows = {row.unit_id: row for row in session.scalars(select(Sheet).where(Sheet.year == year))}
    open_ = _waiting(session, year)
    return [
        UnitSheet(
            unit,
            scored(known, rows.get(unit.id), figures.get(unit.id, {}), moved.get(unit.id, {})),
            rows.get(unit.id),
            open_.get(unit.id, 0),
        )
        for unit in session.scalars(assessed())
    ]


def names(rules_: tuple[Rule, ...]) -> list[str]:
    """Return the countings that the lines need."""
    return list(dict.fromkeys(rule.counts for rule in rules_ if rule.counts))


def scored(known: Ground, row: Sheet | None, figures: Mapping[str, int], moved: Mapping[str, Decimal]) -> Score:
    """Return one unit's figures by the weights that apply to it: a signed sheet's own, otherwise the year's."""
    weights = known.weights
    if row is not None and row.frozen:
        weights = parse(row.frozen["weights"], known.rules, row.frozen["edition"])
    return score(known.rules, weights, figures, moved)


def adjusted(session: Session, year: int, unit_id: int | None = None) -> dict[int, dict[str, Decimal]]:
    """Return the points moved by hand, by unit and line."""
    query = select(Adjustment.unit_id, Adjustment.line, func.sum(Adjustment.points))
    query = query.where(Adjustment.year == year, Adjustment.withdrawn_at.is_(None))
    if unit_id is not None:
        query = query.where(Adjustment.unit_id == unit_id)
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for id_, line, points in session.execute(query.group_by(Adjustment.unit_id, Adjustment.line)):
        found[id_][line] = Decimal(points).quantize(Decimal("0.01"))
    return found


def _waiting(session: Session, year: int) -> dict[int, int]:
    query = select(Sheet.unit_id, func.count()).join(Objection.sheet)
    query = query.where(Sheet.year == year, Objection.answered_at.is_(None)).group_by(Sheet.unit_id)
    return {row[0]: row[1] for row in session.execute(query)}


def unit_assessed(session: Session, unit_id: int) -> Unit:
    """Return a unit that is assessed.

    :raises Missing: absent, or the office itself.
    """
    unit = session.scalar(assessed().where(Unit.id == unit_id))
    if unit is None:
        raise Missing(unit_id)
    return unit


def stored(session: Session, year: int, unit_id: int, *, lock: bool = False) -> Sheet | None:
    """Return the stored row of a sheet with its objections."""
    query = select(Sheet).where(Sheet.year == year, Sheet.unit_id == unit_id)
    query = query.options(selectinload(Sheet.objections)).execution_options(populate_existing=lock)
    return session.scalar(query.with_for_update(of=Sheet) if lock else query)


def sheet_of(session: Session, year: int, unit: Unit, now: datetime, known: Ground | None = None) -> UnitSheet:
    """Return one unit's sheet."""
    known = known or ground(session, year)
    row = stored(session, year, unit.id)
    span = Span(session, year, now)
    figures = counted(span, names(known.rules), unit.id).get(unit.id, {})
    moved = adjusted(session, year, unit.id).get(unit.id, {})
    waiting = sum(each.answered_at is None for each in row.objections) if row else 0
    return UnitSheet(unit, scored(known, row, figures, moved), row, waiting)


def adjustments_of(session: Session, year: int, unit_id: int) -> list[Adjustment]:
    """Return what was moved by hand on a sheet, withdrawn ones too, oldest first."""
    query = select(Adjustment).where(Adjustment.year == year, Adjustment.unit_id == unit_id)
    return list(session.scalars(query.order_by(Adjustment.id)))


def offered_years(session: Session, unit_id: int) -> list[Sheet]:
    """Return the sheets that a unit may see, newest year first."""
    query = select(Sheet).where(Sheet.unit_id == unit_id, Sheet.state != SheetState.DRAFT)
    return list(session.scalars(query.order_by(Sheet.year.desc())))


def years(session: Session, now: datetime) -> list[int]:
    """Return the years there can be sheets of, newest first: from the first finding until now."""
    first = session.scalar(select(func.min(Finding.found_on)))
    latest = office_date(now).year
    return list(range(latest, min(first.year if first else latest, latest) - 1, -1))[:20]


def would_change(session: Session, known: Ground, wanted: Weights, now: datetime) -> list[tuple[UnitSheet, Score]]:
    """Return the sheets whose figures other weights would alter, with those figures; signed ones never are."""
    found = []
    for sheet in table(session, known.year, now, known):
        if sheet.state is SheetState.SIGNED:
            continue
        entries = sheet.score.entries
        counts = {entry.rule.counts: entry.count for entry in entries}
        moved = {entry.rule.key: entry.adjusted for entry in entries}
        after = score(known.rules, wanted, counts, moved)
        if (after.total, after.verdict, after.lost) != (sheet.score.total, sheet.score.verdict, sheet.score.lost):
            found.append((sheet, after))
    return found
