"""Looking for words in the ledger: by pairs of characters, so that words of two characters are found at once.

The rarest pair of a text gives the rows, newest first, by the key of a plain table that is the same on both databases.
So a page costs what it shows, whether a word is everywhere or nowhere; some thirty rows of pairs for each finding are
the price. Slow remains a longer word that no row holds though each of its pairs is everywhere.
"""

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.exchange.queries.filters import on_notice
from tracker.indicators.models import Indicator
from tracker.inspections.models import Finding, FindingWord
from tracker.kit.pairs import pairs, runs
from tracker.org.models import Unit
from tracker.registry.models import Subject

ENOUGH = 300
"""Rows after which a pair counts as frequent; so many entries of an index are read for each pair of a word."""
MOST = 12
"""Pairs that are asked of the index; a longer text is compared afterwards anyhow."""
NUMBER = re.compile(r"\S+〔\d{4}〕\d+号")


@dataclass(frozen=True)
class Sought:
    """Conditions of a search; `by_word` says that the rows are to come from `FindingWord`."""

    conditions: list[ColumnElement[bool]]
    by_word: bool = False


def sought(session: Session, text: str) -> Sought:
    """Return the conditions that a row holds every word of the text; a whole notice number finds its rows.

    The rarest pair gives the rows; a word of two characters is its pair, a longer one is compared with their texts.
    One small query for each pair, at most twelve; signs that are neither letter nor digit are passed over.
    """
    if NUMBER.fullmatch(text):
        return Sought([on_notice(session, text)])
    longer = [_mentions(run) for run in runs(text) if len(run) != 2]
    wanted = sorted(pairs(text))[:MOST]
    if not wanted:
        return Sought(longer)
    counts = {pair: _count(session, pair) for pair in wanted} if len(wanted) > 1 else {}
    first = min(wanted, key=lambda pair: counts.get(pair, 0))
    beside = [_beside(run) for run in runs(text) if len(run) == 2 and run != first]
    return Sought([FindingWord.pair == first, *beside, *longer], by_word=True)


def _count(session: Session, pair: str) -> int:
    some = select(FindingWord.finding_id).where(FindingWord.pair == pair).limit(ENOUGH).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _beside(pair: str) -> ColumnElement[bool]:
    other = aliased(FindingWord)
    return exists().where(other.pair == pair, other.finding_id == FindingWord.finding_id)


def _mentions(text: str) -> ColumnElement[bool]:
    columns = (Finding.description, Finding.place, Subject.name, Unit.name, Indicator.title)
    return or_(*(column.icontains(text, autoescape=True) for column in columns))
