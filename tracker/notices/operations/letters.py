"""Letters about what was issued before: 催办单, 督办函 and 更正函 as drafts that go the way of every notice."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Refused
from tracker.kit.words import N_
from tracker.notices.lifecycle import OWED, NoticeState
from tracker.notices.models import About, Assignment, Batch, Correction, Notice, NoticeKind
from tracker.notices.operations.drafts import Wording, word
from tracker.notices.policy import IN_FORCE, KINDS, due_of
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import add_workdays

NOTHING_PICKED = N_("Pick at least one overdue assignment for the letters.")
NOTHING_OWED = N_(
    "%(unit)s owes no answer to %(number)s (it is answered, closed or voided): no letter can be about it."
)
NOT_OVERDUE = N_("%(number)s to %(unit)s is not overdue yet: it is due %(due)s. A letter can be drafted after that.")
NOT_DELIVERED = N_("%(number)s has not reached %(unit)s yet: see that its paper is printed first.")
DRAFTED = N_("%(number)s to %(unit)s already stands on a draft of this kind. Finish that draft or withdraw it first.")
CORRECTING = N_("A correction of %(number)s is being drafted already. Go on with that one, or withdraw it first.")
NOT_ISSUED = N_("Only an issued notice that is not void can be corrected.")
NO_ERROR = N_("Write at least one error: the wrong words, the right words, or both.")


@dataclass(frozen=True)
class Standing:
    """The office's standing words for one kind of letter, and the working days it proposes."""

    title: str
    opening: str
    requirements: str
    days: int


WORDS = {
    NoticeKind.URGE: Standing(
        "关于报送整改情况的催办单", "", "请立即核实有关事项的整改进展，抓紧完成整改，按要求逐项报送。", 3
    ),
    NoticeKind.SUPERVISION: Standing(
        "关于限期报送整改情况的督办函",
        "你单位未按期报送有关通知的整改情况。为推动问题整改落实到位，现予督办。",
        "请主要负责同志亲自过问，查明逾期原因，明确责任科室和责任人，限期完成整改并报送。",
        3,
    ),
}
"""An empty opening lets the paper say itself until which day nothing came."""
UNFINISHED = Notice.state.in_((NoticeState.DRAFT, NoticeState.RETURNED, NoticeState.IN_REVIEW, NoticeState.SIGNED_OFF))
CORRECTION_TITLE = "关于更正有关文件内容的函"


def standing_words(work: Work, kind: NoticeKind, calendar: Calendar, contact: str = "") -> Wording:
    """Return the wording a letter of this kind starts with; its deadline lies a few working days ahead."""
    words = WORDS[kind]
    due = add_workdays(work.today, words.days, calendar)
    return Wording(words.title, words.opening, words.requirements, due, contact=contact)


def draft_letters(
    work: Work,
    assignments: Iterable[Assignment],
    kind: NoticeKind,
    calendar: Calendar,
    *,
    wording: Wording | None = None,
    drafted_by: int | None = None,
) -> Batch:
    """Draft letters about overdue assignments: one notice per unit, its assignments by deadline.

    The batch then goes the way of every batch. `drafted_by` is for a draft that nobody at a page asked for: the person
    in whose drafts it appears (who may then not sign it). Previews are ordered by the caller, as for every draft.

    :raises Refused: nothing was picked, or one of them owes nothing, is not overdue, was not delivered, or stands on
        another draft of this kind.
    """
    chosen = sorted(set(assignments), key=lambda each: (each.unit.rank, each.unit_id, each.due_at, each.id))
    if not chosen:
        raise Refused(NOTHING_PICKED)
    _lock(work, chosen)
    _require_overdue(work, chosen, calendar)
    _require_undrafted(work, chosen, kind)
    batch = _batch(work, kind, wording or standing_words(work, kind, calendar), drafted_by)
    for unit in dict.fromkeys(each.unit for each in chosen):
        notice = _notice(work, batch, unit)
        own = [each for each in chosen if each.unit_id == unit.id]
        work.session.add_all(
            About(notice_id=notice.id, assignment_id=each.id, sequence=n) for n, each in enumerate(own, 1)
        )
    return _drafted(work, batch)


def draft_correction(work: Work, corrected: Notice, wording: Wording) -> Batch:
    """Draft a correction of an issued notice, addressed to its unit; the notice itself stays as it is.

    :raises Refused: the notice is not issued, or void, or another correction of it is being drafted.
    :raises Invalid: no error is named.
    """
    work.session.refresh(corrected, with_for_update=True)  # of two clerks at once the second sees the first's draft
    if corrected.state not in IN_FORCE:
        raise Refused(NOT_ISSUED)
    if not wording.errata:
        raise Invalid({"errata": NO_ERROR})
    query = select(Correction.id).join(Notice, Correction.notice_id == Notice.id)
    if work.session.scalars(query.where(Correction.corrected_id == corrected.id, UNFINISHED)).first():
        raise Refused(CORRECTING, number=corrected.number)
    batch = _batch(work, NoticeKind.CORRECTION, wording, None)
    notice = _notice(work, batch, corrected.unit)
    work.session.add(Correction(notice_id=notice.id, corrected_id=corrected.id, errors=list(wording.errata)))
    return _drafted(work, batch)


def _lock(work: Work, chosen: list[Assignment]) -> None:
    """Hold the assignments' rows, as they now are: of two clerks who draft at once the second sees the first's draft.

    In one order for everybody, so that no two wait for each other.
    """
    query = select(Assignment).where(Assignment.id.in_([each.id for each in chosen])).order_by(Assignment.id)
    work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def _require_overdue(work: Work, chosen: list[Assignment], calendar: Calendar) -> None:
    for each in chosen:
        due = due_of(each, work.now, calendar)
        told = {"number": each.notice.number, "unit": each.unit_name, "due": due.words}
        if each.state not in OWED:
            raise Refused(NOTHING_OWED, **told)
        if not due.overdue:
            raise Refused(NOT_OVERDUE, **told)
        if each.delivered_at is None:
            raise Refused(NOT_DELIVERED, **told)


def _require_undrafted(work: Work, chosen: list[Assignment], kind: NoticeKind) -> None:
    query = select(About.assignment_id).join(About.notice).where(Notice.kind == kind, UNFINISHED)
    taken = set(work.session.scalars(query.where(About.assignment_id.in_([each.id for each in chosen]))))
    for each in chosen:
        if each.id in taken:
            raise Refused(DRAFTED, number=each.notice.number, unit=each.unit_name)


def _batch(work: Work, kind: NoticeKind, wording: Wording, drafted_by: int | None) -> Batch:
    batch = Batch(kind=kind, drafted_by=drafted_by or work.actor.person_id, drafted_at=work.now)
    word(work, batch, wording)
    work.session.add(batch)
    work.session.flush()  # notices point at the batch
    return batch


def _notice(work: Work, batch: Batch, unit: Unit) -> Notice:
    notice = Notice(batch_id=batch.id, kind=batch.kind, unit_id=unit.id, title=batch.title, state=NoticeState.DRAFT)
    work.session.add(notice)
    work.session.flush()  # what it is about points at the notice
    return notice


def _drafted(work: Work, batch: Batch) -> Batch:
    work.session.flush()
    work.session.refresh(batch, ["notices"])
    kind, count = KINDS[batch.kind].name, len(batch.notices)
    record(work, Word.LETTERS_DRAFTED, batch, case=f"batch:{batch.id}", kind=kind, count=count)
    return batch
