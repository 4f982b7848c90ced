"""Entering what came in, and following it: verified, answered, closed; done. Each act leaves its line in the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.intake.models import ChangeRequest, ErrorReport, Publication, Truth, WorkLine
from tracker.intake.policy import CONTENT, LONGER, limits
from tracker.kit.errors import Invalid, Refused, Stale
from tracker.kit.words import N_
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.registry.models import Subject
from tracker.workdays.calendar import Calendar

Row = ErrorReport | ChangeRequest | Publication | WorkLine
CHANGED = N_("Somebody else changed this entry after you opened it. Compare, then enter your change again.")
IN_THE_FUTURE = N_("This day lies in the future. Enter the day on which it happened.")
TOO_EARLY = N_("This day lies before the one on which it came in.")
BEFORE_ANSWER = N_("This day lies before the answer.")
BEFORE_ASKED = N_("This day lies before the one on which it was asked for.")
NUMBER_TAKEN = N_("This number is entered already. Look for it in the list, or check the number.")
NO_UNIT = N_("Choose a unit of the list.")
NO_SUBJECT = N_("Choose a website or account of the list.")
IS_CLOSED = N_("This report is done and closed; nothing of it is changed any more.")
VERIFY_FIRST = N_("Verify the report first: the answer says whether it is so.")
ANSWER_FIRST = N_("Enter the answer first; a report is closed when its answer has been given.")
IS_ANSWERED = N_("This report is answered already.")
IS_DONE = N_("This request is done already.")
ALREADY_LONGER = N_("This report has the longer limit already.")
LINE_TAKEN = N_("The figures of this month and source are entered already: change them in the list.")


@dataclass(frozen=True)
class ReportValues:
    """What the form of an error report says."""

    number: str
    kind: str
    source: str
    received_on: date
    unit_id: int
    text: str
    subject_id: int | None = None
    term: str = CONTENT


@dataclass(frozen=True)
class ChangeValues:
    """What the form of a change request says."""

    number: str
    asked_on: date
    unit_id: int
    text: str
    subject_id: int | None = None


@dataclass(frozen=True)
class PublicationValues:
    """What one source published in a month."""

    period: str
    source: str
    texts: int
    pictures: int
    videos: int


@dataclass(frozen=True)
class LineValues:
    """A line of work or praise."""

    period: str
    heading: str
    text: str


def enter_report(work: Work, values: ReportValues, calendar: Calendar, *, example: bool = False) -> ErrorReport:
    """Enter an error report; its last day follows from its limit.

    :raises Invalid: the number is known, a day is impossible, or unit or subject do not exist.
    """
    _check_entry(work, ErrorReport, values.number, values.received_on, "received_on", values)
    row = ErrorReport(**vars(values), due_on=_due(values, calendar), entered_at=work.now, example=example)
    _add(work, row, Word.REPORT_ENTERED, number=row.number, due=row.due_on)
    return row


def change_report(work: Work, row: ErrorReport, values: ReportValues, seen: int, calendar: Calendar) -> None:
    """Correct what was entered; the last day is counted anew.

    :raises Refused: it is closed.
    :raises Stale: somebody changed it meanwhile.
    :raises Invalid: as when entering.
    """
    _check_open(row)
    _check_seen(row, seen, values)
    if values.number != row.number:
        _check_number(work, ErrorReport, values.number)
    _check_day(work, values.received_on, "received_on")
    _check_places(work, values.unit_id, values.subject_id)
    _change(work, row, {**vars(values), "due_on": _due(values, calendar)}, Word.REPORT_CHANGED, number=values.number)


def _due(values: ReportValues, calendar: Calendar) -> date:
    return limits()[values.term].ends(values.received_on, calendar)


def verify(work: Work, row: ErrorReport, truth: Truth, seen: int) -> None:
    """Note whether the report is so; until it is answered that can be corrected.

    :raises Refused: it is answered or closed.
    :raises Stale: somebody changed it meanwhile.
    """
    _check_seen(row, seen)
    if row.answered_on:
        raise Refused(IS_CLOSED if row.closed_on else IS_ANSWERED)
    kind = N_("So as reported") if truth is Truth.TRUE else N_("Not so")
    _change(work, row, {"truth": truth}, Word.REPORT_VERIFIED, number=row.number, kind=kind)


def take_longer(work: Work, row: ErrorReport, reason: str, seen: int, calendar: Calendar) -> None:
    """Give a report the longer limit because verifying takes its time, counted from the day it came in.

    :raises Invalid: no reason.
    :raises Refused: it has that limit, or is answered.
    :raises Stale: somebody changed it meanwhile.
    """
    _check_seen(row, seen)
    if not reason.strip():
        raise Invalid({"reason": N_("Say why verifying takes longer.")})
    if row.answered_on:
        raise Refused(IS_ANSWERED)
    if row.term == LONGER:
        raise Refused(ALREADY_LONGER)
    due_on = limits()[LONGER].ends(row.received_on, calendar)
    told = {"number": row.number, "due": due_on, "reason": reason.strip()}
    _change(work, row, {"term": LONGER, "due_on": due_on}, Word.REPORT_EXTENDED, **told)


def answer(work: Work, row: ErrorReport, on: date, text: str, seen: int) -> None:
    """Note the answer and its day.

    :raises Refused: it is not verified, or answered already.
    :raises Invalid: the day is impossible, or the answer empty.
    :raises Stale: somebody changed it meanwhile.
    """
    _check_seen(row, seen)
    if row.truth is None:
        raise Refused(VERIFY_FIRST)
    if row.answered_on:
        raise Refused(IS_ANSWERED)
    if not text.strip():
        raise Invalid({"answer": N_("Write what was answered.")})
    _check_day(work, on, "answered_on", (row.received_on, TOO_EARLY))
    _change(work, row, {"answered_on": on, "answer": text.strip()}, Word.REPORT_ANSWERED, number=row.number, on=on)


def close(work: Work, row: ErrorReport, on: date, seen: int) -> None:
    """Note that the matter is done.

    :raises Refused: it is not answered, or closed already.
    :raises Invalid: the day is impossible.
    :raises Stale: somebody changed it meanwhile.
    """
    _check_seen(row, seen)
    _check_open(row)
    if row.answered_on is None:
        raise Refused(ANSWER_FIRST)
    _check_day(work, on, "closed_on", (row.answered_on, BEFORE_ANSWER))
    _change(work, row, {"closed_on": on}, Word.REPORT_CLOSED, number=row.number, on=on)


def enter_change(work: Work, values: ChangeValues, *, example: bool = False) -> ChangeRequest:
    """Enter a change request.

    :raises Invalid: the number is known, the day impossible, or unit or subject do not exist.
    """
    _check_entry(work, ChangeRequest, values.number, values.asked_on, "asked_on", values)
    row = ChangeRequest(**vars(values), entered_at=work.now, example=example)
    _add(work, row, Word.CHANGE_ENTERED, number=row.number)
    return row


def change_change(work: Work, row: ChangeRequest, values: ChangeValues, seen: int) -> None:
    """Correct a change request that is not done.

    :raises Refused: it is done.
    :raises Stale: somebody changed it meanwhile.
    :raises Invalid: as when entering.
    """
    if row.done_on:
        raise Refused(IS_DONE)
    _check_seen(row, seen, values)
    if values.number != row.number:
        _check_number(work, ChangeRequest, values.number)
    _check_day(work, values.asked_on, "asked_on")
    _check_places(work, values.unit_id, values.subject_id)
    _change(work, row, vars(values), Word.CHANGE_CHANGED, number=values.number)


def finish_change(work: Work, row: ChangeRequest, on: date, seen: int) -> None:
    """Note that a change was made on the site.

    :raises Refused: it is done already.
    :raises Invalid: the day is impossible.
    :raises Stale: somebody changed it meanwhile.
    """
    _check_seen(row, seen)
    if row.done_on:
        raise Refused(IS_DONE)
    _check_day(work, on, "done_on", (row.asked_on, BEFORE_ASKED))
    _change(work, row, {"done_on": on}, Word.CHANGE_DONE, number=row.number, on=on)


def set_publication(work: Work, values: PublicationValues, row: Publication | None = None, seen: int = 0) -> None:
    """Enter the figures of a month and source, or correct them.

    :raises Invalid: that month and source is another entry's.
    :raises Stale: somebody changed it meanwhile.
    """
    same = (Publication.period == values.period, Publication.source == values.source)
    other = work.session.scalar(select(Publication.id).where(*same))
    if other is not None and (row is None or other != row.id):
        raise Invalid({"source": LINE_TAKEN})
    told = {"period": values.period, "source": values.source, "total": values.texts + values.pictures + values.videos}
    if row is None:
        _add(work, Publication(**vars(values)), Word.PUBLICATION_SET, **told)
    else:
        _check_seen(row, seen, values)
        _change(work, row, vars(values), Word.PUBLICATION_SET, **told)


def set_line(work: Work, values: LineValues, row: WorkLine | None = None, seen: int = 0) -> None:
    """Enter a line of work or praise, or change it.

    :raises Stale: somebody changed it meanwhile.
    """
    told = {"period": values.period, "heading": values.heading}
    if row is None:
        _add(work, WorkLine(**vars(values)), Word.LINE_SET, **told)
    else:
        _check_seen(row, seen, values)
        _change(work, row, vars(values), Word.LINE_SET, **told)


def _add(work: Work, row: Row, word: Word, **told: Any) -> None:
    work.session.add(row)
    work.session.flush()
    record(work, word, row, **told)


def _change(work: Work, row: Row, columns: Mapping[str, Any], word: Word, **told: Any) -> None:
    changed = sorted(key for key, value in columns.items() if getattr(row, key) != value)
    if not changed:
        return
    for key in changed:
        setattr(row, key, columns[key])
    work.session.flush()
    record(work, word, row, **told, changed=changed)


def _check_entry(work: Work, table: Any, number: str, on: date, field: str, values: Any) -> None:
    _check_number(work, table, number)
    _check_day(work, on, field)
    _check_places(work, values.unit_id, values.subject_id)


def _check_number(work: Work, table: type[ErrorReport] | type[ChangeRequest], number: str) -> None:
    if work.session.scalar(select(table.id).where(table.number == number)):
        raise Invalid({"number": NUMBER_TAKEN})


def _check_day(work: Work, on: date, field: str, first: tuple[date, str] | None = None) -> None:
    if on > work.today:
        raise Invalid({field: IN_THE_FUTURE})
    if first and on < first[0]:
        raise Invalid({field: first[1]})


def _check_places(work: Work, unit_id: int, subject_id: int | None) -> None:
    if work.session.get(Unit, unit_id) is None:
        raise Invalid({"unit_id": NO_UNIT})
    if subject_id is not None and work.session.get(Subject, subject_id) is None:
        raise Invalid({"subject_id": NO_SUBJECT})


def _check_open(row: ErrorReport) -> None:
    if row.closed_on:
        raise Refused(IS_CLOSED)


def _check_seen(row: Row, seen: int, values: Any = None) -> None:
    if seen != row.version:
        yours = {key: str(value if value is not None else "") for key, value in vars(values).items()} if values else {}
        raise Stale(CHANGED, {key: str(getattr(row, key) or "") for key in yours}, yours)
