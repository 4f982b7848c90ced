"""Acts on one unit's sheet: moving points by hand, offering it to the unit, objecting, answering, signing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from tracker.assessment.models import Adjustment, Objection, Sheet, SheetState
from tracker.assessment.operations.freeze import figures, freeze
from tracker.assessment.queries.sheets import ground, sheet_of, stored, unit_assessed
from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.documents.operations import content_digest
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.kit.plain_text import clean
from tracker.kit.words import N_
from tracker.org.models import Unit
from tracker.org.policy import Permission, Work, can

SIGNED = N_("This sheet is signed; its figures do not change any more.")
NO_LINE = N_("Pick a line of the sheet.")
NEEDS_REASON = N_("Write the reason: it stands in the record.")
NEEDS_TEXT = N_("Write what is wrong with this line.")
NEEDS_ANSWER = N_("Write the answer: the unit reads it.")
POINTS = N_("Type points other than nought, 100 at most, with two decimals at most.")
UNTIL = N_("Choose a day after today, within the next %(most)s days.")
SHORTER = N_("The unit was told that it may object until %(until)s. Choose that day or a later one.")
GONE = N_("This is withdrawn already; nothing was done twice.")
NOT_OFFERED = N_("The sheet is not open for checking.")
OVER = N_("The day until which objections could be raised has passed.")
TWICE = N_("An objection to this line was raised already.")
ANSWERED = N_("This objection is answered already; nothing was done twice.")
UNANSWERED = N_("%(count)s objections wait for an answer. Answer them, then sign.")
STILL_CHECKING = N_("The unit may object until %(until)s. Sign after that day, or once the unit has agreed.")
OWN_HAND = N_("Who moved points or opened the sheet does not sign it.")
CHANGED = N_("The figures have changed since the page was opened. Look at them again, then sign.")
LONGEST = timedelta(days=60)
MOST = Decimal(100)


def row_for(work: Work, year: int, unit: Unit) -> Sheet:
    """Return the sheet's row, locked and not signed; made when there was none, whoever else does the same.

    :raises Refused: it is signed.
    """
    blank = {"year": year, "unit_id": unit.id, "state": SheetState.DRAFT, "version": 1, "example": False}
    blank |= {"agreed_name": "", "sha256": "", "signed_name": ""}
    insert = postgresql.insert if work.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    work.session.execute(insert(Sheet).values(blank).on_conflict_do_nothing(index_elements=["year", "unit_id"]))
    row = stored(work.session, year, unit.id, lock=True)
    if row is None or row.state is SheetState.SIGNED:
        raise Refused(SIGNED)
    return row


def no_longer_agreed(row: Sheet) -> None:
    """Forget that the unit agreed: the figures are no longer those it saw."""
    row.agreed_at, row.agreed_name = None, ""


def adjust(
    work: Work, year: int, unit: Unit, line: str, points: Decimal | None, reason: str, evidence: str = ""
) -> Adjustment:
    """Move points of one line by hand (cases, of a veto line), with reason and evidence.

    What the unit agreed to were other figures: its agreement is gone.

    :raises Invalid: no such line, no points, or no reason.  :raises Refused: the sheet is signed.
    """
    titles = {rule.key: rule.title for rule in ground(work.session, year).rules}
    problems = {} if line in titles else {"line": NO_LINE}
    if points is None or not points or abs(points) > MOST:
        problems["points"] = POINTS
    if not clean(reason):
        problems["reason"] = NEEDS_REASON
    if problems or points is None:
        raise Invalid(problems)
    no_longer_agreed(row_for(work, year, unit))
    found = Adjustment(
        year=year,
        unit_id=unit.id,
        line=line,
        points=points,
        reason=clean(reason),
        evidence=clean(evidence),
        made_by=work.actor.person_id,
        made_name=work.actor.name,
        made_at=work.now,
    )
    work.session.add(found)
    work.session.flush()
    told = _told(year, unit) | {"line": f"{line} {titles[line]}", "points": f"{points:+}", "reason": found.reason}
    record(work, Word.ASSESSMENT_ADJUSTED, found, **told)
    return found


def withdraw(work: Work, year: int, unit: Unit, adjustment_id: int) -> None:
    """Take points moved by hand back; the line stays visible as withdrawn, the unit's agreement is gone.

    :raises Missing: not of this sheet.  :raises Refused: withdrawn before, or the sheet is signed.
    """
    no_longer_agreed(row_for(work, year, unit))
    found = work.session.get(Adjustment, adjustment_id)
    if found is None or (found.year, found.unit_id) != (year, unit.id):
        raise Missing(adjustment_id)
    if found.withdrawn_at is not None:
        raise Refused(GONE)
    found.withdrawn_at, found.withdrawn_name = work.now, work.actor.name
    record(work, Word.ASSESSMENT_ADJUSTMENT_WITHDRAWN, found, **_told(year, unit), line=found.line)


def offer(work: Work, year: int, unit: Unit, until: date | None) -> Sheet:
    """Open the sheet to its unit for checking (核对) until a day; again with a later day as long as it is not signed.

    :raises Invalid: no day within the next weeks, or one before the day told.  :raises Refused: it is signed.
    """
    if until is None or not work.today < until <= work.today + LONGEST:
        raise Invalid({"until": UNTIL}, most=LONGEST.days)
    row = row_for(work, year, unit)
    if row.objections_until is not None and until < row.objections_until:
        raise Invalid({"until": SHORTER}, until=row.objections_until.isoformat())
    row.state, row.objections_until = SheetState.OFFERED, until
    row.offered_by, row.offered_at = work.actor.person_id, work.now
    record(work, Word.ASSESSMENT_OFFERED, row, **_told(year, unit), until=until)
    return row


def own_sheet(work: Work, year: int) -> tuple[Unit, Sheet]:
    """Return the actor's own unit and its sheet, once the office has opened it.

    :raises Missing: not opened, or the actor's unit is not assessed.
    """
    unit = unit_assessed(work.session, work.actor.unit_id or 0)
    row = stored(work.session, year, unit.id)
    if row is None or row.state is SheetState.DRAFT or work.actor.is_office:
        raise Missing(year)
    return unit, row


def _checking(work: Work, year: int) -> tuple[Unit, Sheet]:
    unit, _seen = own_sheet(work, year)
    row = row_for(work, year, unit)
    if row.state is not SheetState.OFFERED or row.objections_until is None:
        raise Refused(NOT_OFFERED)
    if work.today > row.objections_until:
        raise Refused(OVER)
    return unit, row


def object_to(work: Work, year: int, line: str, text: str) -> Objection:
    """Object, for the own unit, to one line; once, until the day told.

    :raises Invalid: no such line, or no words.  :raises Refused: too late, not open, or raised before.
    """
    unit, row = _checking(work, year)
    titles = {rule.key: rule.title for rule in ground(work.session, year).rules}
    problems = {} if line in titles else {"line": NO_LINE}
    if not clean(text):
        problems["text"] = NEEDS_TEXT
    if problems:
        raise Invalid(problems)
    if any(each.line == line for each in row.objections):
        raise Refused(TWICE)
    found = Objection(
        sheet_id=row.id,
        line=line,
        text=clean(text),
        made_by=work.actor.person_id,
        made_name=work.actor.name,
        made_at=work.now,
    )
    no_longer_agreed(row)
    work.session.add(found)
    work.session.flush()
    record(work, Word.ASSESSMENT_OBJECTED, found, **_told(year, unit), line=f"{line} {titles[line]}")
    return found


def agree(work: Work, year: int) -> Sheet:
    """Say, for the own unit, that the sheet is right (无异议); saying so again changes nothing.

    :raises Refused: too late, or not open.
    """
    unit, row = _checking(work, year)
    if row.agreed_at is not None:
        return row
    row.agreed_at, row.agreed_name = work.now, work.actor.name
    record(work, Word.ASSESSMENT_AGREED, row, **_told(year, unit))
    return row


def answer(work: Work, year: int, unit: Unit, objection_id: int, *, upheld: bool, text: str) -> Objection:
    """Answer an objection; points are moved apart from it, by `adjust`, so that each has its reason.

    :raises Missing: not of this sheet.  :raises Invalid: no words.  :raises Refused: answered before, or signed.
    """
    row = row_for(work, year, unit)
    found = next((each for each in row.objections if each.id == objection_id), None)
    if found is None:
        raise Missing(objection_id)
    if found.answered_at is not None:
        raise Refused(ANSWERED)
    if not clean(text):
        raise Invalid({"answer": NEEDS_ANSWER})
    found.answer, found.upheld = clean(text), upheld
    found.answered_by, found.answered_name, found.answered_at = work.actor.person_id, work.actor.name, work.now
    word = Word.ASSESSMENT_OBJECTION_UPHELD if upheld else Word.ASSESSMENT_OBJECTION_REFUSED
    record(work, word, found, **_told(year, unit), line=found.line)
    return found


def signing_stops(work: Work, row: Sheet | None) -> tuple[str, dict[str, Any]] | None:
    """Return why the sheet cannot be signed now by this person, as a msgid with its parameters; None when it can."""
    if row is None or row.state is not SheetState.OFFERED or row.objections_until is None:
        return NOT_OFFERED, {}
    if waiting := sum(each.answered_at is None for each in row.objections):
        return UNANSWERED, {"count": waiting}
    if row.agreed_at is None and work.today <= row.objections_until:
        return STILL_CHECKING, {"until": row.objections_until.isoformat()}
    if work.actor.hands(Permission.NOTICE_SIGN) & _hands(work, row):
        return OWN_HAND, {}
    return None


def _hands(work: Work, row: Sheet) -> set[int]:
    from_hand = work.session.query(Adjustment.made_by).where(
        Adjustment.year == row.year, Adjustment.unit_id == row.unit_id, Adjustment.withdrawn_at.is_(None)
    )
    return {id_ for (id_,) in from_hand if id_ is not None} | ({row.offered_by} if row.offered_by else set())


def sign(work: Work, year: int, unit: Unit, seen: str) -> Sheet:
    """Sign the sheet: its figures are frozen with the ids of the rows behind them, and hashed.

    :raises Missing: not theirs to sign.  :raises Refused: not open, objections or the unit's days are still running, or
    the signer's own hand is in it.  :raises Stale: the figures differ from what was seen.
    """
    if not can(work.actor, Permission.NOTICE_SIGN):
        raise Missing
    row = row_for(work, year, unit)
    if stops := signing_stops(work, row):
        raise Refused(stops[0], **stops[1])
    known = ground(work.session, year)
    found = sheet_of(work.session, year, unit, work.now, known)
    if content_digest(figures(found.score)) != seen:
        raise Stale(CHANGED)
    row.signed_by, row.signed_at = work.actor.person_id, work.now
    row.signed_name = work.actor.signature(Permission.NOTICE_SIGN)
    row.frozen = freeze(work, known, found)
    row.sha256 = content_digest(row.frozen)
    row.state = SheetState.SIGNED
    work.session.flush()
    told = _told(year, unit) | {"total": row.frozen["total"], "verdict": row.frozen["verdict"], "sha256": row.sha256}
    record(work, Word.ASSESSMENT_SIGNED, row, by=row.signed_name, **told)
    return row


def _told(year: int, unit: Unit) -> dict[str, Any]:
    return {"year": year, "unit": unit.name}
