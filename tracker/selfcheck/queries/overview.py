"""What the office sees: who answered, how many problems; drafts of units stay theirs."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.inspections.models import Finding
from tracker.kit.errors import Missing
from tracker.kit.paging import Page, fetch_page
from tracker.org.models import Unit
from tracker.org.policy import Identity, Permission, Work, can
from tracker.registry.models import Subject
from tracker.registry.queries import inspected
from tracker.selfcheck.models import Answer, Line, SelfCheck, Sheet
from tracker.selfcheck.policy import PROBLEMS, answers_for

FOUND = [str(each) for each in PROBLEMS]
HANDED_IN = Sheet.handed_in_at.is_not(None)


def visible(identity: Identity) -> Select[SelfCheck]:
    """Return the self-inspections that the office sees; units come by their own sheets."""
    query = select(SelfCheck)
    return query if can(identity, Permission.FINDING_READ) else query.where(false())


def checks_page(work: Work, after: str | None) -> Page[SelfCheck]:
    """Return one page of the list, the newest first."""
    return fetch_page(work.session, visible(work.actor), (SelfCheck.id,), after, newest_first=True)


def check_by_id(work: Work, check_id: int) -> SelfCheck:
    """Return one self-inspection, for the office.

    :raises Missing: there is none for this person.
    """
    found = work.session.scalar(visible(work.actor).where(SelfCheck.id == check_id))
    if found is None:
        raise Missing(check_id)
    return found


@dataclass(frozen=True)
class Count:
    """Of one self-inspection: sheets, handed-in ones, and the problems that stand on those."""

    sheets: int = 0
    handed_in: int = 0
    problems: int = 0
    taken: int = 0


def counts(session: Session, check_ids: Collection[int]) -> dict[int, Count]:
    """Return the counts of these self-inspections, in two queries."""
    sheets = select(Sheet.check_id, func.count(), func.count(Sheet.handed_in_at)).where(Sheet.check_id.in_(check_ids))
    by_check = {row[0]: row[1:] for row in session.execute(sheets.group_by(Sheet.check_id))}
    found = select(Sheet.check_id, func.count(), func.count(Line.finding_id)).join(Line, Line.sheet_id == Sheet.id)
    found = found.where(Sheet.check_id.in_(check_ids), HANDED_IN, Line.answer.in_(FOUND)).group_by(Sheet.check_id)
    problems = {row[0]: row[1:] for row in session.execute(found)}
    return {id_: Count(*by_check.get(id_, (0, 0)), *problems.get(id_, (0, 0))) for id_ in check_ids}


@dataclass(frozen=True)
class Row:
    """One unit of the overview; answers of a draft are not counted, they are the unit's own until handed in."""

    sheet: Sheet
    questions: int
    problems: int
    taken: int


def overview(session: Session, check: SelfCheck) -> list[Row]:
    """Return the units of a self-inspection in the registry's order: two queries."""
    told = HANDED_IN & Line.answer.in_(FOUND)
    query = (
        select(Sheet.id, func.count(), func.count().filter(told), func.count(Line.finding_id))
        .join(Line, Line.sheet_id == Sheet.id)
        .where(Sheet.check_id == check.id)
        .group_by(Sheet.id)
    )
    figures = {row[0]: row[1:] for row in session.execute(query)}
    sheets = select(Sheet).join(Sheet.unit).options(contains_eager(Sheet.unit)).where(Sheet.check_id == check.id)
    return [Row(each, *figures[each.id]) for each in session.scalars(sheets.order_by(Unit.rank, Unit.id))]


def sheet_of(work: Work, check_id: int, unit_id: int | None) -> Sheet:
    """Return one unit's sheet, for the office.

    :raises Missing: there is none.
    """
    check = check_by_id(work, check_id)
    query = select(Sheet).options(joinedload(Sheet.check), joinedload(Sheet.unit))
    found = work.session.scalar(query.where(Sheet.check_id == check.id, Sheet.unit_id == unit_id))
    if found is None:
        raise Missing(unit_id)
    return found


def answers_page(work: Work, check: SelfCheck, unit_id: int | None, said: str, after: str | None) -> Page[Line]:
    """Return one page of handed-in answers: `said` is an answer, "problem" for both kinds of it, or "" for all."""
    query = (
        select(Line)
        .join(Line.sheet)
        .options(
            contains_eager(Line.sheet).joinedload(Sheet.unit), joinedload(Line.subject), joinedload(Line.indicator)
        )
    )
    query = query.where(Sheet.check_id == check.id, HANDED_IN, *_said(said))
    if unit_id is not None:
        query = query.where(Sheet.unit_id == unit_id)
    return fetch_page(work.session, query, (Line.id,), after)


def _said(said: str) -> list[ColumnElement[bool]]:
    if said == "problem":
        return [Line.answer.in_(FOUND)]
    return [Line.answer == said] if said in list(Answer) else []


def line_by_id(work: Work, line_id: int, *, lock: bool = False) -> Line:
    """Return one handed-in line, for the office.

    :raises Missing: there is none for this person.
    """
    seen = visible(work.actor).with_only_columns(SelfCheck.id)
    query = select(Line).join(Line.sheet).where(Line.id == line_id, HANDED_IN, Sheet.check_id.in_(seen))
    if lock:
        query = query.with_for_update(of=Line).execution_options(populate_existing=True)
    found = work.session.scalar(query)
    if found is None:
        raise Missing(line_id)
    return found


def line_of_finding(session: Session, finding: Finding) -> Line | None:
    """Return the line that a finding was made of."""
    return session.scalar(
        select(Line).where(Line.finding_id == finding.id).options(joinedload(Line.sheet).joinedload(Sheet.check))
    )


def by_unit(session: Session) -> dict[Unit, list[Subject]]:
    """Return every unit that is asked about some inspected subject, with those subjects, in the registry's order."""
    found: dict[Unit, list[Subject]] = {}
    for subject in session.scalars(inspected()):
        found.setdefault(answers_for(subject), []).append(subject)
    return dict(sorted(found.items(), key=lambda each: (each[0].rank, each[0].id)))
