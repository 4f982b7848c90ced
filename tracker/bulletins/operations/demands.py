"""A requirement that some units must answer by a day of its own."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.bulletins.models import Bulletin
from tracker.bulletins.operations.draft import require_open
from tracker.bulletins.policy.binding import compose
from tracker.bulletins.policy.facts import Facts
from tracker.bulletins.policy.layout import Line
from tracker.bulletins.policy.wording import DEMAND
from tracker.kit.errors import Invalid, Missing
from tracker.kit.words import N_
from tracker.notices.operations.prepared import Demand
from tracker.org.models import Unit, UnitKind
from tracker.org.policy import Work

NO_DAY = N_("Set the day by which these units answer.")
NO_UNITS = N_("Choose at least one unit that must answer.")
TOO_EARLY = N_("This day is not after the last day counted (%(until)s).")


def step_of(bulletin: Bulletin, key: str) -> dict[str, Any]:
    """Return one of a bulletin's next steps as it is stored.

    :raises Missing: it has none of that key.
    """
    found = next((row for row in bulletin.requirements if row["key"] == key), None)
    if found is None:
        raise Missing(key)
    return found


def day_of(step: Mapping[str, Any]) -> date | None:
    """Return the own day of a requirement; None where it asks nobody."""
    return date.fromisoformat(step["due_on"]) if step.get("due_on") else None


def ask_for(
    work: Work, bulletin: Bulletin, key: str, due_on: date | None, unit_ids: Collection[int], seen_version: int
) -> None:
    """Let a requirement ask some units for an answer by a day of its own, or nobody (neither day nor units).

    Its sentence appears in the text by itself, or goes away; a sentence that was edited is written anew.

    :raises Refused: the bulletin was handed in.
    :raises Stale: somebody changed it meanwhile.
    :raises Invalid: a day without units or units without a day, or a day that is not after what is counted.
    :raises Missing: no such requirement.
    """
    require_open(bulletin, seen_version)
    step = step_of(bulletin, key)
    problems = ({} if due_on else {"due_on": NO_DAY}) | ({} if unit_ids else {"units": NO_UNITS})
    if len(problems) == 1:
        raise Invalid(problems)
    if due_on and due_on <= bulletin.until:
        raise Invalid({"due_on": TOO_EARLY}, until=bulletin.until.isoformat())
    asks = {"due_on": due_on.isoformat(), "units": _known(work, unit_ids)} if due_on else {}
    changed = {"key": step["key"], "text": step["text"]} | asks
    bulletin.requirements = [changed if row["key"] == key else row for row in bulletin.requirements]
    bulletin.edits = {name: edit for name, edit in bulletin.edits.items() if name != f"{key}{DEMAND}"}
    work.session.flush()
    record(work, Word.BULLETIN_CHANGED, bulletin, bulletin=bulletin.title, line=f"{key}{DEMAND}")


def _known(work: Work, unit_ids: Collection[int]) -> list[int]:
    query = select(Unit.id).where(Unit.id.in_(unit_ids), Unit.kind != UnitKind.OFFICE, Unit.active.is_(True))
    found = list(work.session.scalars(query.order_by(Unit.rank, Unit.id)))
    if len(found) != len(set(unit_ids)):
        raise Invalid({"units": NO_UNITS})
    return found


def demands(work: Work, bulletin: Bulletin, lines: list[Line], facts: Facts) -> tuple[Demand, ...]:
    """Return what the next steps ask of whom: of each step whose sentence still stands in the text, a row per unit."""
    texts = {line.key: compose(line.pieces, facts.shown) for line in lines}
    steps = [row for row in bulletin.requirements if row.get("units") and f"{row['key']}{DEMAND}" in texts]
    ids = {id_ for row in steps for id_ in row["units"]}
    units = {unit.id: unit for unit in work.session.scalars(select(Unit).where(Unit.id.in_(ids)))} if ids else {}
    return tuple(
        Demand(units[id_], texts.get(row["key"], row["text"]), date.fromisoformat(row["due_on"]))
        for row in steps
        for id_ in row["units"]
        if id_ in units
    )
