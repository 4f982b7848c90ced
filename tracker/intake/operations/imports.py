"""Whole sheets of error reports and publication figures: checked, then stored in one transaction or not at all.

Only new rows come in: what is entered already is followed or corrected on its own page, where the record says by whom.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from typing import Any

from sqlalchemy import select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.intake.models import ErrorReport, Publication
from tracker.intake.operations.entries import (
    ANSWER_FIRST,
    BEFORE_ANSWER,
    IN_THE_FUTURE,
    LINE_TAKEN,
    NUMBER_TAKEN,
    TOO_EARLY,
    VERIFY_FIRST,
)
from tracker.intake.policy import CONTENT, limits
from tracker.kit.words import N_
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.registry.models import Subject
from tracker.sheets import Sheet, SheetRow
from tracker.workdays.calendar import Calendar

NO_UNIT = N_("No unit is called so. Add it on the page of units first, or correct the name.")
LIKE = N_("No unit is called so. Is %(name)s meant?")
NO_SUBJECT = N_("No website or account of the registry is called so, or has this code. Correct it, or leave it empty.")
SEVERAL = N_("Several are registered under this name. Write the site code, or leave it empty and choose it afterwards.")
TWICE = N_("The same one stands in %(cell)s already.")
SAY_ANSWER = N_("Write what was answered.")
DAYS = ("received_on", "answered_on", "closed_on")


def check_reports(work: Work, sheet: Sheet) -> None:
    """Add to the sheet's problems what the office's own rows, or the order of the days, forbid.

    Puts `unit_id` and `subject_id` among each row's values. Three statements, however many rows; nothing is written.
    """
    units, subjects = _units(work), _subjects(work)
    taken = set(work.session.scalars(select(ErrorReport.number)))
    first: dict[str, str] = {}
    for row in sheet.rows:
        _once(sheet, row, "number", row.values["number"], first)
        if row.values["number"] in taken:
            sheet.problem(row, "number", NUMBER_TAKEN)
        _unit(sheet, row, units)
        _subject(sheet, row, subjects)
        for name, sentence in _disorder(row.values, work.today):
            sheet.problem(row, name, sentence)


def check_publications(work: Work, sheet: Sheet) -> None:
    """Add to the sheet's problems what is entered already, or stands in it twice; one statement."""
    query = select(Publication.period, Publication.source)
    taken = {(row.period, row.source) for row in work.session.execute(query)}
    first: dict[tuple[str, str], str] = {}
    for row in sheet.rows:
        key = (row.values["period"], row.values["source"])
        _once(sheet, row, "source", key if all(key) else None, first)
        if key in taken:
            sheet.problem(row, "source", LINE_TAKEN)


def store_reports(work: Work, sheet: Sheet, calendar: Calendar, name: str) -> None:
    """Store a sheet that was checked in this very transaction; a line in the record for it and for each report."""
    record(work, Word.INTAKE_IMPORTED, file=name, rows=len(sheet.rows))
    rows = [_report(work, row.values, calendar) for row in sheet.rows]
    work.session.add_all(rows)
    work.session.flush()
    for each in rows:
        record(work, Word.REPORT_ENTERED, each, number=each.number, due=each.due_on)


def store_publications(work: Work, sheet: Sheet, _calendar: Calendar, name: str) -> None:
    """Store a sheet that was checked in this very transaction; a line in the record for it and for each row."""
    record(work, Word.INTAKE_IMPORTED, file=name, rows=len(sheet.rows))
    rows = [Publication(**row.values) for row in sheet.rows]
    work.session.add_all(rows)
    work.session.flush()
    for each in rows:
        total = each.texts + each.pictures + each.videos
        record(work, Word.PUBLICATION_SET, each, period=each.period, source=each.source, total=total)


def _report(work: Work, values: dict[str, Any], calendar: Calendar) -> ErrorReport:
    term = values["term"] or CONTENT
    return ErrorReport(
        number=values["number"],
        kind=values["kind"] or "",
        source=values["source"] or "",
        received_on=values["received_on"],
        term=term,
        due_on=limits()[term].ends(values["received_on"], calendar),
        unit_id=values["unit_id"],
        subject_id=values["subject_id"],
        text=values["text"],
        truth=values["truth"],
        answered_on=values["answered_on"],
        answer=values["answer"] or "",
        closed_on=values["closed_on"],
        entered_at=work.now,
    )


def _units(work: Work) -> dict[str, int]:
    units: dict[str, int] = {}
    for unit in work.session.execute(select(Unit.id, Unit.code, Unit.full_name, Unit.name).order_by(Unit.id)):
        for name in (unit.code, unit.full_name, unit.name):  # the short name is unique, so it decides
            units[name] = unit.id
    return units


def _subjects(work: Work) -> dict[str, list[int]]:
    subjects: dict[str, list[int]] = defaultdict(list)
    for row in work.session.execute(select(Subject.id, Subject.name, Subject.code).order_by(Subject.id)):
        for name in {row.name, row.code or row.name}:
            subjects[name].append(row.id)
    return subjects


def _once(sheet: Sheet, row: SheetRow, name: str, key: Any, first: dict[Any, str]) -> None:
    if key is None:
        return
    if key in first:
        sheet.problem(row, name, TWICE, cell=first[key])
    else:
        first[key] = sheet.cell(row, name)


def _unit(sheet: Sheet, row: SheetRow, units: dict[str, int]) -> None:
    said = row.values["unit"]
    row.values["unit_id"] = units.get(said)
    if said and row.values["unit_id"] is None:
        like = get_close_matches(said, units, n=1)
        sheet.problem(row, "unit", LIKE if like else NO_UNIT, **({"name": like[0]} if like else {}))


def _subject(sheet: Sheet, row: SheetRow, subjects: dict[str, list[int]]) -> None:
    said = row.values["subject"]
    found = subjects.get(said, []) if said else []
    row.values["subject_id"] = found[0] if len(found) == 1 else None
    if said and len(found) != 1:
        sheet.problem(row, "subject", SEVERAL if found else NO_SUBJECT)


def _disorder(values: dict[str, Any], today: date) -> Iterator[tuple[str, str]]:
    """Yield the cells whose day is impossible, or that lack what must have come before; the order of a report's way."""
    received, answered, closed = (values[name] for name in DAYS)
    for name in DAYS:
        if values[name] and values[name] > today:
            yield name, IN_THE_FUTURE
    if answered and not values["truth"]:
        yield "truth", VERIFY_FIRST
    if answered and not values["answer"]:
        yield "answer", SAY_ANSWER
    if (closed or values["answer"]) and not answered:
        yield "answered_on", ANSWER_FIRST
    if answered and received and answered < received:
        yield "answered_on", TOO_EARLY
    if answered and closed and closed < answered:
        yield "closed_on", BEFORE_ANSWER
