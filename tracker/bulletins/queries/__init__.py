"""Bulletins and the ledger's figures for them."""

from tracker.bulletins.queries.bulletins import (
    bulletin_by_id,
    bulletin_of_batch,
    bulletins_page,
    dropped_of,
    facts_of,
    flags_of,
    lines_of,
    visible,
)
from tracker.bulletins.queries.facts import Settings, gather

__all__ = [
    "Settings",
    "bulletin_by_id",
    "bulletin_of_batch",
    "bulletins_page",
    "dropped_of",
    "facts_of",
    "flags_of",
    "gather",
    "lines_of",
    "visible",
]
