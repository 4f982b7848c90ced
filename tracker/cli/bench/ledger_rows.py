"""What the ledger's bench adds to the made-up notices: an inspection for each month, rare words, all pairs."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from tracker.indicators.models import Indicator, Level
from tracker.inspections.models import Finding, FindingWord, Inspection
from tracker.kit.pairs import pairs
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.registry.models import Subject

RARE_EVERY = 20_000
RARE = "咨询信件超期未答复"
MONTHS = 40
AT_ONCE = 100_000


def fill(work: Work) -> int:
    """Spread the findings over months and levels, let a few say something rare, note all pairs; return how many."""
    _spread(work)
    work.session.execute(update(Finding).where(Finding.id % RARE_EVERY == 7).values(description=RARE))
    query = (
        select(Finding.id, Finding.description, Finding.place, Unit.name, Subject.name, Indicator.title)
        .join(Unit, Unit.id == Finding.unit_id)
        .join(Subject, Subject.id == Finding.subject_id)
        .join(Indicator, Indicator.id == Finding.indicator_id)
    )
    found = sorted((pair, row[0]) for row in work.session.execute(query) for pair in pairs(*row[1:]))
    _put(work, found)
    return len(found)


def _spread(work: Work) -> None:
    first = work.session.get_one(Inspection, 1)
    month = work.today.replace(day=1)
    for _ in range(MONTHS):
        after = (month + timedelta(days=32)).replace(day=1)
        _move(work, first, month, after - timedelta(days=1))
        month = (month - timedelta(days=1)).replace(day=1)
    work.session.execute(update(Finding).where(Finding.id % 5 == 0).values(level=Level.DEDUCT))


def _move(work: Work, like: Inspection, starts_on: date, ends_on: date) -> None:
    same = {
        column.key: getattr(like, column.key) for column in Inspection.__mapper__.column_attrs if column.key != "id"
    }
    same |= {"period": f"{starts_on:%Y-%m}", "starts_on": starts_on, "ends_on": ends_on}
    inspection = Inspection(**same)
    work.session.add(inspection)
    work.session.flush()
    inside = Finding.found_on.between(starts_on, ends_on)
    work.session.execute(update(Finding).where(inside).values(inspection_id=inspection.id))


def _put(work: Work, found: list[tuple[str, int]]) -> None:
    connection: Any = work.session.connection()
    if connection.dialect.name == "postgresql":
        with (
            connection.connection.cursor() as cursor,
            cursor.copy("COPY finding_word (pair, finding_id) FROM STDIN") as to,
        ):
            for row in found:
                to.write_row(row)
        return
    for start in range(0, len(found), AT_ONCE):
        part = [{"pair": pair, "finding_id": id_} for pair, id_ in found[start : start + AT_ONCE]]
        connection.execute(insert(FindingWord), part)
