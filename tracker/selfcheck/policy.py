"""The rules of self-inspections: what is asked of which unit, what an answer may say, where a sheet stands."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from tracker.indicators.models import Indicator
from tracker.kit.clock import office_date
from tracker.kit.words import N_
from tracker.org.models import Unit, UnitKind
from tracker.registry.models import Subject, SubjectKind
from tracker.selfcheck.models import Answer, Sheet

ANSWER_NAMES: dict[Answer, str] = {
    Answer.CLEAN: N_("Nothing found"),
    Answer.MENDED: N_("Problem found, mended"),
    Answer.MENDING: N_("Problem found, being mended"),
}
PROBLEMS = (Answer.MENDED, Answer.MENDING)
KINDS = {"website": SubjectKind.SITE, "portal": SubjectKind.SITE, "media": SubjectKind.ACCOUNT}
"""At which subjects an indicator is asked; every other one is asked once of the unit itself."""
USUAL = frozenset({"website", "media"})
"""What is chosen when the page opens: indicators that hold for every site or account."""
MOST_INDICATORS = 80
MOST_LINES = 20_000
"""Questions of one self-inspection; beyond it a checklist is no check any more."""
TEXT = 500
"""Longest text of an answer."""


class SheetStanding(StrEnum):
    """Where a unit's sheet stands; derived, never stored."""

    OPEN = "open"
    DRAFT = "draft"
    OVERDUE = "overdue"
    HANDED_IN = "handed_in"
    LATE = "late"


SHEET_NAMES: dict[SheetStanding, str] = {
    SheetStanding.OPEN: N_("Not begun"),
    SheetStanding.DRAFT: N_("Draft saved"),
    SheetStanding.OVERDUE: N_("Overdue"),
    SheetStanding.HANDED_IN: N_("Handed in"),
    SheetStanding.LATE: N_("Handed in late"),
}


def sheet_standing(sheet: Sheet, due_on: date, today: date) -> SheetStanding:
    """Return where a sheet stands on a day of the office; the due day itself is still in time."""
    if sheet.handed_in_at is not None:
        return SheetStanding.LATE if office_date(sheet.handed_in_at) > due_on else SheetStanding.HANDED_IN
    if today > due_on:
        return SheetStanding.OVERDUE
    return SheetStanding.DRAFT if sheet.saved_at is not None else SheetStanding.OPEN


def answers_for(subject: Subject) -> Unit:
    """Return the unit that is asked about a subject: its sponsor, or the unit above a subordinate sponsor."""
    sponsor = subject.sponsor
    return sponsor.parent if sponsor.kind == UnitKind.SUBORDINATE and sponsor.parent else sponsor


def questions(subjects: Iterable[Subject], indicators: Iterable[Indicator]) -> Iterator[tuple[int | None, int]]:
    """Yield what one unit is asked as (subject id or None, indicator id): its own duties, then subject by subject."""
    chosen = list(indicators)
    yield from ((None, each.id) for each in chosen if each.applies_to not in KINDS)
    for subject in subjects:
        yield from ((subject.id, each.id) for each in chosen if KINDS.get(each.applies_to) == subject.kind)
