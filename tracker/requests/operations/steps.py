"""The one way a request changes its state: by its table, with its permission, at its version."""

from tracker.kit.errors import Invalid, Missing, Stale
from tracker.kit.plain_text import clean
from tracker.kit.words import N_
from tracker.notices.operations.steps import TELL
from tracker.org.policy import Work, can
from tracker.requests.lifecycle import REQUEST, RequestState
from tracker.requests.models import Asked
from tracker.requests.policy import TEXT

CHANGED = N_("Somebody else has dealt with this request since you opened it. Nothing of yours was stored: look again.")
NEEDS_REASON = N_("Write the reason: the unit sees this sentence.")
TOO_LONG = N_("A reason has at most 1,000 characters.")


def step(work: Work, request: Asked, name: str, version: int | None, reason: str = "") -> str:
    """Take a request one step and return the cleaned reason; the caller writes what else changes, and the record.

    `version` is that of the row when its form was opened.

    :raises Missing: this person may not.  :raises Stale: it was changed since.
    :raises NotInState: the table has no such arrow.  :raises Invalid: the reason is missing or too long.
    """
    if not can(work.actor, REQUEST[name].permission, request):
        raise Missing
    if version is not None and version != request.version:
        raise Stale(CHANGED)
    transition = REQUEST.step(name, request.state)
    reason = clean(reason)
    if "reason" in transition.requires and not reason:
        raise Invalid({"answer": NEEDS_REASON})
    if len(reason) > TEXT:
        raise Invalid({"answer": TOO_LONG})
    request.state = RequestState(transition.target)
    work.wake(TELL, 0)
    return reason


def end(work: Work, request: Asked, name: str, answer: str) -> None:
    """Note who ended a request, and with which words to the unit."""
    request.ended_at, request.ended_by = work.now, work.actor.person_id
    request.ended_name = work.actor.signature(REQUEST[name].permission)
    request.answer = answer


def agree_for_unit(work: Work, request: Asked, name: str, by: int | None) -> None:
    """Note that the unit's leader is for it: by an own login (`by`), or as the contact vouches."""
    request.agreed_name, request.agreed_by, request.agreed_at = name, by, work.now


def opine(work: Work, request: Asked, *, favour: bool, opinion: str) -> None:
    """Note the clerk's opinion."""
    request.recommends, request.opinion = favour, opinion
    request.recommended_by, request.recommended_at = work.actor.person_id, work.now
    request.recommended_name = work.actor.signature(REQUEST["recommend"].permission)
