"""Writing the pairs of characters by which the ledger's search finds a finding (`kit/pairs.py`).

Whoever stores findings calls this with them, in the same transaction: the names of unit, subject and indicator are
those of that day.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from tracker.indicators.models import Indicator
from tracker.inspections.models import Finding, FindingWord
from tracker.kit.pairs import pairs
from tracker.org.models import Unit
from tracker.registry.models import Subject

SEARCHED = ("description", "place", "unit_id", "subject_id", "indicator_id")
"""Columns of a finding that its words come from."""
AT_ONCE = 500
"""Findings, or names, in one statement."""
Texts = dict[str, Any]
Names = dict[tuple[str, int], str]
_NAMED: tuple[tuple[str, Any, Any], ...] = (
    ("unit_id", Unit.id, Unit.name),
    ("subject_id", Subject.id, Subject.name),
    ("indicator_id", Indicator.id, Indicator.title),
)
_forget = delete(FindingWord).where(FindingWord.pair == bindparam("gone"), FindingWord.finding_id == bindparam("of"))


def searched(finding: Finding) -> Texts:
    """Return what a finding's words come from: take it before a change, for `change_words`."""
    return {name: getattr(finding, name) for name in SEARCHED}


def add_words(session: Session, findings: Sequence[Finding]) -> None:
    """Write the words of new findings, which must have been flushed; at most four statements for each 500."""
    for start in range(0, len(findings), AT_ONCE):
        part = findings[start : start + AT_ONCE]
        names = _names(session, map(searched, part))
        _add(session, [(pair, each.id) for each in part for pair in _pairs(searched(each), names)])


def change_words(session: Session, finding: Finding, before: Texts) -> None:
    """Bring the words of a changed finding up to date; `before` is what `searched` gave before the change."""
    now = searched(finding)
    if now == before:
        return
    names = _names(session, [before, now])
    old, new = _pairs(before, names), _pairs(now, names)
    gone = [{"gone": pair, "of": finding.id} for pair in sorted(old - new)]
    if gone:
        session.connection().execute(_forget, gone)
    _add(session, [(pair, finding.id) for pair in new - old])


def _add(session: Session, rows: list[tuple[str, int]]) -> None:
    if rows:
        told = [{"pair": pair, "finding_id": id_} for pair, id_ in sorted(rows)]
        session.connection().execute(insert(FindingWord), told)


def _names(session: Session, texts: Iterable[Texts]) -> Names:
    every = list(texts)
    found: Names = {}
    for column, id_, name in _NAMED:
        wanted = sorted({each[column] for each in every if each[column] is not None})
        if wanted:  # no more than the findings of one call, so one statement
            rows = session.execute(select(id_, name).where(id_.in_(wanted)))
            found |= {(column, row[0]): row[1] for row in rows}
    return found


def _pairs(texts: Texts, names: Names) -> set[str]:
    known = (names.get((column, texts[column]), "") for column, _id, _name in _NAMED)
    return pairs(texts["description"] or "", texts["place"] or "", *known)
