"""From the clerk's hands to the portal: handed in, made and checked, sent back or released."""

from typing import Any

from tracker.audit.policy import Word
from tracker.documents.operations import order
from tracker.editions.lifecycle import EditionState
from tracker.editions.models import PublicEdition
from tracker.editions.operations.steps import NOT_PUBLIC, allowed, may_be_public, move, note, require_open, touch
from tracker.editions.policy.deleting import Mark, abridged
from tracker.editions.queries import marks
from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.org.policy import Permission, Work

OWNER, PURPOSE = "public_edition", "public"
NOT_FINISHED = N_("The files are still being printed and checked. Release it when the page shows them.")
TRACED = N_("Deleted words are still found in the files. Send it back; the page names what and where.")
NEEDS_TAGS = N_("Fill in website, 标识码, column and source first: portals ask for these page tags.")


def hand_in(work: Work, edition: PublicEdition, version: int) -> None:
    """Fix what the public will read, and order its files: printed from the abridged content, never covered up.

    :raises Refused: it was handed in already, the page tags are not filled in, or the document was voided.
    :raises Stale: somebody changed the edition meanwhile.
    """
    require_open(edition, version)
    if not may_be_public(edition.notice):
        raise Refused(NOT_PUBLIC)
    if not all((edition.site_name, edition.site_code, edition.column_name, edition.source)):
        raise Refused(NEEDS_TAGS)
    edition.content, edition.deletions = abridged(edition.notice.frozen or {}, marks(list(edition.log)))
    # Which edition, and at which change: a paper that was ordered before is not taken for this one.
    edition.content |= {"edition": edition.sequence, "change": edition.version}
    edition.traces = edition.pdf_sha256 = edition.html_sha256 = None
    move(work, edition, "hand_in")
    touch(work, edition)
    order(work, OWNER, edition.id, PURPOSE, edition.content["type"], edition.content)
    note(work, Word.EDITION_HANDED_IN, edition, count=edition.deletions)


def finish(work: Work, edition: PublicEdition, pdf: str, html: str, traces: list[dict[str, Any]]) -> None:
    """Note the finished files (by their SHA-256) and what the check found in them."""
    if edition.state is not EditionState.IN_REVIEW:
        return
    edition.pdf_sha256, edition.html_sha256, edition.traces = pdf, html, traces
    word = Word.EDITION_TRACED if traces else Word.EDITION_CHECKED
    note(work, word, edition, count=len(traces), pdf_sha256=pdf, html_sha256=html)


def send_back(work: Work, edition: PublicEdition, reason: str) -> None:
    """Return an edition to the clerk with a reason.

    :raises Invalid: no reason.  :raises NotInState: it is not in review.  :raises Missing: not theirs to decide.
    """
    move(work, edition, "send_back", reason)
    note(work, Word.EDITION_SENT_BACK, edition)


def withdraw(work: Work, edition: PublicEdition, reason: str) -> None:
    """End an edition that is not released; its log stays.

    :raises Invalid: no reason.  :raises NotInState: it is released or withdrawn.
    """
    move(work, edition, "withdraw", reason)
    note(work, Word.EDITION_WITHDRAWN, edition)


def release(work: Work, edition: PublicEdition) -> None:
    """Release both files; an earlier edition gives way to this one and stays in the log.

    :raises Refused: the files are not finished, deleted words were found in them, or the document was voided.
    :raises Missing: the person had a hand in it.  :raises NotInState: it is not in review.
    """
    allowed(work, edition, "release")
    if edition.pdf_sha256 is None or edition.html_sha256 is None or edition.traces is None:
        raise Refused(NOT_FINISHED)
    if edition.traces:
        raise Refused(TRACED)
    if not may_be_public(edition.notice):
        raise Refused(NOT_PUBLIC)
    edition.state = EditionState.RELEASED
    edition.released_at, edition.released_name = work.now, work.actor.signature(Permission.NOTICE_SIGN)
    hashes = {"pdf_sha256": edition.pdf_sha256, "html_sha256": edition.html_sha256}
    note(work, Word.EDITION_RELEASED, edition, by=edition.released_name, count=edition.deletions, **hashes)


def strings(edition: PublicEdition) -> list[Mark]:
    """Return what the check looks for in the files: every deleted string, and those that stay."""
    return marks(list(edition.log))
