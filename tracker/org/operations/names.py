"""What units were called, day by day."""

from datetime import date

from sqlalchemy import select

from tracker.org.models import Unit, UnitName
from tracker.org.policy import Work


def note_names(work: Work, unit: Unit, before: tuple[str, str], since: date | None) -> None:
    """Add what a unit (changed already) is called from a day on; `before` is (name, full name) until then.

    Without a day it is a correction: the present name was never right, and goes back as far as it did.
    """
    rows = list(work.session.scalars(select(UnitName).where(UnitName.unit_id == unit.id).order_by(UnitName.id)))
    if not rows:
        _add(work, unit.id, before, None)
    day = since or (rows[-1].since if rows else None)
    _add(work, unit.id, (unit.name, unit.full_name), day)


def _add(work: Work, unit_id: int, names: tuple[str, str], since: date | None) -> None:
    name, full_name = names
    row = UnitName(unit_id=unit_id, name=name, full_name=full_name, since=since, noted_at=work.now)
    row.noted_by = work.actor.person_id
    work.session.add(row)
    work.session.flush()
