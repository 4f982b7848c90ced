"""The ledger as cases for the proposing function: a fixed number of queries at any size."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from tracker.audit.models import Event
from tracker.audit.policy import Word
from tracker.escalation.models import Step
from tracker.escalation.policy import Case, Quarter, Round, Sent
from tracker.kit.clock import OFFICE, office_date
from tracker.kit.words import N_
from tracker.notices.lifecycle import ANSWERED, OWED, AssignmentState, NoticeState
from tracker.notices.models import About, Assignment, Batch, Notice, NoticeKind
from tracker.notices.queries import STILL_OPEN
from tracker.org.models import Unit
from tracker.replies.models import Decision, Reply
from tracker.requests.models import Dispute, Extension

STEPS = {NoticeKind.URGE: Step.URGE, NoticeKind.SUPERVISION: Step.SUPERVISION}
LIVE = [state for state in NoticeState if state not in (NoticeState.WITHDRAWN, NoticeState.VOIDED)]
EXTENSION_WAITS = N_("An extension was asked for and waits for a decision.")
DISPUTE_WAITS = N_("Disputed; the office has not decided yet.")
COLUMNS = (
    Assignment.id,
    Assignment.unit_id,
    Assignment.due_on,
    Assignment.due_at,
    Assignment.state,
    Assignment.token,
    Assignment.unit_name,
    Assignment.due_words,
    Assignment.original_on,
    Notice.number,
    Notice.title,
    Unit.rank,
)


@dataclass(frozen=True)
class Part:
    """A part of the ledger: some units, or some assignments; None for all."""

    units: frozenset[int] | None = None
    assignments: frozenset[int] | None = None

    def condition(self) -> list[ColumnElement[bool]]:
        """Return it as conditions on Assignment."""
        found: list[ColumnElement[bool]] = []
        if self.units is not None:
            found.append(Assignment.unit_id.in_(self.units))
        if self.assignments is not None:
            found.append(Assignment.id.in_(self.assignments))
        return found


def cases(session: Session, now: datetime, part: Part | None = None) -> list[Case]:
    """Return everything that a proposal may be about: what is owed and overdue, what was answered late.

    Late means here after the due moment; whether a reply stood at that moment is judged by the case. The answered
    ones begin with the quarter before this one: earlier quarters are not named any more.
    """
    first = datetime.combine(Quarter.of(office_date(now)).before.starts, time(), OFFICE)
    own = (part or Part()).condition()
    owed = owed_and_overdue(now, *own)
    late = and_(
        Assignment.state.in_(ANSWERED),
        Assignment.due_at >= first,
        Assignment.due_at <= now,
        Assignment.delivered_at.is_not(None),
        Assignment.submitted_at >= Assignment.due_at,
        *own,
    )
    rows = [*_rows(session, owed), *_rows(session, late)]
    beside = _Beside(session, [owed, late])
    return [_case(row, beside) for row in rows]


def owed_and_overdue(now: datetime, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition on assignments that owe an answer whose deadline has passed."""
    reached = (Assignment.delivered_at.is_not(None), Assignment.due_at <= now)
    return and_(*STILL_OPEN, Assignment.state.in_(OWED), *reached, *conditions)


def _rows(session: Session, condition: ColumnElement[bool]) -> list[Any]:
    query = select(*COLUMNS).join(Notice, Notice.id == Assignment.notice_id).join(Unit, Unit.id == Assignment.unit_id)
    return list(session.execute(query.where(condition)))


def _case(row: Any, beside: "_Beside") -> Case:
    return Case(
        assignment_id=row.id,
        unit_id=row.unit_id,
        due_on=row.due_on,
        due_at=row.due_at,
        owed=row.state in OWED,
        rounds=tuple(beside.rounds[row.id]),
        reopened=beside.reopened.get(row.id),
        sent=tuple(beside.sent[row.id]),
        token=row.token,
        number=row.number or "",
        title=row.title,
        unit_name=row.unit_name,
        rank=row.rank,
        due_words=row.due_words,
        first_due_on=row.original_on,
        remarks=tuple(beside.remarks[row.id]),
    )


class _Beside:
    """What stands beside the cases in other tables, by assignment: one query per table and part."""

    def __init__(self, session: Session, parts: list[ColumnElement[bool]]) -> None:
        self.rounds: dict[int, list[Round]] = defaultdict(list)
        self.sent: dict[int, list[Sent]] = defaultdict(list)
        self.remarks: dict[int, list[str]] = defaultdict(list)
        self.reopened: dict[int, datetime] = {}
        for part in parts:
            for id_, arrived, decision, decided in session.execute(ROUNDS.where(part)):
                self.rounds[id_].append(Round(arrived, decided if decision is Decision.RETURNED else None))
            for id_, kind, *rest in session.execute(SENT.where(part)):
                self.sent[id_].append(Sent(STEPS[kind], *rest))
        owed = parts[0]
        for query, msgid in ((EXTENSIONS, EXTENSION_WAITS), (DISPUTES, DISPUTE_WAITS)):
            for (id_,) in session.execute(query.where(owed)):
                self.remarks[id_].append(msgid)
        self.reopened = dict(session.execute(_reopened(owed)).all())


ROUNDS: Any = (
    select(Assignment.id, func.coalesce(Reply.arrived_at, Reply.submitted_at), Reply.decision, Reply.decided_at)
    .join(Reply, Reply.assignment_id == Assignment.id)
    .where(Reply.submitted_at.is_not(None))
    .order_by(Reply.assignment_id, Reply.round)
)
SENT: Any = (
    select(
        Assignment.id,
        Notice.kind,
        Notice.id,
        Notice.batch_id,
        Batch.drafted_at,
        Notice.number,
        Notice.issued_at,
        Batch.due_words,
    )
    .join(About, About.assignment_id == Assignment.id)
    .join(Notice, Notice.id == About.notice_id)
    .join(Batch, Batch.id == Notice.batch_id)
    .where(Notice.kind.in_(STEPS), Notice.state.in_(LIVE))
    .order_by(About.assignment_id, About.id)
)
EXTENSIONS: Any = select(Assignment.id).join(Extension, Extension.assignment_id == Assignment.id).distinct()
EXTENSIONS = EXTENSIONS.where(Extension.ended_at.is_(None))
DISPUTES: Any = select(Assignment.id).join(Dispute, Dispute.assignment_id == Assignment.id).distinct()
DISPUTES = DISPUTES.where(Dispute.ended_at.is_(None))


def _reopened(part: ColumnElement[bool]) -> Select[int, datetime]:
    """Return when each reopened assignment of a part was reopened last, as the record has it."""
    return (
        select(Assignment.id, func.max(Event.at))
        .join(Event, and_(Event.subject_type == "assignment", Event.subject_id == Assignment.id))
        .where(part, Assignment.state == AssignmentState.REOPENED, Event.word == str(Word.ASSIGNMENT_REOPENED))
        .group_by(Assignment.id)
    )
