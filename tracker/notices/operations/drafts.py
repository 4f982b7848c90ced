"""Drafting: picked findings become one notice per unit; what must be known before it is submitted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from tracker.almanac.policy import RECEIPT
from tracker.almanac.queries import calendar as calendar_of
from tracker.almanac.queries import usual_deadlines
from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.inspections.models import Finding
from tracker.inspections.operations import bind, release
from tracker.kit.errors import Invalid, Refused
from tracker.kit.words import N_
from tracker.notices.lifecycle import OWED, NoticeState
from tracker.notices.models import Assignment, Batch, Item, Notice, NoticeKind
from tracker.notices.operations.steps import move_notice
from tracker.notices.policy import ADVICE, KINDS, Remark, asked, outdated, overtaken, rule_of
from tracker.notices.queries import ordered
from tracker.org.models import Unit
from tracker.org.policy import Permission, Work
from tracker.org.queries import units_without_contact
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Concern, Deadline, concerns, words_for
from tracker.workdays.rules import Counting, Rule

NO_DEADLINE = N_("Set the deadline for the replies before you submit the batch.")
ANSWERED_MEANWHILE = N_(
    "%(unit)s no longer owes an answer to %(number)s: the letter to it would be wrong. "
    "Take that letter out of the batch."
)
EXTENDED_MEANWHILE = N_(
    "The deadline of %(unit)s for %(number)s was extended meanwhile, it is due %(due)s: the letter to it would be "
    "wrong. Take that letter out of the batch."
)
VOIDED_MEANWHILE = N_("%(number)s was voided meanwhile: there is nothing left to correct. Withdraw the batch.")
COUNTED_ANEW = N_(
    "The deadlines are counted from the day of issue; issued today it would be %(words)s. Have the papers printed anew."
)
CHANGEABLE = (NoticeState.DRAFT, NoticeState.RETURNED)
UNSENT = (*CHANGEABLE, NoticeState.IN_REVIEW, NoticeState.SIGNED_OFF)
UNISSUED = (*CHANGEABLE, NoticeState.IN_REVIEW, NoticeState.SIGNED_OFF)


@dataclass(frozen=True)
class Wording:
    """What the clerk types once for all notices of a batch."""

    title: str
    opening: str
    requirements: str
    due_on: date | None = None
    due_time: time | None = None
    contact: str = ""
    note: str = ""
    due_counting: Counting = Counting.DATE
    due_count: int = 0
    due_rolls: bool = False
    receipt_days: int | None = None
    errata: tuple[dict[str, str], ...] = ()
    """Of a correction letter: {where, wrong, right}."""


@dataclass(frozen=True)
class Check:
    """What is said before a batch is submitted: how many, who lacks a contact, and concerns about the deadline."""

    units: int
    items: int
    """Problems; of a letter the assignments it is about, of a correction the errors."""
    overtaken: list[Notice]
    """Letters that are no longer right: what they are about was answered or voided meanwhile."""
    without_contact: list[Unit]
    concerns: list[Concern]
    remarks: list[Remark]
    """Advice of other rooms; never blocks."""

    @property
    def blocked(self) -> bool:
        """Tell whether something forbids submitting it."""
        return bool(self.overtaken) or any(concern.blocking for concern in self.concerns)


def draft(work: Work, findings: Iterable[Finding], wording: Wording) -> Batch:
    """Draft a batch from waiting findings: one notice per unit, its problems in the order they were found.

    :raises Refused: nothing was picked, or a finding is on another notice by now.
    """
    chosen = sorted(findings, key=lambda f: (f.unit.rank, f.unit_id, f.level != "veto", f.found_on, f.id))
    if not chosen:
        raise Refused(N_("Pick at least one finding for the notices."))
    batch = Batch(kind=NoticeKind.RECTIFICATION, drafted_by=work.actor.person_id, drafted_at=work.now)
    word(work, batch, wording)
    work.session.add(batch)
    work.session.flush()  # notices point at the batch
    for unit in dict.fromkeys(finding.unit for finding in chosen):
        _notice(work, batch, unit, [finding for finding in chosen if finding.unit_id == unit.id])
    work.session.refresh(batch, ["notices"])
    record(work, Word.BATCH_DRAFTED, batch, case=f"batch:{batch.id}", count=len(batch.notices))
    return batch


def _notice(work: Work, batch: Batch, unit: Unit, findings: list[Finding]) -> Notice:
    notice = Notice(batch_id=batch.id, kind=batch.kind, unit_id=unit.id, title=batch.title, state=NoticeState.DRAFT)
    work.session.add(notice)
    work.session.flush()  # findings and items point at the notice
    bind(work, findings, notice.id)
    for sequence, finding in enumerate(findings, 1):
        work.session.add(Item(notice_id=notice.id, finding_id=finding.id, sequence=sequence))
    work.session.flush()
    return notice


def sign_hand(work: Work, batch: Batch) -> None:
    """Note that this person had a hand in the batch."""
    batch.hands = sorted({*(batch.hands or ()), *work.actor.hands(Permission.NOTICE_DRAFT)})


def word(work: Work, batch: Batch, wording: Wording) -> None:
    """Write the wording into a batch; the deadline's printed words follow from its date."""
    sign_hand(work, batch)
    batch.title, batch.opening, batch.requirements = wording.title, wording.opening, wording.requirements
    batch.due_on, batch.due_time = wording.due_on, wording.due_time
    batch.due_counting, batch.due_count, batch.due_rolls = wording.due_counting, wording.due_count, wording.due_rolls
    batch.receipt_days = wording.receipt_days
    _count(work, batch)
    batch.contact, batch.note = wording.contact, wording.note


def _count(work: Work, batch: Batch) -> None:
    days, rule = calendar_of(work.session), rule_of(batch)
    due = rule.deadline(work.today, days) if rule else None
    batch.due_on, batch.due_words = (due.on, due.words) if due else (None, "")
    receipt = (
        Rule(Counting.WORKDAYS, count=batch.receipt_days).deadline(work.today, days) if batch.receipt_days else None
    )
    batch.receipt_on = receipt.on if receipt else None
    batch.receipt_words = words_for(receipt.on, None, work.today) if receipt else ""


def count_anew(work: Work, batch: Batch) -> None:
    """Count the deadlines of a draft from today, if they are counted: dates and words move together until the issue."""
    if any(notice.state in UNISSUED for notice in batch.notices) and outdated(
        batch, work.today, calendar_of(work.session)
    ):
        _count(work, batch)


def proposed(work: Work, findings: Iterable[Finding]) -> dict[str, Any]:
    """Return the deadlines that a new draft proposes: as usual for its gravest problem, and for the receipt."""
    usual, days = usual_deadlines(work.session), calendar_of(work.session)
    rule = usual[min((finding.level for finding in findings), key=list(usual).index)]
    return {"due_on": rule.deadline(work.today, days).on, "receipt_days": usual[RECEIPT].count}


def change(work: Work, batch: Batch, wording: Wording) -> None:
    """Change a draft's wording.

    :raises Refused: it is in review or issued.
    """
    _must_be_changeable(batch)
    word(work, batch, wording)
    for notice in batch.notices:
        if notice.state in CHANGEABLE:
            notice.title = wording.title
        if notice.correction:
            notice.correction.errors = list(wording.errata)
    record(work, Word.BATCH_CHANGED, batch, case=f"batch:{batch.id}")


def _must_be_changeable(batch: Batch) -> None:
    if not any(notice.state in CHANGEABLE for notice in batch.notices):
        raise Refused(N_("This batch is with the director or already issued; it cannot be changed now."))


def check(work: Work, batch: Batch, calendar: Calendar) -> Check:
    """Return what the clerk and the director must know before the batch goes on."""
    live = [notice for notice in batch.notices if notice.state not in (NoticeState.WITHDRAWN, NoticeState.VOIDED)]
    units = {unit.id: unit for notice in live for unit in asked(notice)}
    found = concerns(deadline_of(batch), work.now, calendar) if batch.due_on else []
    own = {item.due_on for notice in live if notice.state in UNISSUED for item in notice.items if item.due_on}
    for day in sorted(own):
        found += concerns(Deadline(day, None, words_for(day, None, work.today)), work.now, calendar)
    moved = outdated(batch, work.today, calendar) if any(notice.state in UNISSUED for notice in live) else None
    if moved:
        found.insert(0, Concern(COUNTED_ANEW, {"words": moved.words}, blocking=True))
    return Check(
        units=len(units),
        items=sum(matters(notice) for notice in live),
        overtaken=[notice for notice in live if overtaken(notice)],
        without_contact=units_without_contact(work.session, list(units)),
        concerns=found,
        remarks=[remark for advise in ADVICE for remark in advise(work, batch)],
    )


def matters(notice: Notice) -> int:
    """Return how many matters a document holds: problems, unanswered assignments, or errors to correct."""
    return len(notice.items) + len(notice.about) + (len(notice.correction.errors) if notice.correction else 0)


def require_still_right(batch: Batch) -> None:
    """Refuse letters that were overtaken: nobody is urged for what was answered meanwhile.

    :raises Refused: names the first of them.
    """
    for notice in batch.notices:
        past = overtaken(notice) if notice.state in UNSENT else None
        if isinstance(past, Assignment) and past.state in OWED:
            raise Refused(EXTENDED_MEANWHILE, unit=notice.unit.name, number=past.notice.number, due=past.due_words)
        if isinstance(past, Assignment):
            raise Refused(ANSWERED_MEANWHILE, unit=notice.unit.name, number=past.notice.number)
        if past is not None:
            raise Refused(VOIDED_MEANWHILE, number=past.number)


def deadline_of(batch: Batch) -> Deadline:
    """Return the batch's deadline.

    :raises Refused: it has none yet.
    """
    if batch.due_on is None:
        raise Refused(NO_DEADLINE)
    return Deadline(batch.due_on, batch.due_time, batch.due_words)


def submit(work: Work, batch: Batch, calendar: Calendar) -> None:
    """Submit every draft of the batch to the director, its counted deadlines as of today.

    :raises Invalid: no deadline, or one in the past.
    :raises NotInState: nothing in it is a draft.
    """
    count_anew(work, batch)
    if batch.due_on is None and KINDS[batch.kind].deadline:
        raise Invalid({"due_on": NO_DEADLINE})
    require_still_right(batch)
    for concern in check(work, batch, calendar).concerns:
        if concern.blocking:
            raise Invalid({"due_on": concern.msgid}, **concern.params)
    sign_hand(work, batch)
    live = [n for n in ordered(batch) if n.state in CHANGEABLE] or ordered(batch)
    for notice in live:
        move_notice(work, notice, "submit")
        notice.submitted_at = work.now


def send_back(work: Work, batch: Batch, reason: str) -> None:
    """Return every notice in review to the drafter, with a reason."""
    for notice in _in_review(batch):
        move_notice(work, notice, "send_back", reason=reason)


def withdraw(work: Work, batch: Batch, reason: str, *, only: int | None = None) -> None:
    """Withdraw every notice that is not issued yet, or only the one of that id; its findings wait again."""
    live = [n for n in ordered(batch) if n.state not in (NoticeState.WITHDRAWN, NoticeState.VOIDED)] or ordered(batch)
    if only is not None:
        live = [notice for notice in ordered(batch) if notice.id == only]
    for notice in live:
        move_notice(work, notice, "withdraw", reason=reason)
        notice.ended_at = work.now
        release(work, [item.finding for item in notice.items if item.finding])


def _in_review(batch: Batch) -> list[Notice]:
    return [notice for notice in ordered(batch) if notice.state is NoticeState.IN_REVIEW] or ordered(batch)


def default_wording(work: Work, issuer: str) -> dict[str, Any]:
    """Return the texts a new draft starts with."""
    month = work.today.month
    return {
        "title": "关于限期整改政府网站与政务新媒体有关问题的通知",
        "opening": f"根据国家和省、市关于政府网站与政务新媒体监管工作的要求，"
        f"{issuer}组织开展了{work.today.year}年{month}月份检查，"
        "发现你单位存在以下问题。现将有关事项通知如下。",
        "requirements": "请对照上述问题逐项整改，举一反三，全面排查同类问题，确保整改到位。\n"
        "请在整改情况报告中逐项写明整改结果、整改措施、完成时间和责任人，并附佐证材料。",
    }
