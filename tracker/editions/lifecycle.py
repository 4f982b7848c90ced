"""The lifecycle of a public edition."""

from enum import StrEnum

from tracker.kit.lifecycle import Lifecycle, Transition
from tracker.kit.words import N_


class EditionState(StrEnum):
    """Where a public edition stands; that a later one took its place is seen from the later one."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


E = EditionState

EDITION = Lifecycle(
    "public edition",
    EditionState,
    E.DRAFT,
    (
        Transition("hand_in", N_("Hand in for release"), (E.DRAFT, E.RETURNED), E.IN_REVIEW, "notice:draft"),
        Transition("send_back", N_("Send back"), (E.IN_REVIEW,), E.RETURNED, "notice:sign", ("reason",)),
        Transition("release", N_("Release"), (E.IN_REVIEW,), E.RELEASED, "notice:sign", ("files", "no traces")),
        Transition(
            "withdraw", N_("Withdraw"), (E.DRAFT, E.RETURNED, E.IN_REVIEW), E.WITHDRAWN, "notice:draft", ("reason",)
        ),
    ),
)
UNFINISHED = (E.DRAFT, E.IN_REVIEW, E.RETURNED)
CHANGEABLE = (E.DRAFT, E.RETURNED)
