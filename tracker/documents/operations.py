"""Ordering papers and keeping account of their rendering: a row per paper, claimed by one worker at a time."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from tracker.documents.models import Paper, PaperState
from tracker.kit.unit_of_work import Actor, UnitOfWork

LEASE = timedelta(minutes=2)
"""A claim older than this belonged to a worker that died; the paper is taken again."""
PAUSES = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
"""Before the second, third … try; after the last the paper is failed and waits for a person."""


def content_digest(content: dict[str, Any]) -> str:
    """Return the SHA-256 of a paper's content as canonical JSON."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def tells(paper: Paper, content: dict[str, Any]) -> bool:
    """Tell whether the paper was ordered from exactly this content."""
    return paper.content_sha256 == content_digest(content)


def order(
    work: UnitOfWork[Actor], owner_type: str, owner_id: int, purpose: str, type_: str, content: dict[str, Any]
) -> Paper:
    """Order a paper from frozen content; the same content for the same owner and purpose is not ordered twice.

    Order of effects: the row, then (after commit) a call to the worker's topic `<owner_type>-paper`.
    """
    digest = content_digest(content)
    known = newest(work.session, owner_type, owner_id, purpose)
    if known is not None and known.content_sha256 == digest and known.state is not PaperState.FAILED:
        return known
    paper = Paper(
        owner_type=owner_type,
        owner_id=owner_id,
        purpose=purpose,
        type=type_,
        content=content,
        content_sha256=digest,
        state=PaperState.WAITING,
        due_at=work.now,
        ordered_at=work.now,
    )
    work.session.add(paper)
    work.session.flush()  # the worker is called by the row's id
    work.wake(f"{owner_type}-paper", paper.id)
    return paper


def newest(session: Session, owner_type: str, owner_id: int, purpose: str) -> Paper | None:
    """Return the newest paper of an owner and purpose."""
    query = select(Paper).where(Paper.owner_type == owner_type, Paper.owner_id == owner_id, Paper.purpose == purpose)
    return session.scalars(query.order_by(Paper.id.desc()).limit(1)).first()


def due(session: Session, work: UnitOfWork[Actor], owner_type: str, limit: int = 100) -> list[int]:
    """Return the ids of papers that wait for a try, or whose claim lapsed, longest waiting first."""
    query = (
        select(Paper.id)
        .where(
            Paper.owner_type == owner_type,
            Paper.state.in_([PaperState.WAITING, PaperState.CLAIMED]),
            Paper.due_at <= work.now,
        )
        .order_by(Paper.due_at, Paper.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def claim(work: UnitOfWork[Actor], paper_id: int) -> Paper | None:
    """Claim a paper that is due, by a conditional update; None when another worker has it or it is done."""
    statement = (
        update(Paper)
        .where(
            Paper.id == paper_id,
            Paper.due_at <= work.now,
            or_(Paper.state == PaperState.WAITING, Paper.state == PaperState.CLAIMED),
        )
        .values(state=PaperState.CLAIMED, tries=Paper.tries + 1, due_at=work.now + LEASE)
        .execution_options(synchronize_session=False)
    )
    claimed: int = work.session.execute(statement).rowcount  # type: ignore[attr-defined]
    return work.session.get(Paper, paper_id, populate_existing=True) if claimed == 1 else None


@dataclass(frozen=True)
class Printed:
    """What came of printing: where the bytes are, and what was measured on them."""

    sha256: str
    size: int
    pages: int
    checks: list[dict[str, Any]] | None = None
    fallbacks: tuple[str, ...] = ()


def finish(work: UnitOfWork[Actor], paper: Paper, printed: Printed) -> bool:
    """Note that a claimed paper's bytes are stored; False when somebody else finished it meanwhile."""
    statement = (
        update(Paper)
        .where(Paper.id == paper.id, Paper.state == PaperState.CLAIMED)
        .values(state=PaperState.READY, ready_at=work.now, trouble="", **asdict(printed))
        .execution_options(synchronize_session=False)
    )
    finished: int = work.session.execute(statement).rowcount  # type: ignore[attr-defined]
    work.session.refresh(paper)
    return finished == 1


def fail(work: UnitOfWork[Actor], paper: Paper, sentence: str, params: dict[str, Any] | None = None) -> None:
    """Note a failed try: the next one after a pause, or none after the last; the sentence is shown to people."""
    last = paper.tries > len(PAUSES)
    paper.trouble, paper.trouble_params = sentence, {key: str(each) for key, each in (params or {}).items()}
    paper.state = PaperState.FAILED if last else PaperState.WAITING
    paper.due_at = work.now + (timedelta() if last else PAUSES[paper.tries - 1])


def try_again(work: UnitOfWork[Actor], paper: Paper) -> None:
    """Give a failed paper another round of tries (a person asked for it)."""
    if paper.state is PaperState.FAILED:
        paper.state, paper.tries, paper.due_at = PaperState.WAITING, 0, work.now
        work.wake(f"{paper.owner_type}-paper", paper.id)
