"""What waits for somebody: short lists, oldest deadline first, with counts that cost the same at any size."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from tracker.documents.models import Paper, PaperState
from tracker.inspections.queries import waiting_findings
from tracker.notices.lifecycle import ANSWERING, AssignmentState
from tracker.notices.models import Assignment, Batch
from tracker.notices.queries import STILL_OPEN, awaiting_sign_off, drafts_of, visible_assignments
from tracker.org.policy import Permission, Work, can
from tracker.reminders.models import Heartbeat
from tracker.reminders.queries.reach import unreached as unreached_contacts
from tracker.replies.models import Reply, Stack

ROWS = 8
"""Rows of one list on a home page; the list's own page shows the rest."""
ANSWERED_OR_OVER = tuple(state for state in AssignmentState if state not in (AssignmentState.ISSUED, *ANSWERING))
LATELY = timedelta(days=14)
"""A stack of which nothing was filed within this time is no longer pointed at: it cannot be taken away."""
MOST = 200
"""Counts stop here: "200+" tells enough, and counting further would cost more with every year of work."""


@dataclass(frozen=True)
class Waiting:
    """One list: how many wait (at most MOST), and the first rows."""

    count: int
    rows: list[Any]

    @property
    def figure(self) -> str:
        """Return the count as shown."""
        return f"{MOST}+" if self.count > MOST else str(self.count)


def _waiting(work: Work, query: Select[Any]) -> Waiting:
    count = work.session.scalar(select(func.count()).select_from(query.order_by(None).limit(MOST + 1).subquery())) or 0
    return Waiting(count, list(work.session.scalars(query.limit(ROWS)).unique()))


def _assignments(work: Work, *conditions: Any) -> Waiting:
    ids = select(Assignment.id).where(*conditions)
    count = work.session.scalar(select(func.count()).select_from(ids.limit(MOST + 1).subquery())) or 0
    query = visible_assignments(work.actor).where(*conditions).order_by(Assignment.due_at, Assignment.id)
    return Waiting(count, list(work.session.scalars(query.limit(ROWS)).unique()))


def to_sign(work: Work) -> list[Batch]:
    """Return the batches that wait for a director and were not drafted by this one."""
    return [batch for batch in awaiting_sign_off(work.session) if can(work.actor, Permission.NOTICE_SIGN, batch)]


def own_drafts(work: Work) -> list[Batch]:
    """Return the clerk's batches that are drafts or were sent back."""
    return drafts_of(work.session, work.actor.person_id or 0)


def findings_to_pick(work: Work) -> Waiting:
    """Return the findings that no notice holds yet."""
    return _waiting(work, waiting_findings(work.actor))


def overdue(work: Work) -> Waiting:
    """Return the assignments whose deadline passed without a submitted reply."""
    # Said as what it is not: asked for some states, a database takes its index of states and sorts all it finds there.
    unanswered = Assignment.state.not_in(ANSWERED_OR_OVER)
    return _assignments(work, *STILL_OPEN, unanswered, Assignment.due_at <= work.now)


def unacknowledged(work: Work) -> Waiting:
    """Return the delivered assignments that the unit has not acknowledged."""
    return _assignments(work, Assignment.state == AssignmentState.ISSUED, Assignment.due_at > work.now)


def to_review(work: Work) -> Waiting:
    """Return the submitted replies."""
    return _assignments(work, Assignment.state == AssignmentState.SUBMITTED)


def stacks_to_file(work: Work) -> Waiting:
    """Return the stacks of scans handed in lately of which nothing was filed yet, oldest first."""
    lately = Stack.made_at > work.now - LATELY
    query = select(Stack).options(joinedload(Stack.file)).where(lately, ~Stack.parts.any())
    return _waiting(work, query.order_by(Stack.id))


def to_register(work: Work) -> Waiting:
    """Return the assignments whose paper reply the office began to register and did not submit (代录)."""
    held = select(Reply.assignment_id).where(Reply.registered_by.is_not(None), Reply.submitted_at.is_(None))
    return _assignments(work, Assignment.id.in_(held))


def unreached(work: Work, columns: Collection[str] | None) -> Waiting:
    """Return the contacts with open matters whom no channel reaches; see `reminders.queries.reach.unreached`."""
    return _waiting(work, unreached_contacts(columns))


def to_answer(work: Work) -> Waiting:
    """Return the own unit's assignments that it has to do something about."""
    todo = (AssignmentState.ISSUED, *ANSWERING)
    own = (Assignment.unit_id == work.actor.unit_id, Assignment.delivered_at.is_not(None))
    return _assignments(work, *STILL_OPEN, *own, Assignment.state.in_(todo))


def with_office(work: Work) -> Waiting:
    """Return the own unit's assignments that wait for the office's review."""
    own = Assignment.unit_id == work.actor.unit_id
    return _assignments(work, *STILL_OPEN, own, Assignment.state == AssignmentState.SUBMITTED)


def failed_papers(work: Work) -> list[Paper]:
    """Return the notices' papers that could not be printed and wait for a person."""
    query = select(Paper).where(Paper.state == PaperState.FAILED, Paper.owner_type == "notice").order_by(Paper.id)
    return list(work.session.scalars(query.limit(ROWS)))


def latest_batches(work: Work) -> list[Batch]:
    """Return the newest batches, for those who only watch."""
    return list(
        work.session.scalars(select(Batch).options(joinedload(Batch.drafter)).order_by(Batch.id.desc()).limit(ROWS))
    )


def last_tick(work: Work) -> Heartbeat | None:
    """Return when the reminders last ran."""
    return work.session.get(Heartbeat, "tick")
