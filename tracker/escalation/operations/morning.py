"""Each working morning the system stores what it proposes; what the ledger has overtaken goes by itself."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.escalation.models import EscalationMorning, Proposal, ProposalState
from tracker.escalation.operations.decide import store
from tracker.escalation.policy import proposals
from tracker.escalation.queries.ledger import cases
from tracker.escalation.queries.proposals import current, decisions, moment_of
from tracker.org.policy import Work

WAITING = (ProposalState.OPEN, ProposalState.LATER)


@dataclass(frozen=True)
class Done:
    """What a morning changed."""

    proposed: int
    overtaken: int


def morning(work: Work) -> Done | None:
    """Store today's proposals and end the overtaken ones; None when today was done, or is a day off.

    Order of effects: the day's row is taken (one runner a day), the ledger is read, new proposals are stored, those
    whose "not now" has ended or whose draft was withdrawn are open again, the others end; one line in the record.
    """
    moment = moment_of(work)
    if not moment.calendar.works(work.today) or not _taken(work):
        return None
    ledger = cases(work.session, work.now)
    stands = {each.key for each in proposals(ledger, {}, moment)}
    due = {each.key: each for each in proposals(ledger, decisions(work.session, work.now), moment)}
    rows = list(work.session.scalars(select(Proposal).where(or_(Proposal.state.in_(WAITING), current(work.now)))))
    overtaken = 0
    for row in rows:
        if row.key in due:
            if row.state is not ProposalState.OPEN:
                row.state, row.until = ProposalState.OPEN, None
        elif row.state in WAITING and row.key not in stands:
            row.state, overtaken = ProposalState.OVERTAKEN, overtaken + 1
    known = {row.key for row in rows}
    done = Done(store(work, [each for key, each in due.items() if key not in known]), overtaken)
    day = work.session.get_one(EscalationMorning, work.today)
    day.proposed, day.overtaken = done.proposed, done.overtaken
    if done.proposed or done.overtaken:
        record(work, Word.ESCALATION_PROPOSED, count=done.proposed, overtaken=done.overtaken)
    return done


def _taken(work: Work) -> bool:
    """Take today for this runner; False when another one has it."""
    insert = postgresql.insert if work.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"day": work.today, "at": work.now, "proposed": 0, "overtaken": 0}
    statement = insert(EscalationMorning).values(values).on_conflict_do_nothing(index_elements=["day"])
    return work.session.scalar(statement.returning(EscalationMorning.day)) is not None
