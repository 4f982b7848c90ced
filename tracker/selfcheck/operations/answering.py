"""A unit's answers: saved as a draft as often as wanted, handed in once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Refused, Stale
from tracker.kit.words import N_
from tracker.org.policy import Permission, Work
from tracker.selfcheck.models import Answer, Line, Sheet
from tracker.selfcheck.policy import PROBLEMS, TEXT

HANDED_IN = N_("This self-inspection is handed in; its answers are no longer changed.")
CHANGED = N_("A colleague saved answers after you opened this page. Open it again and look at the present ones.")
MISSING = N_("%(n)s questions are not answered yet. Answer them, then hand it in.")
UNTOLD = N_("%(n)s problems have no words yet. Write for each what was found and what is done about it.")
LONG = N_("At most 500 characters.")


@dataclass(frozen=True)
class Said:
    """One answer as typed; None while nothing is chosen."""

    answer: Answer | None
    text: str


def save(work: Work, sheet: Sheet, lines: Sequence[Line], said: Mapping[int, Said], seen_version: int) -> None:
    """Save what was typed about these lines; half an answer is kept as well.

    :raises Refused: it is handed in.  :raises Stale: a colleague saved meanwhile.  :raises Invalid: a text is too long.
    """
    _require_open(sheet, seen_version)
    problems = {f"text-{id_}": LONG for id_, each in said.items() if len(each.text) > TEXT}
    if problems:
        raise Invalid(problems)
    for line in lines:
        if line.id in said:
            line.answer, line.text = said[line.id].answer, said[line.id].text
    sheet.saved_at = work.now
    work.session.flush()


def hand_in(work: Work, sheet: Sheet, seen_version: int) -> None:
    """Hand a complete sheet in, once, and record it.

    :raises Refused: it is handed in already, or answers are missing.  :raises Stale: it was changed meanwhile.
    """
    _require_open(sheet, seen_version)
    found = Line.answer.in_([str(each) for each in PROBLEMS])
    query = select(
        func.count().filter(Line.answer.is_(None)),
        func.count().filter(found, func.trim(Line.text) == ""),
        func.count().filter(found),
    ).where(Line.sheet_id == sheet.id)
    missing, untold, problems = work.session.execute(query).one()
    if missing:
        raise Refused(MISSING, n=missing)
    if untold:
        raise Refused(UNTOLD, n=untold)
    sheet.handed_in_at, sheet.handed_in_by = work.now, work.actor.person_id
    sheet.handed_in_name = work.actor.signature(Permission.SELFCHECK_ANSWER)
    work.session.flush()
    unit, title = sheet.unit.name, sheet.check.title
    record(work, Word.SELFCHECK_HANDED_IN, sheet, unit=unit, title=title, problems=problems)


def _require_open(sheet: Sheet, seen_version: int) -> None:
    if sheet.handed_in_at is not None:
        raise Refused(HANDED_IN)
    if sheet.version != seen_version:
        raise Stale(CHANGED)
