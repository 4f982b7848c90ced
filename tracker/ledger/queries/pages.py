"""One page of the ledger: first the ids, by the index that fits what is asked, then their rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.inspections.models import Finding, FindingWord
from tracker.kit.paging import LARGEST, Page
from tracker.ledger.policy import Line
from tracker.ledger.queries.filters import LedgerFilter, narrow, others
from tracker.ledger.queries.names import Names
from tracker.ledger.queries.rows import Moment, all_conditions, made_of, of_ids
from tracker.ledger.queries.search import WINDOW, has, sought
from tracker.org.policy import Identity, Permission, can

SIZE = 50


@dataclass(frozen=True)
class LedgerPage(Page[Line]):
    """Some rows; `compared` tells after how many a search stopped for this page, 0 when it went to the end."""

    compared: int = 0


def ledger_page(
    session: Session, identity: Identity, wanted: LedgerFilter, after: str | None, moment: Moment, known: Names
) -> LedgerPage:
    """Return one page of the ledger, beginning after the finding whose id `after` is; a constant number of queries."""
    if not can(identity, Permission.FINDING_READ):
        return LedgerPage([], None)
    before = int(after) if after and after.isascii() and after.isdigit() and int(after) <= LARGEST else None
    ids, stopped_at = _ids(session, wanted, moment.now, before)
    found = session.connection().execute(of_ids(), {"ids": ids[:SIZE]}).all() if ids else []
    made = made_of(session, found, moment, known)
    if stopped_at is not None:
        return LedgerPage(made, str(stopped_at), WINDOW)
    return LedgerPage(made, str(made[-1].finding_id) if len(ids) > SIZE else None)


def count_lines(session: Session, wanted: LedgerFilter, now: datetime, most: int) -> int:
    """Return how many rows a filter leaves, counted no further than `most`."""
    some = select(Finding.id).where(*all_conditions(session, wanted, now)).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _ids(session: Session, wanted: LedgerFilter, now: datetime, before: int | None) -> tuple[list[int], int | None]:
    """Return the ids of a page and of one row more; and where a search stopped that did not come to the end."""
    found, exact, rest = sought(session, wanted.text), narrow(session, wanted), others(session, wanted, now)
    by_pair = bool(found.pair and not exact)
    key: Any = FindingWord.finding_id if by_pair else Finding.id
    source: Select[Any] = select(key).where(*([FindingWord.pair == found.pair] if by_pair else exact))
    source = (source if before is None else source.where(key < before)).order_by(key.desc())
    if found.pair and not by_pair:
        rest.append(has(found.pair))
    rest += found.conditions
    last = None
    if found.walked:
        last = session.scalar(source.offset(WINDOW - 1).limit(1))
        source = source if last is None else source.where(key >= last)
    if by_pair and rest:
        source = source.join(Finding, Finding.id == FindingWord.finding_id)
    ids = list(session.scalars(source.where(*rest).limit(SIZE + 1)))
    return ids, last if len(ids) <= SIZE else None
