"""What every act on a public edition shares: may it be done now, whose hands were on it, its line in the record."""

from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.editions.lifecycle import CHANGEABLE, EDITION, EditionState
from tracker.editions.models import PublicEdition
from tracker.editions.queries import FOR_THE_PUBLIC
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.kit.lifecycle import Transition
from tracker.kit.plain_text import clean
from tracker.kit.words import N_
from tracker.notices.models import Notice
from tracker.notices.policy import IN_FORCE
from tracker.org.policy import Permission, Work, can

LONGEST, LONGEST_REASON = 500, 1000
NOT_PUBLIC = N_(
    "A public edition is made of a bulletin or a rectification notice that is issued, printed and not void."
)
FIXED = N_("This edition was handed in: it cannot be changed now. Have it sent back, or withdraw it.")
CHANGED = N_("Somebody else changed this edition after you opened it. Look at it again, then repeat your change.")
TOO_LONG = N_("At most %(most)s characters.")
NO_REASON = N_("Say why: the log keeps it.")


def may_be_public(notice: Notice) -> bool:
    """Tell whether a public edition can be made of a document."""
    return notice.kind in FOR_THE_PUBLIC and notice.state in IN_FORCE and notice.paper_sha256 is not None


def require_open(edition: PublicEdition, version: int) -> None:
    """Let only an edition be changed that is with the clerk and as the person saw it.

    :raises Refused: it was handed in.
    :raises Stale: somebody changed it meanwhile.
    """
    if edition.state not in CHANGEABLE:
        raise Refused(FIXED)
    if edition.version != version:
        raise Stale(CHANGED, {}, {})


def allowed(work: Work, edition: PublicEdition, name: str) -> Transition:
    """Return the step of that name, if it may be taken now by this person.

    :raises NotInState: the table has no such arrow from its state.
    :raises Missing: this person may not, or had a hand in what is to be signed.
    """
    transition = EDITION.step(name, edition.state)
    # The rule of the permission to sign asks for drafter and hands, which an edition has as a batch does.
    if not can(work.actor, transition.permission, edition if transition.permission == Permission.NOTICE_SIGN else None):
        raise Missing
    return transition


def move(work: Work, edition: PublicEdition, name: str, reason: str = "") -> None:
    """Take an edition one step.

    :raises NotInState: the table has no such arrow from its state.
    :raises Missing: this person may not.
    :raises Invalid: a needed reason is missing or too long.
    """
    transition = allowed(work, edition, name)
    reason = clean(reason)
    if "reason" in transition.requires:
        if not reason:
            raise Invalid({"reason": NO_REASON})
        if len(reason) > LONGEST_REASON:
            raise Invalid({"reason": TOO_LONG}, most=LONGEST_REASON)
        edition.reason = reason
    edition.state = EditionState(transition.target)


def touch(work: Work, edition: PublicEdition) -> None:
    """Remember whose hands were on it; the row gets its next version also when the log alone grew."""
    edition.hands = sorted({*(edition.hands or ()), *work.actor.hands(Permission.NOTICE_DRAFT)})
    flag_modified(edition, "hands")


def note(work: Work, word: Word, edition: PublicEdition, *, by: str = "", **detail: Any) -> None:
    """Write a line of the record: how many and which hash, never a deleted word nor a reason that may hold one."""
    told = {"number": edition.notice.number or "", "edition": edition.sequence}
    record(work, word, edition, case=f"batch:{edition.notice.batch_id}", by=by, **told, **detail)
