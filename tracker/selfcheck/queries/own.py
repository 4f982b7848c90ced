"""What a unit's contact sees: the own unit's sheets and nothing else."""

from dataclasses import dataclass

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session, joinedload

from tracker.kit.errors import Missing
from tracker.kit.paging import Page, fetch_page
from tracker.org.policy import Identity, Permission, Work, can
from tracker.registry.models import Subject
from tracker.selfcheck.models import Line, Sheet
from tracker.selfcheck.policy import PROBLEMS


def own(identity: Identity) -> Select[Sheet]:
    """Return the sheets of somebody's own unit, for who may answer them."""
    query = select(Sheet).options(joinedload(Sheet.check), joinedload(Sheet.unit))
    return (
        query.where(Sheet.unit_id == identity.unit_id)
        if can(identity, Permission.SELFCHECK_ANSWER)
        else query.where(false())
    )


def own_page(work: Work, after: str | None) -> Page[Sheet]:
    """Return one page of the own sheets, the newest first."""
    return fetch_page(work.session, own(work.actor), (Sheet.id,), after, newest_first=True)


def to_answer(work: Work, rows: int) -> list[Sheet]:
    """Return the own sheets that are not handed in, the oldest first."""
    return list(
        work.session.scalars(own(work.actor).where(Sheet.handed_in_at.is_(None)).order_by(Sheet.id).limit(rows))
    )


def own_sheet(work: Work, check_id: int) -> Sheet:
    """Return the own unit's sheet of a self-inspection.

    :raises Missing: there is none: of another unit's it is never told.
    """
    found = work.session.scalar(own(work.actor).where(Sheet.check_id == check_id))
    if found is None:
        raise Missing(check_id)
    return found


@dataclass(frozen=True)
class Part:
    """One subject of a sheet (None: the unit itself): how many questions, answered ones and problems."""

    subject: Subject | None
    questions: int
    answered: int
    problems: int

    @property
    def key(self) -> int:
        """Return what its address names it by."""
        return self.subject.id if self.subject else 0


def parts(session: Session, sheet: Sheet) -> list[Part]:
    """Return the parts of a sheet in the order of its lines: two queries."""
    counts = session.execute(
        select(
            Line.subject_id,
            func.count(),
            func.count(Line.answer),
            func.count().filter(Line.answer.in_([str(each) for each in PROBLEMS])),
        )
        .where(Line.sheet_id == sheet.id)
        .group_by(Line.subject_id)
        .order_by(func.min(Line.id))
    ).all()
    ids = [row[0] for row in counts if row[0] is not None]
    subjects = {each.id: each for each in session.scalars(select(Subject).where(Subject.id.in_(ids)))}
    return [Part(subjects[row[0]] if row[0] else None, *row[1:]) for row in counts]


def lines_of(session: Session, sheet: Sheet, key: int | None = None) -> list[Line]:
    """Return the lines of a sheet, or of one part of it, with subject and indicator: one query.

    :raises Missing: there is no such part.
    """
    query = select(Line).where(Line.sheet_id == sheet.id).options(joinedload(Line.subject), joinedload(Line.indicator))
    if key is not None:
        query = query.where(Line.subject_id == key if key else Line.subject_id.is_(None))
    found = list(session.scalars(query.order_by(Line.id)))
    if not found:
        raise Missing(key)
    return found
