"""Sign-off and issue: numbers, frozen content, assignments, record and orders for the papers, in one transaction."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.documents.models import PaperState
from tracker.documents.operations import content_digest, newest, order, tells
from tracker.inspections.operations import release
from tracker.kit.errors import Refused
from tracker.kit.numbering import next_number
from tracker.kit.words import N_
from tracker.notices.lifecycle import NoticeState
from tracker.notices.models import Assignment, Batch, Item, Notice, NoticeKind
from tracker.notices.operations.drafts import check, deadline_of, require_still_right
from tracker.notices.operations.steps import TELL, move_notice, take
from tracker.notices.policy import KINDS, asked, concerned
from tracker.notices.queries import ordered
from tracker.org.models import Unit
from tracker.org.policy import Permission, Work
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Deadline, words_for

NOT_PRINTED = N_("The paper for %(unit)s is still being printed. Sign when you have seen every paper.")
UNFIT = N_(
    "The paper for %(unit)s fails its layout check (%(points)s). Send it back, or give a reason to sign all the same."
)
CHANGED = N_("The batch was changed after you opened it. Look at the present papers before you sign.")


def order_previews(work: Work, batch: Batch, contents: dict[int, dict[str, Any]]) -> None:
    """Order the draft papers of a batch: {notice id: content}."""
    for notice in batch.notices:
        if notice.id in contents:
            order(work, "notice", notice.id, "preview", contents[notice.id]["type"], contents[notice.id])


def seen_digest(contents: dict[int, dict[str, Any]]) -> str:
    """Return one hash over what a director sees of a batch; signing names it, so that nothing else is signed."""
    return content_digest({str(id_): content for id_, content in contents.items()})


def require_fit_papers(work: Work, batch: Batch, contents: dict[int, dict[str, Any]], reason: str) -> None:
    """Let only printed papers be signed that tell the present content and pass their own layout check.

    A paper that fails the check passes with a reason, which goes into the record.

    :raises Refused: a paper is not printed yet, or fails the check and no reason is given.
    """
    for notice in ordered(batch):
        if notice.id not in contents:
            continue
        paper = newest(work.session, "notice", notice.id, "preview")
        if paper is None or paper.state is not PaperState.READY or not tells(paper, contents[notice.id]):
            raise Refused(NOT_PRINTED, unit=notice.unit.name)
        if paper.faults:
            points = "、".join(point["id"] for point in paper.faults)
            if not reason.strip():
                raise Refused(UNFIT, unit=notice.unit.name, points=points)
            case = f"batch:{batch.id}"
            record(work, Word.LAYOUT_OVERRIDDEN, notice, case=case, points=points, reason=reason.strip())


def sign_off_and_issue(
    work: Work, batch: Batch, *, series: str, contents: dict[int, dict[str, Any]], seen: str, calendar: Calendar
) -> list[Notice]:
    """Sign off and issue every notice in review; return them in the order of their numbers.

    `contents` are the papers' contents by notice id, without numbers; `seen` is the digest the director's page named.
    Order of effects, each for all notices in protocol order of units: sign-off (state, event), number, frozen content
    and issue (state, event), assignment with its items where the kind makes one, order for the official paper. All or
    nothing; findings stay bound.

    :raises Refused: the batch is not what the director saw, its deadline has passed while it waited, or what a letter
        is about was answered meanwhile.
    :raises NotInState: nothing in it is in review.
    :raises Missing: the director drafted it himself.
    """
    waiting = [notice for notice in ordered(batch) if notice.state is NoticeState.IN_REVIEW] or ordered(batch)
    for notice in waiting:
        move_notice(work, notice, "sign_off")  # the wrong person and the wrong state are refused first of all
    if seen != seen_digest(contents):
        raise Refused(CHANGED)
    require_still_right(batch)
    for concern in check(work, batch, calendar).concerns:
        if concern.blocking:
            raise Refused(concern.msgid, **concern.params)
    sequences = [next_number(work.session, series, work.today.year) for _ in waiting]
    for notice, sequence in zip(waiting, sequences, strict=True):
        _issue(work, notice, series, sequence, contents[notice.id])
    work.session.flush()  # assignments point at issued notices
    if KINDS[batch.kind].assigns:
        _assign(work, waiting)
    for notice in waiting:
        order(work, "notice", notice.id, "official", contents[notice.id]["type"], notice.frozen or {})
    return waiting


def _issue(work: Work, notice: Notice, series: str, sequence: int, content: dict[str, Any]) -> None:
    notice.series, notice.year, notice.sequence = series, work.today.year, sequence
    notice.number = f"{series}〔{notice.year}〕{notice.sequence}号"
    notice.document_date, notice.issued_at = work.today, work.now
    notice.signed_by, notice.signed_name = work.actor.person_id, work.actor.signature(Permission.NOTICE_SIGN)
    notice.frozen = content | {
        "draft": False,
        "number": notice.number,
        "date": work.today.isoformat(),
    }
    move_notice(work, notice, "issue", due=notice.batch.due_words or "—")


def _assign(work: Work, notices: list[Notice]) -> None:
    made = [(_assignment(work, notice, *share), share[-1]) for notice in notices for share in _shares(notice)]
    work.session.add_all(assignment for assignment, _items in made)
    work.session.flush()  # items point at assignments; all at once, since fifty single flushes take half a second
    for assignment, items in made:
        for item in items:
            item.assignment_id = assignment.id


Share = tuple[Unit, int, date | None, list[Item]]
"""Who answers, which part of the paper, by what day of its own (None: the paper's), and what."""


def _shares(notice: Notice) -> Iterator[Share]:
    """Yield what a paper asks of whom: all of one unit with one day is one assignment (decision 17)."""
    if notice.kind is not NoticeKind.BULLETIN:
        yield notice.unit, 0, None, list(notice.items)
        return
    days = [None, *sorted({item.due_on for item in notice.items if item.due_on})]
    for unit in asked(notice):
        own = sorted(
            (item for item in notice.items if item.answering is unit), key=lambda item: days.index(item.due_on)
        )
        for day, items in groupby(own, key=lambda item: item.due_on):
            yield unit, days.index(day), day, list(items)


def _assignment(work: Work, notice: Notice, unit: Unit, part: int, day: date | None, _items: list[Item]) -> Assignment:
    deadline = Deadline(day, None, words_for(day, None, work.today)) if day else deadline_of(notice.batch)
    receipt = Deadline(notice.batch.receipt_on, None, notice.batch.receipt_words) if notice.batch.receipt_on else None
    return Assignment(
        notice_id=notice.id,
        unit_id=unit.id,
        unit_name=unit.name,
        part=part,
        due_on=deadline.on,
        due_time=deadline.at,
        due_words=deadline.words,
        due_at=deadline.ends_at,
        receipt_on=receipt.on if receipt else None,
        receipt_words=receipt.words if receipt else "",
        receipt_at=receipt.ends_at if receipt else None,
        issued_at=work.now,
    )


def deliver(work: Work, notice: Notice, sha256: str, pages: int) -> None:
    """Note that the official paper is stored, and show it to the units it concerns. A second call changes nothing."""
    if notice.paper_sha256 is not None or notice.state is NoticeState.VOIDED:
        return
    notice.paper_sha256, notice.paper_pages = sha256, pages
    work.wake(TELL, 0)
    for assignment in notice.assignments:
        assignment.delivered_at = work.now
    if notice.kind is NoticeKind.BULLETIN:
        record(work, Word.BULLETIN_DELIVERED, notice, case=f"batch:{notice.batch_id}", number=notice.number)
    _tell(work, notice, KINDS[notice.kind].told, sha256=sha256)


def _tell(work: Work, notice: Notice, word: Word, **detail: Any) -> None:
    """Note on every assignment the document concerns what became of it."""
    kind = KINDS[notice.kind]
    if not kind.assigns or notice.kind is NoticeKind.BULLETIN:
        detail |= {"kind": kind.name, "letter": notice.number}
    if notice.correction:
        detail["corrected"] = notice.correction.corrected.number
    for assignment in concerned(notice):
        case, unit = f"assignment:{assignment.id}", assignment.unit_name
        record(work, word, assignment, case=case, number=notice.number, unit=unit, **detail)


def void(work: Work, notice: Notice, reason: str) -> None:
    """Void an issued notice: its number stays visible, its assignments end, its findings wait again to be picked."""
    move_notice(work, notice, "void", reason=reason)
    notice.ended_at = work.now
    for assignment in notice.assignments:
        take(work, assignment, "void", reason=reason)
    if not KINDS[notice.kind].assigns and notice.paper_sha256:
        _tell(work, notice, Word.LETTER_VOIDED, reason=reason)
    release(work, [item.finding for item in notice.items if item.finding and item.rectified_as is None])
