"""Setting the ladder of one kind of notice."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Missing, Stale
from tracker.kit.words import N_
from tracker.notices.models import NoticeKind
from tracker.notices.policy import KINDS
from tracker.org.policy import Work
from tracker.reminders.models import StoredLadder
from tracker.reminders.policy.ladder import About, Ladder, Rung, Who, faults, rungs_about
from tracker.reminders.queries.ladder import rungs_of

SHORT = {Who.CONTACT: "联络员", Who.SECOND: "其他联络员", Who.LEADER: "领导", Who.CLERK: "经办"}
"""As the record, which is Chinese like the papers, says it."""


def set_ladder(work: Work, kind: NoticeKind, rungs: Sequence[Rung], version: int) -> None:
    """Set the ladder of a kind of notice; it holds from the next tick on, for notices that are under way too.

    :raises Missing: this kind asks no unit for an answer.
    :raises Invalid: {"<place>": sentence} of the rungs that cannot be.
    :raises Stale: somebody else set it meanwhile.
    """
    if not KINDS[kind].assigns:
        raise Missing
    wrong = faults(rungs)
    if wrong:
        raise Invalid({str(place): sentence for place, sentence in wrong.items()})
    row = stored_ladder(work.session, kind, lock=True)
    if (row.version if row else 0) != version:
        raise Stale(N_("Somebody else set the reminders meanwhile. Look at them again; yours are kept below."))
    ladder: Ladder = tuple(rung for about in About for rung in rungs_about(rungs, about))
    if row is not None and rungs_of(row.rungs) == ladder:
        return
    if row is None:
        row = StoredLadder(kind=kind)
        work.session.add(row)
    row.rungs, row.changed_at = _plain(ladder), work.now
    row.changed_by, row.changed_name = work.actor.person_id, work.actor.name
    work.session.flush()
    record(work, Word.LADDER_SET, row, kind=KINDS[kind].name, rungs="；".join(map(_said, ladder)))


def stored_ladder(session: Session, kind: NoticeKind, *, lock: bool = False) -> StoredLadder | None:
    """Return the ladder that the office set for a kind; None while the shipped one holds."""
    query = select(StoredLadder).where(StoredLadder.kind == kind)
    return session.scalar(query.with_for_update() if lock else query)


def _plain(ladder: Ladder) -> list[dict[str, object]]:
    return [
        {
            "about": rung.about.value,
            "offset": rung.offset,
            "who": [who.value for who in Who if who in rung.who],
            "heading": rung.heading,
        }
        for rung in ladder
    ]


def _said(rung: Rung) -> str:
    return f"{rung.name} {'、'.join(SHORT[who] for who in Who if who in rung.who)}"
