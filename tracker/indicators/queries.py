"""Reading indicator sets: all of them, and the rules in force on a day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from tracker.indicators.models import Indicator, IndicatorSet
from tracker.indicators.policy import FINDABLE_LEVELS
from tracker.kit.errors import Missing


def sets_with_counts(session: Session) -> Sequence[tuple[IndicatorSet, int, int]]:
    """Return every set with how many indicators it has and how many of them are unconfirmed, by code."""
    unconfirmed = func.count(Indicator.id).filter(Indicator.certainty != "found")
    query = (
        select(IndicatorSet, func.count(Indicator.id), unconfirmed)
        .outerjoin(Indicator)
        .group_by(IndicatorSet.id)
        .order_by(IndicatorSet.code)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def set_by_code(session: Session, code: str) -> IndicatorSet:
    """Return the set of that code.

    :raises Missing: there is none.
    """
    found = session.scalar(select(IndicatorSet).where(IndicatorSet.code == code))
    if found is None:
        raise Missing(code)
    return found


def indicators_of(session: Session, found: IndicatorSet) -> list[Indicator]:
    """Return the indicators of a set in the order they were loaded."""
    return list(session.scalars(select(Indicator).where(Indicator.set_id == found.id).order_by(Indicator.id)))


def overriding(session: Session, found: IndicatorSet) -> dict[int, list[Indicator]]:
    """Return what stands in for the set's indicators in local sets, with those sets: base id → by their first day."""
    query = (
        select(Indicator)
        .join(Indicator.set)
        .options(contains_eager(Indicator.set))
        .where(Indicator.overrides_id.in_(select(Indicator.id).where(Indicator.set_id == found.id)))
        .order_by(IndicatorSet.valid_from, IndicatorSet.code)
    )
    every: dict[int, list[Indicator]] = {}
    for row in session.scalars(query):
        every.setdefault(row.overrides_id or 0, []).append(row)
    return every


def findable(session: Session, on: date | None = None) -> list[Indicator]:
    """Return the indicators that a finding can name (no bonuses), with their sets, by set and order of loading.

    With a day, only the rules in force on it: of sets that count on that day, and not those that a local set which
    counts as well has taken over.
    """
    query = (
        select(Indicator)
        .join(Indicator.set)
        .options(contains_eager(Indicator.set))
        .where(Indicator.level.in_(FINDABLE_LEVELS))
        .order_by(IndicatorSet.code, Indicator.id)
    )
    return list(session.scalars(query if on is None else query.where(*_in_force(on))))


def rule_in_force(session: Session, indicator: Indicator, on: date) -> Indicator | None:
    """Return the indicator that counts on a day in the place of this one: itself, a local one, the one below, or None.

    None means that the rule did not count on that day at all.
    """
    same = or_(Indicator.id == indicator.rule_id, Indicator.overrides_id == indicator.rule_id)
    query = select(Indicator).join(Indicator.set).where(same, *_in_force(on)).order_by(Indicator.id.desc())
    return session.scalars(query.limit(1)).first()


def sets_in_force(session: Session, on: date) -> list[IndicatorSet]:
    """Return the sets that count on a day, by code."""
    return list(session.scalars(select(IndicatorSet).where(_counts(IndicatorSet, on)).order_by(IndicatorSet.code)))


def _counts(of: type[IndicatorSet], on: date) -> ColumnElement[bool]:
    return and_(or_(of.valid_from.is_(None), of.valid_from <= on), or_(of.valid_until.is_(None), of.valid_until >= on))


def _in_force(on: date) -> tuple[ColumnElement[bool], ...]:
    local, layer = aliased(Indicator), aliased(IndicatorSet)
    taken_over = exists().where(local.overrides_id == Indicator.id, layer.id == local.set_id, _counts(layer, on))
    return (_counts(IndicatorSet, on), ~taken_over)
