"""Making a public edition: proposal, decisions, handing in, release; every step with its line in the record."""

from tracker.editions.operations.beginning import proposal, start
from tracker.editions.operations.deciding import Tags, decide, tag
from tracker.editions.operations.releasing import (
    OWNER,
    PURPOSE,
    finish,
    hand_in,
    release,
    send_back,
    strings,
    withdraw,
)
from tracker.editions.operations.steps import LONGEST, LONGEST_REASON, may_be_public

__all__ = [
    "LONGEST",
    "LONGEST_REASON",
    "OWNER",
    "PURPOSE",
    "Tags",
    "decide",
    "finish",
    "hand_in",
    "may_be_public",
    "proposal",
    "release",
    "send_back",
    "start",
    "strings",
    "tag",
    "withdraw",
]
