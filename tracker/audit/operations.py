"""The one writer of the record."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.audit.models import ChainHead, Event
from tracker.audit.policy import Word
from tracker.audit.queries import GENESIS, digest
from tracker.kit.db import Model
from tracker.kit.unit_of_work import Actor, UnitOfWork

PENDING = "audit.pending"


def record(
    work: UnitOfWork[Actor],
    word: Word,
    subject: Model | None = None,
    /,
    *,
    case: str | None = None,
    by: str = "",
    **detail: Any,
) -> None:
    """Write one event about `subject` in this transaction.

    `case` is the timeline it belongs to; `by` replaces the actor's name ("李× 代 王×"). Dates in `detail` become
    ISO texts. Order of effects: the event waits until the transaction's end, then the chain's head is locked, hashes
    are computed in order, and the events are inserted, so that the lock is held as shortly as can be.
    """
    if PENDING not in work.notes:
        work.notes[PENDING] = []
        work.at_commit(lambda: _append(work.session, work.notes[PENDING]))
    entry = (word, subject, case, by or work.actor.actor_name, {key: _plain(value) for key, value in detail.items()})
    work.notes[PENDING].append((work, entry))


def _append(session: Session, pending: list[tuple[UnitOfWork[Actor], tuple[Any, ...]]]) -> None:
    head = _locked_head(session)
    for work, (word, subject, case, name, detail) in pending:
        event = Event(
            id=head.last_event + 1,
            at=work.now,
            actor_id=work.actor.actor_id,
            actor_name=name,
            address=work.actor.address,
            word=str(word),
            subject_type=subject.__tablename__ if subject is not None else "",
            subject_id=getattr(subject, "id", None),
            case=case,
            detail=detail,
            prev_hash=head.hash,
        )
        event.hash = digest(event)
        head.last_event, head.hash = event.id, event.hash
        session.add(event)
    session.flush()


def _locked_head(session: Session) -> ChainHead:
    head = session.scalar(
        select(ChainHead).where(ChainHead.id == 1).with_for_update().execution_options(populate_existing=True)
    )
    if head is None:
        head = ChainHead(id=1, last_event=0, hash=GENESIS)
        session.add(head)
        session.flush()
    return head


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)
