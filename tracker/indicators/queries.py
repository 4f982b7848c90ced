"""Reading indicator sets."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

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


def findable(session: Session) -> list[Indicator]:
    """Return the indicators that a finding can name (no bonuses), with their sets, by set and order of loading."""
    query = (
        select(Indicator)
        .join(Indicator.set)
        .options(contains_eager(Indicator.set))
        .where(Indicator.level.in_(FINDABLE_LEVELS))
        .order_by(IndicatorSet.code, Indicator.id)
    )
    return list(session.scalars(query))
