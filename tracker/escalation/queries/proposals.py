"""What is proposed now, what was decided, and the namings that a bulletin takes over."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.almanac.queries import calendar
from tracker.escalation.models import EscalationMorning, Proposal, ProposalState, Step
from tracker.escalation.policy import LETTERS, Case, Decided, Moment, Proposed, Quarter, proposals
from tracker.escalation.queries.ledger import Part, cases, owed_and_overdue
from tracker.escalation.queries.terms import terms
from tracker.kit.clock import office_date
from tracker.kit.errors import Missing
from tracker.notices.lifecycle import OWED, AssignmentState, NoticeState
from tracker.notices.models import Assignment
from tracker.org.models import Unit
from tracker.org.policy import Permission, Work, can

SILENT = (ProposalState.LATER, ProposalState.ACCEPTED, ProposalState.DECLINED, ProposalState.HELD)
"""Decisions that may keep a proposal from being made again."""
MOST_SHOWN = 30
"""Decisions on the page."""


def moment_of(work: Work) -> Moment:
    """Return now, with the office's calendar and terms."""
    return Moment(work.now, calendar(work.session), terms(work.session))


def proposed(work: Work, part: Part | None = None) -> list[Proposed]:
    """Return what is proposed at this moment, of all the ledger or of a part."""
    found = cases(work.session, work.now, part)
    return proposals(found, decisions(work.session, work.now), moment_of(work))


def current(now: datetime) -> ColumnElement[bool]:
    """Return the condition on stored proposals that can still be made: of what is owed, or of the last two quarters."""
    present = Quarter.of(office_date(now))
    owed = select(Assignment.id).where(owed_and_overdue(now))
    return or_(
        Proposal.quarter.in_([present.code, present.before.code]),
        and_(Proposal.step.in_(LETTERS), Proposal.assignment_id.in_(owed)),
    )


def decisions(session: Session, now: datetime) -> dict[str, Decided]:
    """Return what was said of proposals that can still be made, by key."""
    query = select(Proposal.key, Proposal.state, Proposal.until).where(Proposal.state.in_(SILENT), current(now))
    return {key: Decided(state, until) for key, state, until in session.execute(query)}


def waiting(work: Work, most: int) -> tuple[int, list[Proposal]]:
    """Return how many stored proposals wait for this person (counted up to `most` + 1), and the first of them.

    For the home page: the morning's rows without those that were answered, extended or voided since. Letters and
    namings wait for whoever drafts, a talk for whoever may decide on it; the page shows everybody all of them.
    """
    owed = and_(Assignment.state.in_(OWED), Assignment.due_at <= work.now)
    stands = or_(Proposal.assignment_id.is_(None), owed)
    drafts, talks = can(work.actor, Permission.NOTICE_DRAFT), can(work.actor, Permission.TALK_DECIDE)
    steps = [step for step in Step if (talks if step is Step.TALK else drafts)]
    query = select(Proposal).outerjoin(Proposal.assignment)
    query = query.where(Proposal.state == ProposalState.OPEN, Proposal.step.in_(steps), stands)
    count = work.session.scalar(select(func.count()).select_from(query.limit(most + 1).subquery())) or 0
    whole = (contains_eager(Proposal.unit), contains_eager(Proposal.assignment).joinedload(Assignment.notice))
    rows = query.join(Proposal.unit).options(*whole).order_by(Unit.rank, Unit.id, Proposal.id)
    return count, list(work.session.scalars(rows.limit(8)))


def by_key(session: Session, key: str) -> Proposal:
    """Return a stored proposal.

    :raises Missing: there is none of that key.
    """
    found = session.scalar(select(Proposal).where(Proposal.key == key))
    if found is None:
        raise Missing
    return found


def decided_rows(session: Session) -> list[Proposal]:
    """Return the newest decisions, newest first."""
    decided = (Proposal.decided_at.is_not(None), Proposal.state != ProposalState.OPEN)
    query = select(Proposal).where(*decided).order_by(Proposal.decided_at.desc(), Proposal.id)
    loaded = (joinedload(Proposal.unit), joinedload(Proposal.assignment).joinedload(Assignment.notice))
    return list(session.scalars(query.options(*loaded).limit(MOST_SHOWN)))


def last_morning(session: Session) -> EscalationMorning | None:
    """Return the newest day on which proposals were stored."""
    return session.scalar(select(EscalationMorning).order_by(EscalationMorning.day.desc()).limit(1))


NEVER_SAID = (NoticeState.WITHDRAWN, NoticeState.VOIDED)


@dataclass(frozen=True)
class Naming:
    """An accepted naming of a unit, as a bulletin may say it."""

    unit: Unit
    quarter: Quarter
    accepted_on: date
    accepted_name: str
    late: list[dict[str, Any]]
    """The late replies as they stood when it was accepted (`facts_of`), but for the overturned ones."""
    overturned: list[dict[str, Any]]
    """Those whose notice was voided or whose deadline was moved since: no reason to name anybody."""
    id: int = 0
    key: str = ""
    """Of its proposal, as the page is addressed."""
    used_in: int | None = None
    """Id of the bulletin's notice that says it, drafted or issued; None again when that was withdrawn or voided."""


def namings(session: Session, quarter: Quarter | str) -> list[Naming]:
    """Return the accepted namings of a quarter in the registry's order of units; two queries."""
    wanted = quarter if isinstance(quarter, Quarter) else Quarter.parse(quarter)
    query = select(Proposal).join(Proposal.unit).options(contains_eager(Proposal.unit), joinedload(Proposal.bulletin))
    accepted = (Proposal.step == Step.NAMING, Proposal.state == ProposalState.ACCEPTED, Proposal.quarter == wanted.code)
    rows = list(session.scalars(query.where(*accepted).order_by(Unit.rank, Unit.id)))
    ids = [fact["assignment_id"] for row in rows for fact in row.facts]
    now = select(Assignment.id, Assignment.state, Assignment.due_at).where(Assignment.id.in_(ids))
    standing = {
        id_: due_at.isoformat() for id_, state, due_at in session.execute(now) if state is not AssignmentState.VOIDED
    }
    return [_naming(row, wanted, standing) for row in rows]


def _naming(row: Proposal, quarter: Quarter, standing: dict[int, str]) -> Naming:
    late = [fact for fact in row.facts if standing.get(fact["assignment_id"]) == fact["due_at"]]
    overturned = [fact for fact in row.facts if fact not in late]
    on = office_date(row.decided_at) if row.decided_at else row.proposed_on
    said = row.bulletin if row.bulletin and row.bulletin.state not in NEVER_SAID else None
    return Naming(row.unit, quarter, on, row.decided_name, late, overturned, row.id, row.key, said.id if said else None)


def facts_of(case: Case, moment: Moment) -> dict[str, Any]:
    """Return the facts about one case as plain values: number, due days, when answered, what was sent."""
    arrived = [each.arrived for each in case.rounds if each.arrived >= case.due_at]
    answered = min(arrived, default=None) if case.late(moment.now) else case.answered
    return {
        "assignment_id": case.assignment_id,
        "token": case.token,
        "number": case.number,
        "title": case.title,
        "unit": case.unit_name,
        "due": case.due_words,
        "due_on": case.due_on.isoformat(),
        "due_at": case.due_at.isoformat(),
        "first_due_on": case.first_due_on.isoformat() if case.first_due_on else None,
        "answered_at": answered.isoformat() if answered else None,
        "days_late": max(1, moment.calendar.count(case.due_on, office_date(answered or moment.now))),
        "rounds": len(case.rounds),
        "waiting_since": case.waiting_since.isoformat(),
        "letters": [
            {
                "kind": each.step.value,
                "number": each.number,
                "batch_id": each.batch_id,
                "notice_id": each.notice_id,
                "on": office_date(each.issued or each.drafted).isoformat(),
                "due": each.due_words,
            }
            for each in case.sent
        ],
        "remarks": list(case.remarks),
    }
