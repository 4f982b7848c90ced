"""Units by the names they bore on a day."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.org.models import Unit, UnitKind, UnitName
from tracker.org.queries import names_on

EVERYBODY = "各县区、各部门"
"""How a sentence names all supervised units."""


def renamed(session: Session, day: date, names: Mapping[int, str] | None = None) -> dict[str, str]:
    """Return the names that units bear on other days, each with what the unit was called on this one."""
    right = names or names_on(session, day)
    known = [*session.execute(select(UnitName.unit_id, UnitName.name)), *session.execute(select(Unit.id, Unit.name))]
    current = set(right.values())
    return {name: right[unit_id] for unit_id, name in known if name not in current}


def asked(session: Session, unit_ids: list[int], names: Mapping[int, str]) -> str:
    """Return how a sentence names the units that must answer, in the registry's order; all of them in one word."""
    query = select(Unit.id, Unit.name).where(Unit.kind != UnitKind.OFFICE, Unit.active.is_(True))
    rows = session.execute(query.order_by(Unit.rank, Unit.id)).all()
    chosen = [names.get(row.id, row.name) for row in rows if row.id in unit_ids]
    return EVERYBODY if len(chosen) == len(rows) > 1 else "、".join(chosen)
