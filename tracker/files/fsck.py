"""Comparing rows with bytes: what is missing, what was altered, what lies there without a row."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.files.models import StoredFile
from tracker.files.store import Absent, Damaged, Store

GRACE = timedelta(hours=24)
"""A younger file without a row may belong to a request that is still under way."""


@dataclass
class Findings:
    """Hashes, sorted; `missing` and `wrong` break a promise, `orphan` costs only space."""

    checked: int = 0
    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    orphan: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Tell whether every row's bytes are there and unaltered."""
        return not (self.missing or self.wrong)


def check_files(session: Session, store: Store, now: datetime, also_claimed: Iterable[str] = ()) -> Findings:
    """Read every byte that a row names and list what is wrong; changes nothing.

    `also_claimed` are hashes that other tables name in the same store.
    """
    claimed = set(session.scalars(select(StoredFile.sha256))) | set(also_claimed)
    findings = Findings(checked=len(claimed))
    for sha256 in sorted(claimed):
        try:
            store.open(sha256).close()
        except Absent:
            findings.missing.append(sha256)
        except Damaged:
            findings.wrong.append(sha256)
    unclaimed = sorted(set(store.list()) - claimed)
    findings.orphan = [sha256 for sha256 in unclaimed if now - store.stat(sha256).kept_at > GRACE]
    return findings
