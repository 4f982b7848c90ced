"""Deciding what goes and what stays, each decision a line of the log; and the page tags."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from tracker.audit.policy import Word
from tracker.editions.models import Act, Deletion, Kind, PublicEdition
from tracker.editions.operations.steps import LONGEST, LONGEST_REASON, NO_REASON, TOO_LONG, note, require_open, touch
from tracker.editions.policy.deleting import Mark, leaves, places, public
from tracker.editions.policy.folding import key
from tracker.kit.errors import Invalid
from tracker.kit.plain_text import clean, one_line
from tracker.kit.words import N_
from tracker.org.policy import Work

NO_TEXT = N_("Write the words that are meant, exactly as the document says them.")
NOT_SAID = N_("The document does not say this. Copy the words from the text.")


@dataclass(frozen=True)
class Tags:
    """The page tags of the HTML file."""

    site_name: str
    site_domain: str
    site_code: str
    column_name: str
    column_type: str
    source: str
    published_on: date


def decide(work: Work, edition: PublicEdition, text: str, kind: Kind, act: Act, reason: str, version: int) -> None:
    """Note that words of the document are deleted (or stay) wherever it says them, and why.

    :raises Refused: it was handed in.
    :raises Stale: somebody changed the edition meanwhile.
    :raises Invalid: no words, words the document does not say, or no reason.
    """
    require_open(edition, version)
    text, reason = one_line(text), clean(reason)
    problems: dict[str, str] = {}
    if not key(text):
        problems["text"] = NO_TEXT
    elif len(text) > LONGEST:
        problems["text"] = TOO_LONG
    elif not (count := count_of(edition.notice.frozen or {}, text)):
        problems["text"] = NOT_SAID
    if not reason:
        problems["reason"] = NO_REASON
    elif len(reason) > LONGEST_REASON:
        problems["reason"] = TOO_LONG
    if problems:
        raise Invalid(problems, most=LONGEST if problems.get("text") == TOO_LONG else LONGEST_REASON)
    log(work, edition, text, kind, act, reason, count)
    touch(work, edition)
    work.session.flush()
    work.session.expire(edition, ["log"])
    note(work, Word.EDITION_CHANGED, edition)


def tag(work: Work, edition: PublicEdition, tags: Tags, version: int) -> None:
    """Set the page tags.

    :raises Refused: it was handed in.
    :raises Stale: somebody changed the edition meanwhile.
    """
    require_open(edition, version)
    for name, value in asdict(tags).items():
        setattr(edition, name, value)
    touch(work, edition)
    work.session.flush()
    note(work, Word.EDITION_CHANGED, edition)


def count_of(content: dict[str, Any], text: str) -> int:
    """Return how often a document says a string, however it is written."""
    return len(places(leaves(public(content)), [Mark(text)]))


def log(
    work: Work,
    edition: PublicEdition,
    text: str,
    kind: Kind,
    act: Act,
    reason: str = "",
    count: int = 0,
    earlier: Deletion | None = None,
) -> None:
    """Add a line to the log; one taken over from an earlier edition keeps who wrote it and when."""
    work.session.add(
        Deletion(
            edition_id=edition.id,
            text=text,
            kind=kind,
            act=act,
            reason=reason,
            count=count,
            by_id=earlier.by_id if earlier else work.actor.person_id,
            by_name=earlier.by_name if earlier else work.actor.name,
            at=earlier.at if earlier else work.now,
        )
    )
