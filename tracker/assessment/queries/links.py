"""The rows behind a figure with the addresses that their reader may open."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from tracker.assessment.queries.countings import COUNTINGS, Span, day_of, rows_behind
from tracker.inspections.models import Finding
from tracker.notices.models import Assignment, Item
from tracker.org.policy import Work

MOST = 500
"""Rows of one figure on its page; the figure counts all."""
OFFICE = {"finding": "/findings/{}", "report": "/intake/reports/{}", "publication": "/intake/publications"}


@dataclass(frozen=True)
class Row:
    """One counted row: day (ISO), what, where it stands ("" where this reader has no page of it), and its change."""

    day: str
    what: str
    url: str
    change: str = ""
    """Since the signature: "new" is counted only now, "gone" was counted only then."""


def behind(work: Work, year: int, unit_id: int, name: str, signed: list[dict[str, Any]] | None = None) -> list[Row]:
    """Return the first rows of one figure, with what changed since a signature where there is one; two statements."""
    about = COUNTINGS[name].about
    now = rows_behind(Span(work.session, year, work.now), name, unit_id, MOST)
    kept = {row["id"] for row in signed or ()}
    known = {row.id for row in now}
    gone = [row for row in (signed or [])[:MOST] if row["id"] not in known and len(now) < MOST]
    tokens = _tokens(work, about, [row.id for row in now] + [row["id"] for row in gone])
    rows = [
        Row(day_of(row), row.what, _url(work, about, row.id, tokens), "new" if _new(signed, kept, row.id) else "")
        for row in now
    ]
    return rows + [Row(row["day"], row["what"], _url(work, about, row["id"], tokens), "gone") for row in gone]


def _new(signed: list[dict[str, Any]] | None, kept: set[int], id_: int) -> bool:
    return signed is not None and id_ not in kept


def _url(work: Work, about: str, id_: int, tokens: dict[int, str]) -> str:
    if about != "assignment" and work.actor.is_office:
        return OFFICE[about].format(id_)
    return f"/assignments/{tokens[id_]}" if id_ in tokens else ""


def _tokens(work: Work, about: str, ids: list[int]) -> dict[int, str]:
    """Return the assignment that each row is, or stands on: what a unit may open of its own matters."""
    if about == "assignment":
        query: Any = select(Assignment.id, Assignment.token).where(Assignment.id.in_(ids))
    elif about == "finding" and not work.actor.is_office:
        held = and_(Item.finding_id == Finding.id, Item.notice_id == Finding.notice_ref)
        query = select(Finding.id, Assignment.token).join(Item, held)
        query = query.join(Assignment, Assignment.id == Item.assignment_id)
        query = query.where(Finding.id.in_(ids), Assignment.delivered_at.is_not(None))
    else:
        return {}
    return {row[0]: row[1] for row in work.session.execute(query)}
