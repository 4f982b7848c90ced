"""Looking for words in the ledger: by pairs of characters, so that words of two characters are found at once.

The rarest pair of a text gives the rows, by the key of a plain table that is the same on both databases. Are they few,
their ids are taken along; else they are walked, newest first, no further than `WINDOW` on one page: a longer word that
no row holds, though each of its pairs is everywhere, must not cost the reading of every row.
"""

import re
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, ColumnExpressionArgument, exists, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from tracker.indicators.models import Indicator
from tracker.inspections.models import Finding, FindingWord
from tracker.kit.pairs import pairs, runs
from tracker.ledger.queries.filters import on_notice
from tracker.org.models import Unit
from tracker.registry.models import Subject

ENOUGH = 300
"""Rows after which a pair counts as frequent; so many entries of an index are read for each pair of a word."""
WINDOW = 2000
"""Rows that are compared with a text for one page, where none of its pairs is rare."""
MOST = 12
"""Pairs that are asked of the index; a longer text is compared afterwards anyhow."""
NUMBER = re.compile(r"\S+〔\d{4}〕\d+号")
Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True)
class Sought:
    """Conditions of a search on findings; `pair` is the frequent one whose rows are walked, "" when there is none."""

    conditions: Conditions = field(default_factory=list)
    pair: str = ""
    walked: bool = False
    """Rows are compared one after the other: a page needs an end."""


def sought(session: Session, text: str) -> Sought:
    """Return the conditions that a row holds every word of the text; a whole notice number finds its rows.

    A word of two characters is its pair, a longer one is compared with the texts. One query for all pairs, at most
    twelve; signs that are neither letter nor digit are passed over.
    """
    if not text:
        return Sought()
    if NUMBER.fullmatch(text):
        return Sought([on_notice(session, text)])
    words = runs(text)
    compared = [_mentions(run) for run in words if len(run) != 2]
    wanted = sorted(pairs(text))[:MOST]
    if not wanted:
        return Sought(compared, walked=True)
    known = _newest(session, wanted)
    first = min(wanted, key=lambda pair: len(known[pair]))
    if len(known[first]) < ENOUGH:
        beside = [_has(run) for run in words if len(run) == 2 and run != first]
        return Sought([Finding.id.in_(known[first]), *beside, *compared])
    beside = [_has(run) for run in words if len(run) == 2 and run != first]
    return Sought([*beside, *compared], first, walked=bool(beside or compared))


def has(pair: str) -> ColumnElement[bool]:
    """Return the condition that a finding's texts hold a pair."""
    return _has(pair)


def _newest(session: Session, wanted: list[str]) -> dict[str, list[int]]:
    """Return for each pair the findings that hold it, no more than `ENOUGH`."""
    parts = []
    for pair in wanted:
        ids = select(FindingWord.finding_id.label("id")).where(FindingWord.pair == pair).limit(ENOUGH).subquery()
        parts.append(select(literal(pair).label("pair"), ids.c.id))
    found: dict[str, list[int]] = {pair: [] for pair in wanted}
    for pair, id_ in session.execute(union_all(*parts)):
        found[pair].append(id_)
    return found


def _has(pair: str) -> ColumnElement[bool]:
    other = aliased(FindingWord)
    return exists().where(other.pair == pair, other.finding_id == Finding.id)


def _mentions(text: str) -> ColumnElement[bool]:
    return or_(
        _holds(Finding.description, text),
        _holds(Finding.place, text),
        Finding.subject_id.in_(select(Subject.id).where(_holds(Subject.name, text))),
        Finding.unit_id.in_(select(Unit.id).where(_holds(Unit.name, text))),
        Finding.indicator_id.in_(select(Indicator.id).where(_holds(Indicator.title, text))),
    )


def _holds(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Compare without small and capital letters only where there are any: PostgreSQL takes three times as long."""
    plain: ColumnExpressionArgument[bool] = column.contains(text, autoescape=True)
    return column.icontains(text, autoescape=True) if text.upper() != text else plain  # type: ignore[return-value]
