"""Names that nearly every row of the ledger repeats: read once, instead of joined to each row."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.indicators.models import Indicator
from tracker.org.models import Unit

UNITS = select(Unit.id, Unit.name, Unit.active).order_by(Unit.rank, Unit.id)
INDICATORS = select(Indicator.id, Indicator.code, Indicator.title).order_by(Indicator.set_id.desc(), Indicator.id)


@dataclass(frozen=True)
class Names:
    """Units in the registry's order and indicators of every set, by id; and what a filter offers of them."""

    units: dict[int, str]
    active: tuple[tuple[int, str], ...]
    """Ids and names of the units that can be chosen."""
    indicators: dict[int, str]
    coded: tuple[tuple[int, str], ...]
    """Ids of all indicators with code and title: the ledger has findings by those of former sets too."""


def names(session: Session) -> Names:
    """Return the names as they are now; two statements."""
    units, indicators = session.execute(UNITS).all(), session.execute(INDICATORS).all()
    return Names(
        units={row[0]: row[1] for row in units},
        active=tuple((row[0], row[1]) for row in units if row[2]),
        indicators={row[0]: row[2] for row in indicators},
        coded=tuple((row[0], f"{row[1]} {row[2]}") for row in indicators),
    )
