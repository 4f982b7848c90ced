"""A person decides on a proposal: a draft is made of it, it is taken up, put off, turned down, or taken back."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.escalation.models import Proposal, ProposalState, Step
from tracker.escalation.policy import LETTERS, STEP_NAMES, Proposed, Quarter
from tracker.escalation.queries.ledger import Part
from tracker.escalation.queries.proposals import facts_of, moment_of, proposed
from tracker.kit.clock import office_time
from tracker.kit.errors import Invalid, Missing, Refused
from tracker.kit.plain_text import clean
from tracker.kit.words import N_
from tracker.notices.lifecycle import NoticeState
from tracker.notices.models import Assignment, Batch, NoticeKind
from tracker.notices.operations.letters import draft_letters, standing_words
from tracker.org.policy import Permission, Work, can

GONE = N_(
    "This is not proposed any more: the unit answered, the deadline was extended, the notice was voided, or the next"
    " step is due. Nothing was done; look at the list again."
)
DECIDED = {
    ProposalState.DRAFTED: N_(
        "%(who)s made the draft of this letter already (%(when)s). Nothing was done twice; go on with that draft."
    ),
    ProposalState.ACCEPTED: N_("%(who)s took this proposal up already (%(when)s). Nothing was done twice."),
    ProposalState.HELD: N_("%(who)s took this proposal up already (%(when)s). Nothing was done twice."),
    ProposalState.LATER: N_("%(who)s put this proposal off meanwhile (%(when)s). Nothing was done."),
    ProposalState.DECLINED: N_("%(who)s turned this proposal down meanwhile (%(when)s). Nothing was done."),
}
ONE_KIND = N_("Pick proposals of one kind of letter.")
NOTHING_PICKED = N_("Pick at least one proposal.")
NO_DRAFT = N_("No letter is drafted for this step: it is taken up, put off or turned down.")
NEEDS_REASON = N_("Write the reason: it stands in the record.")
NEEDS_DAY = N_("Choose a day after today, within the next %(most)s days.")
NOT_DECIDED = N_("There is no decision here that could be taken back.")
SENT_ON = (NoticeState.IN_REVIEW, NoticeState.SIGNED_OFF, NoticeState.ISSUED, NoticeState.CLOSED)
NAMED_ALREADY = N_("%(bulletin)s says this naming and is with the director or issued; it cannot be taken back now.")
NO_TALK = N_("Only a talk that was taken up has an outcome, and it is noted once.")
TALK_DAY = N_("Choose the day of the talk: today or earlier.")
NEEDS_OUTCOME = N_("Write what came of the talk.")
LONGEST = timedelta(days=60)
"""A proposal is put off this long at most; "not at all" is another decision."""


def draft(work: Work, keys: Collection[str], contact: str = "") -> Batch:
    """Make the draft of one or more proposed letters: one batch, one letter per unit, the ordinary way from there.

    Order of effects: the proposals' rows are held (made when the morning had not stored them), looked at again, the
    letters drafted, the rows decided. Previews are ordered by the caller, as for every draft.

    :raises Refused: one is not proposed any more, somebody else decided meanwhile, or the kinds differ.
    """
    if not can(work.actor, Permission.NOTICE_DRAFT):
        raise Missing
    if not keys:
        raise Refused(NOTHING_PICKED)
    held = hold(work, keys)
    steps = {found.step for _row, found in held}
    if len(steps) > 1:
        raise Refused(ONE_KIND)
    step = steps.pop()
    if step not in LETTERS:
        raise Refused(NO_DRAFT)
    ids = [found.cases[0].assignment_id for _row, found in held]
    kind, days = NoticeKind(step.value), moment_of(work).calendar
    chosen = work.session.scalars(select(Assignment).where(Assignment.id.in_(ids)))
    batch = draft_letters(work, chosen, kind, days, wording=standing_words(work, kind, days, contact))
    for row, found in held:
        row.batch_id = batch.id
        _decide(work, row, found, ProposalState.DRAFTED, Word.ESCALATION_DRAFTED)
    return batch


def accept(work: Work, key: str) -> Proposal:
    """Take up a naming or a talk.

    :raises Refused: as `draft`.  :raises Missing: a talk is the director's to decide.
    """
    ((row, found),) = hold(work, [key])
    _require_right(work, row)
    if row.step in LETTERS:
        raise Refused(ONE_KIND)
    _decide(work, row, found, ProposalState.ACCEPTED, Word.ESCALATION_ACCEPTED)
    return row


def put_off(work: Work, key: str, until: date | None, reason: str) -> Proposal:
    """Say "not now": it is proposed again on that day, if it still stands then.

    :raises Invalid: no reason, or no day within the next weeks.  :raises Refused: as `draft`.
    """
    problems = {} if clean(reason) else {"reason": NEEDS_REASON}
    if until is None or not work.today < until <= work.today + LONGEST:
        problems["until"] = NEEDS_DAY
    if problems:
        raise Invalid(problems, most=LONGEST.days)
    ((row, found),) = hold(work, [key])
    _require_right(work, row)
    row.until = until
    _decide(work, row, found, ProposalState.LATER, Word.ESCALATION_PUT_OFF, reason=clean(reason))
    return row


def decline(work: Work, key: str, reason: str) -> Proposal:
    """Say "not at all", with the reason.

    :raises Invalid: no reason.  :raises Refused: as `draft`.
    """
    if not clean(reason):
        raise Invalid({"reason": NEEDS_REASON})
    ((row, found),) = hold(work, [key])
    _require_right(work, row)
    _decide(work, row, found, ProposalState.DECLINED, Word.ESCALATION_DECLINED, reason=clean(reason))
    return row


def take_back(work: Work, key: str, reason: str) -> Proposal:
    """Take a decision back that nothing was issued of: the proposal stands again, if the ledger still says so.

    :raises Invalid: no reason.  :raises Refused: there is none to take back.
    """
    if not clean(reason):
        raise Invalid({"reason": NEEDS_REASON})
    (row,) = _locked(work, [key])
    _require_right(work, row)
    if row.state not in (ProposalState.LATER, ProposalState.ACCEPTED, ProposalState.DECLINED):
        raise Refused(NOT_DECIDED)
    if row.bulletin is not None and row.bulletin.state in SENT_ON:
        raise Refused(NAMED_ALREADY, bulletin=row.bulletin.number or row.bulletin.title)
    record(work, Word.ESCALATION_TAKEN_BACK, row, **_told(row), reason=clean(reason))
    row.state, row.until, row.reason = ProposalState.OPEN, None, ""
    row.decided_by, row.decided_name, row.decided_at = None, "", None
    return row


def note_outcome(work: Work, key: str, held_on: date | None, outcome: str) -> Proposal:
    """Note what came of a talk, by hand; once.

    :raises Invalid: no day, one to come, or no words.  :raises Refused: no talk was taken up, or it is noted.
    """
    problems = {} if clean(outcome) else {"outcome": NEEDS_OUTCOME}
    if held_on is None or held_on > work.today:
        problems["held_on"] = TALK_DAY
    if problems:
        raise Invalid(problems)
    (row,) = _locked(work, [key])
    if (row.step, row.state) != (Step.TALK, ProposalState.ACCEPTED):
        raise Refused(NO_TALK)
    row.state, row.held_on, row.outcome = ProposalState.HELD, held_on, clean(outcome)
    record(work, Word.TALK_NOTED, row, **_told(row), held_on=held_on)
    return row


def _require_right(work: Work, row: Proposal) -> None:
    wanted = Permission.TALK_DECIDE if row.step is Step.TALK else Permission.ESCALATION_DECIDE
    if not can(work.actor, wanted):
        raise Missing


def hold(work: Work, keys: Collection[str]) -> list[tuple[Proposal, Proposed]]:
    """Return the rows of these proposals, locked until the transaction ends, with what is proposed under the lock.

    :raises Refused: one is not proposed (any more), or somebody decided on it meanwhile.
    """
    known = {each.key: each for each in proposed(work, part_of(keys))}
    store(work, [known[key] for key in keys if key in known])
    rows = _locked(work, [key for key in keys if key in known])
    now = {each.key: each for each in proposed(work, part_of(keys))}  # whoever held the rows before may have acted
    for key in keys:
        if key not in now:
            raise _gone(work, key)
    return [(row, now[row.key]) for row in rows]


def part_of(keys: Iterable[str]) -> Part:
    """Return the part of the ledger that these keys are about."""
    about = [key.split("-") for key in keys]
    letters = [parts[1] for parts in about if parts[0] in LETTERS and _is_id(parts)]
    units = [parts[1] for parts in about if parts[0] not in LETTERS and _is_id(parts)]
    if letters and not units:
        return Part(assignments=frozenset(map(int, letters)))
    return Part(units=frozenset(map(int, units)))


def _is_id(parts: list[str]) -> bool:
    return len(parts) == 3 and parts[1].isdecimal() and parts[1].isascii() and len(parts[1]) < 10


def store(work: Work, found: Collection[Proposed]) -> int:
    """Store proposals that have no row yet, whoever else does the same at the same moment; return how many were new."""
    if not found:
        return 0
    insert = postgresql.insert if work.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Proposal).on_conflict_do_nothing(index_elements=["key"]).returning(Proposal.id)
    return len(work.session.scalars(statement, [_values(work, each) for each in found]).all())


def _values(work: Work, each: Proposed) -> dict[str, Any]:
    letter = each.step in LETTERS
    return {
        "key": each.key,
        "step": each.step,
        "unit_id": each.unit_id,
        "assignment_id": each.cases[0].assignment_id if letter else None,
        "quarter": each.quarter.code if each.quarter else "",
        "proposed_on": work.today,
        "state": ProposalState.OPEN,
        "reason": "",
        "facts": [],
        "decided_name": "",
        "outcome": "",
        "version": 1,
    }


def _locked(work: Work, keys: Collection[str]) -> list[Proposal]:
    query = select(Proposal).where(Proposal.key.in_(keys)).order_by(Proposal.id).with_for_update(of=Proposal)
    rows = list(work.session.scalars(query.execution_options(populate_existing=True)))
    if len(rows) < len(set(keys)):
        raise Missing
    return rows


def _gone(work: Work, key: str) -> Refused:
    row = work.session.scalar(select(Proposal).where(Proposal.key == key))
    if row is None or row.decided_at is None or row.state not in DECIDED:
        return Refused(GONE)
    when = office_time(row.decided_at).strftime("%m-%d %H:%M")
    return Refused(DECIDED[row.state], who=row.decided_name, when=when)


def _decide(work: Work, row: Proposal, found: Proposed, state: ProposalState, word: Word, *, reason: str = "") -> None:
    moment = moment_of(work)
    row.state, row.reason = state, reason
    row.facts = [facts_of(case, moment) for case in found.cases]
    permission = Permission.TALK_DECIDE if row.step is Step.TALK else Permission.ESCALATION_DECIDE
    row.decided_by, row.decided_at = work.actor.person_id, work.now
    row.decided_name = work.actor.signature(permission)
    work.session.flush()
    told = _told(row) | ({"reason": reason} if reason else {}) | ({"until": row.until} if row.until else {})
    record(work, word, row, by=row.decided_name, **told)


def _told(row: Proposal) -> dict[str, Any]:
    """Return what the record says a proposal is about."""
    if row.assignment is not None:
        return {"kind": STEP_NAMES[row.step], "unit": row.assignment.unit_name, "about": row.assignment.notice.number}
    return {"kind": STEP_NAMES[row.step], "unit": row.unit.name, "about": Quarter.parse(row.quarter).words}
