"""How a request travels: asked in the unit, agreed there, recommended by the clerk, decided by the director."""

from enum import StrEnum

from tracker.kit.lifecycle import Lifecycle, Transition
from tracker.kit.words import N_


class RequestState(StrEnum):
    """Where a request stands; a request is a row of an assignment, never a state of it."""

    ASKED = "asked"
    WITH_OFFICE = "with_office"
    RECOMMENDED = "recommended"
    GRANTED = "granted"
    REFUSED = "refused"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


S = RequestState
PENDING = (S.ASKED, S.WITH_OFFICE, S.RECOMMENDED)
AT_OFFICE = (S.WITH_OFFICE, S.RECOMMENDED)

REQUEST = Lifecycle(
    "request",
    RequestState,
    S.ASKED,
    (
        Transition("agree", N_("Agree and pass on to the office"), (S.ASKED,), S.WITH_OFFICE, "request:agree"),
        Transition("decline", N_("Do not agree"), (S.ASKED,), S.DECLINED, "request:agree", ("reason",)),
        Transition("recommend", N_("Recommend"), (S.WITH_OFFICE,), S.RECOMMENDED, "request:recommend"),
        Transition("grant", N_("Grant"), (S.RECOMMENDED,), S.GRANTED, "request:decide"),
        Transition("refuse", N_("Refuse"), (S.RECOMMENDED,), S.REFUSED, "request:decide", ("reason",)),
        Transition("withdraw", N_("Withdraw"), PENDING, S.WITHDRAWN, "request:ask"),
    ),
)

EXTENSION_NAMES: dict[RequestState, str] = {
    S.ASKED: N_("with the unit's leader"),
    S.WITH_OFFICE: N_("with the office, for the clerk's opinion"),
    S.RECOMMENDED: N_("with the office, for decision"),
    S.GRANTED: N_("granted"),
    S.REFUSED: N_("refused"),
    S.DECLINED: N_("not agreed to by the unit's leader"),
    S.WITHDRAWN: N_("taken back"),
}
DISPUTE_NAMES: dict[RequestState, str] = EXTENSION_NAMES | {S.GRANTED: N_("upheld"), S.REFUSED: N_("not upheld")}


class TransferState(StrEnum):
    """Where a matter stands that a unit handed down to one of its own."""

    HANDED = "handed"
    ANSWERED = "answered"
    RETURNED = "returned"
    TAKEN = "taken_over"
    WITHDRAWN = "withdrawn"


T = TransferState
BELOW = (T.HANDED, T.RETURNED)
"""The subordinate unit owes its part."""

TRANSFER = Lifecycle(
    "transfer",
    TransferState,
    T.HANDED,
    (
        Transition("answer", N_("Hand the part in"), BELOW, T.ANSWERED, "transfer:answer", ("lines",)),
        Transition("return", N_("Return it"), (T.ANSWERED,), T.RETURNED, "transfer:make", ("reason",)),
        Transition("take_over", N_("Take the texts over"), (T.ANSWERED,), T.TAKEN, "transfer:make"),
        Transition(
            "withdraw",
            N_("Withdraw the transfer"),
            (T.HANDED, T.ANSWERED, T.RETURNED),
            T.WITHDRAWN,
            "transfer:make",
            ("reason",),
        ),
    ),
)
TRANSFER_NAMES: dict[TransferState, str] = {
    T.HANDED: N_("handed down, not answered"),
    T.ANSWERED: N_("handed in, to be taken over"),
    T.RETURNED: N_("returned to be completed"),
    T.TAKEN: N_("taken over"),
    T.WITHDRAWN: N_("withdrawn"),
}
