"""申辩: a problem is not so, or not the unit's. Until the office decides, it stays in every count."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.files.operations import Source, keep
from tracker.inspections.models import Finding
from tracker.inspections.operations import FindingValues, end, enter_finding
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.kit.plain_text import clean, one_line
from tracker.kit.words import N_
from tracker.notices.lifecycle import OPEN
from tracker.notices.models import Assignment, Batch, Item, NoticeKind
from tracker.notices.operations import drafts, issue
from tracker.notices.operations.steps import TELL, take
from tracker.org.policy import Permission, Work, can
from tracker.requests.lifecycle import RequestState
from tracker.requests.models import Dispute, DisputeKind
from tracker.requests.operations.steps import CHANGED, opine, step
from tracker.requests.operations.steps import end as finish
from tracker.requests.policy import NAME, TEXT
from tracker.requests.queries import dispute_window, disputes_of, other_units

KIND_NAMES: dict[DisputeKind, str] = {
    DisputeKind.NOT_SO: N_("not as stated"),
    DisputeKind.NOT_OURS: N_("not our unit's"),
}
DECIDED_ONCE = N_("The office has decided on the dispute of item %(n)s already; it stays decided.")
RAISED = N_("Item %(n)s is disputed already.")
SETTLED = N_("Item %(n)s needs no answer any more, so there is nothing to dispute.")
OVER = N_("This assignment is closed or void: nothing is left to decide.")
MIXED = N_("Decide on disputes that wait for the same step, and only on those you have seen.")
NO_OTHER = N_("Choose one of the units, or say that it is handed on to none.")
AS_STATED, AS_OTHERS = ("unfounded", "not_ours"), ("dropped", "moved_on")
"""How an upheld dispute ends its finding, and what its item shows: 不属实, or 移交."""


@dataclass(frozen=True)
class Claim:
    """What a unit says of some items."""

    kind: DisputeKind | None
    numbers: Sequence[int]
    """The items' numbers on the notice; all of them dispute the whole."""
    basis: str
    whose: str = ""


def raise_dispute(
    work: Work, assignment: Assignment, claim: Claim, file: tuple[Source, str] | None = None
) -> list[Dispute]:
    """Dispute items, one row each with the same basis; the assignment's row must be held.

    Order of effects: checks, the file is kept, rows, record.

    :raises Missing: this person may not.  :raises Refused: too late, or not in this state.
    :raises Invalid: kind, items or basis are missing; an item is settled, disputed or decided already; the file.
    """
    if not can(work.actor, Permission.REQUEST_ASK, assignment):
        raise Missing
    _until, hindrance = dispute_window(work, assignment)
    if hindrance is not None:
        raise Refused(hindrance.msgid, **hindrance.params)
    items = _checked(work, assignment, claim)
    stored = _kept(work, assignment, file)
    rows = [
        Dispute(
            assignment=assignment,
            item=item,
            state=RequestState.WITH_OFFICE,
            kind=claim.kind,
            basis=clean(claim.basis),
            whose=one_line(claim.whose),
            file_id=stored,
            asked_by=work.actor.person_id,
            asked_name=work.actor.name,
            asked_at=work.now,
        )
        for item in items
    ]
    work.session.add_all(rows)
    work.session.flush()
    work.wake(TELL, 0)
    _note(work, Word.DISPUTE_RAISED, assignment, rows, reason=clean(claim.basis))
    return rows


def _checked(work: Work, assignment: Assignment, claim: Claim) -> list[Item]:
    items = [item for item in assignment.items if item.sequence in set(claim.numbers)]
    problems: dict[str, str] = {}
    if claim.kind is None:
        problems["kind"] = N_("Choose what you dispute: that it is so, or that it is your unit's.")
    if not clean(claim.basis):
        problems["basis"] = N_("Write the basis: what shows that it is otherwise.")
    elif len(clean(claim.basis)) > TEXT:
        problems["basis"] = N_("At most 1,000 characters.")
    if len(one_line(claim.whose)) > NAME:
        problems["whose"] = N_("A name has at most 60 characters.")
    if not items:
        problems["items"] = N_("Choose at least one item.")
    if problems:
        raise Invalid(problems)
    known = {(row.item_id, row.state) for row in disputes_of(work.session, assignment)}
    for item in items:
        _require_disputable(item, {state for id_, state in known if id_ == item.id})
    return items


def _require_disputable(item: Item, states: set[RequestState]) -> None:
    if item.withdrawn_at or item.rectified_as:
        raise Invalid({"items": SETTLED}, n=item.sequence)
    if states & {RequestState.WITH_OFFICE, RequestState.RECOMMENDED}:
        raise Invalid({"items": RAISED}, n=item.sequence)
    if RequestState.REFUSED in states:
        raise Invalid({"items": DECIDED_ONCE}, n=item.sequence)


def _kept(work: Work, assignment: Assignment, file: tuple[Source, str] | None) -> int | None:
    if file is None:
        return None
    try:
        stored = keep(work, *file)
    except Refused as error:
        raise Invalid({"evidence": error.msgid}, **error.params) from error
    case = f"assignment:{assignment.id}"
    record(work, Word.FILE_KEPT, stored, case=case, name=stored.name, sha256=stored.sha256)
    return stored.id


Seen = dict[int, int]
"""Dispute's id → its version when the form was opened."""


def chosen(work: Work, assignment: Assignment, seen: Seen) -> list[Dispute]:
    """Return the disputes of an assignment that were picked on a page, at the versions that were seen there.

    :raises Refused: none was picked, or one is not this assignment's.  :raises Stale: one was changed since.
    """
    rows = [row for row in disputes_of(work.session, assignment) if row.id in seen]
    if not rows or len(rows) != len(seen):
        raise Refused(MIXED)
    if any(row.version != seen[row.id] for row in rows):
        raise Stale(CHANGED)
    return rows


def withdraw(work: Work, rows: Sequence[Dispute]) -> None:
    """Take disputes back: the items are answered like the others.

    :raises Missing: this person may not.  :raises NotInState: one is decided.
    """
    for row in rows:
        step(work, row, "withdraw", None)
        finish(work, row, "withdraw", "")
    work.session.flush()
    _note(work, Word.DISPUTE_WITHDRAWN, rows[0].assignment, rows)


def recommend(
    work: Work, rows: Sequence[Dispute], *, favour: bool, opinion: str, other_unit_id: int | None = None
) -> None:
    """Give the clerk's opinion, and name the unit whose problem it is instead.

    :raises Invalid: an opinion against it gives no reason, or there is no such unit.  Others as `withdraw`.
    """
    _require_open(rows)
    if not favour and not clean(opinion):
        raise Invalid({"opinion": N_("Say why the dispute should not be upheld.")})
    others = {unit.id for unit in other_units(work, rows[0].assignment)}
    if other_unit_id is not None and other_unit_id not in others:
        raise Invalid({"other_unit": NO_OTHER})
    for row in rows:
        words = step(work, row, "recommend", None, opinion)
        opine(work, row, favour=favour, opinion=words)
        row.other_unit_id = other_unit_id if favour and row.kind is DisputeKind.NOT_OURS else None
    work.session.flush()
    first = rows[0]
    # About the assignment, yet on no timeline: the unit does not read the office's inner opinion.
    record(work, Word.DISPUTE_RECOMMENDED, first.assignment, by=first.recommended_name, **_told(rows))


def refuse(work: Work, rows: Sequence[Dispute], reason: str) -> None:
    """Do not uphold disputes, with a reason that the unit reads: the items are answered like the others.

    :raises Invalid: no reason is given.  Others as `withdraw`.
    """
    for row in rows:
        answer = step(work, row, "refuse", None, reason)
        finish(work, row, "refuse", answer)
    work.session.flush()
    _note(work, Word.DISPUTE_REFUSED, rows[0].assignment, rows, reason=clean(reason), by=rows[0].ended_name)


def uphold(work: Work, rows: Sequence[Dispute], answer: str = "") -> Batch | None:
    """Uphold disputes: the unit need not answer these items any more. Return the draft to another unit, if any.

    Order of effects: steps, items withdrawn, findings ended; what is another unit's is entered anew for it and drafted
    in the hands of the clerk who gave the opinion; when no item is left, the notice (or its part of it) is voided.

    :raises Refused: the assignment is over, or the site or account is not registered as the other unit's.
    Others as `withdraw`.
    """
    _require_open(rows)
    assignment = rows[0].assignment
    for row in rows:
        words = step(work, row, "grant", None, answer)
        finish(work, row, "grant", words)
        how, shown = AS_STATED if row.kind is DisputeKind.NOT_SO else AS_OTHERS
        row.item.withdrawn_at = row.item.rectified_at = work.now
        row.item.rectified_as = shown
        if row.item.finding is not None:
            end(work, row.item.finding, how)
    work.session.flush()
    batch = _hand_on(work, [row for row in rows if row.other_unit_id is not None and row.item.finding is not None])
    _note(work, Word.DISPUTE_UPHELD, assignment, rows, reason=clean(answer), by=rows[0].ended_name)
    if all(item.withdrawn_at for item in assignment.items):
        _nothing_left(work, assignment, clean(answer) or "申辩成立，本通知所列问题不再要求整改。")
    return batch


def _nothing_left(work: Work, assignment: Assignment, reason: str) -> None:
    """Void what asks nothing any more: the notice, or of a paper that asks several units this unit's part alone."""
    notice = assignment.notice
    if notice.kind is NoticeKind.BULLETIN or len(notice.assignments) > 1:
        take(work, assignment, "void", reason=reason)
    else:
        issue.void(work, notice, reason)


def _hand_on(work: Work, rows: list[Dispute]) -> Batch | None:
    """Enter the problems for the other unit and draft its notice; the dispute keeps the notice's id."""
    if not rows:
        return None
    findings = {row.id: _entered(work, row, row.item.finding) for row in rows if row.item.finding is not None}
    old = rows[0].assignment.notice.batch
    wording = drafts.Wording(
        old.title,
        old.opening,
        old.requirements,
        contact=old.contact,
        note=f"由{rows[0].assignment.notice.number}（{rows[0].assignment.unit_name}）改派：申辩成立，不属该单位。",
        **drafts.proposed(work, list(findings.values())),
    )
    batch = drafts.draft(work, list(findings.values()), wording)
    # Who decides only says whose it is: the draft is the clerk's, so that the director can sign it.
    batch.drafted_by = rows[0].recommended_by or batch.drafted_by
    batch.hands = [batch.drafted_by]
    work.session.flush()
    holding = {finding.id: finding.notice_ref for finding in findings.values()}
    for row in rows:
        row.other_notice_id = holding[findings[row.id].id]
    work.session.flush()
    return batch


def _entered(work: Work, row: Dispute, old: Finding) -> Finding:
    values = FindingValues(
        inspection_id=old.inspection_id,
        indicator_id=old.indicator_id,
        description=old.description,
        found_on=old.found_on,
        unit_id=row.other_unit_id,
        subject_id=old.subject_id,
        level=str(old.level),
        place=old.place,
        url=old.url,
    )
    try:
        new = enter_finding(work, values, example=old.example)
    except Invalid as error:
        raise Refused(NOT_REGISTERED, n=row.item.sequence) from error
    new.evidence_id = old.evidence_id
    return new


NOT_REGISTERED = N_(
    "The site or account of item %(n)s is not registered as the other unit's."
    " Have its sponsor or supervisor corrected in the registry first; then decide. Nothing was changed."
)


def _require_open(rows: Sequence[Dispute]) -> None:
    if rows[0].assignment.state not in OPEN:
        raise Refused(OVER)


def _note(work: Work, word: Word, assignment: Assignment, rows: Sequence[Dispute], by: str = "", **detail: str) -> None:
    case = f"assignment:{assignment.id}"
    record(work, word, rows[0], case=case, by=by, **_told(rows), **detail)


def _told(rows: Sequence[Dispute]) -> dict[str, str]:
    first = rows[0]
    numbers = "、".join(str(row.item.sequence) for row in rows)
    return {
        "unit": first.assignment.unit_name,
        "number": first.assignment.notice.number or "",
        "items": numbers,
        "kind": KIND_NAMES[first.kind],
    }
