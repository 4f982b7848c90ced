"""Storing indicator sets; a local set's changes become whole indicators that stand in for those of the set below."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.indicators.models import Indicator, IndicatorSet
from tracker.indicators.operations.parse import COLUMNS, ParsedSet
from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.org.policy import Work

NO_BASE = N_("The set %(set)s changes the indicator %(code)s of %(base)s, which is not loaded. Load %(base)s first.")


def load_set(work: Work, parsed: ParsedSet) -> int:
    """Store a set; return how many indicators were added or changed (the set's own lines count as one).

    Safe to repeat: what is equal is left alone, and then nothing is recorded. An indicator that the file no longer has
    stays, since findings may name it; one that is no longer changed locally ceases to stand in for the one below.

    :raises Refused: it changes an indicator of a set that is not loaded; nothing is stored.
    """
    indicators = parsed.indicators | _whole(work.session, parsed)
    found = work.session.scalar(select(IndicatorSet).where(IndicatorSet.code == parsed.columns["code"]))
    target = found or IndicatorSet(code=parsed.columns["code"])
    changed = int(_take(target, parsed.columns))
    work.session.add(target)
    work.session.flush()
    stored = {row.code: row for row in work.session.scalars(select(Indicator).where(Indicator.set_id == target.id))}
    given_up = [code for code in stored if code not in indicators and stored[code].overrides_id]
    for code, columns in (indicators | {code: {"overrides_id": None} for code in given_up}).items():
        row = stored.get(code) or Indicator(set_id=target.id, code=code)
        if _take(row, columns):
            changed += 1
            work.session.add(row)
    work.session.flush()
    if changed:
        record(work, Word.INDICATORS_LOADED, target, set=target.doc_no, count=len(indicators), changed=changed)
    return changed


def _whole(session: Session, parsed: ParsedSet) -> dict[str, dict[str, Any]]:
    """Return the changed indicators with every column: what the local set leaves unsaid is that of the base."""
    base = parsed.columns["extends"]
    rows = session.scalars(
        select(Indicator)
        .join(Indicator.set)
        .where(IndicatorSet.code == base, Indicator.code.in_(sorted(parsed.overrides)))
    )
    below = {row.code: row for row in rows} if parsed.overrides else {}
    whole = {}
    for code, said in parsed.overrides.items():
        if code not in below:
            raise Refused(NO_BASE, set=parsed.columns["code"], code=code, base=base)
        inherited = {name: getattr(below[code], name) for name in COLUMNS.values()}
        measure = {**(inherited["measure"] or {}), **(said.get("measure") or {})}
        whole[code] = inherited | said | {"measure": measure or None, "overrides_id": below[code].id}
    return whole


def _take(row: IndicatorSet | Indicator, columns: dict[str, Any]) -> bool:
    """Set the columns that differ; tell whether any did."""
    differing = {key: value for key, value in columns.items() if row.id is None or getattr(row, key) != value}
    for key, value in differing.items():
        setattr(row, key, value)
    return bool(differing)
