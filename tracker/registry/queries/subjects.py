"""Finding sites and accounts, within what the asker may see."""

from dataclasses import dataclass

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.kit.errors import Missing
from tracker.kit.paging import Page, fetch_page
from tracker.org.models import Unit
from tracker.org.policy import Identity, Permission, can
from tracker.registry.models import Subject, SubjectKind
from tracker.registry.policy import COUNTED, GONE


@dataclass(frozen=True)
class SubjectFilter:
    """What the list is narrowed to; None and "" mean everything."""

    kind: str | None = None
    platform: str | None = None
    unit_id: int | None = None
    state: str | None = None
    text: str = ""


def visible(identity: Identity) -> Select[Subject]:
    """Return the subjects somebody may see: the office all, anybody else those of the own unit."""
    query = select(Subject)
    if can(identity, Permission.REGISTRY_READ):
        return query
    return query.where(Subject.sponsor_id == identity.unit_id)


def subject_by_id(session: Session, identity: Identity, subject_id: int) -> Subject:
    """Return one subject with its units.

    :raises Missing: absent, or not theirs to see.
    """
    query = visible(identity).options(joinedload(Subject.sponsor), joinedload(Subject.supervisor))
    found = session.scalar(query.where(Subject.id == subject_id))
    if found is None:
        raise Missing(subject_id)
    return found


def subjects_page(session: Session, identity: Identity, wanted: SubjectFilter, after: str | None) -> Page[Subject]:
    """Return one page of the list, by name, with sponsors; two queries whatever its length."""
    query = _narrowed(visible(identity), wanted).options(joinedload(Subject.sponsor))
    return fetch_page(session, query, (Subject.name, Subject.id), after)


def _narrowed(query: Select[Subject], wanted: SubjectFilter) -> Select[Subject]:
    if wanted.kind:
        query = query.where(Subject.kind == wanted.kind)
    if wanted.platform:
        query = query.where(Subject.platform == wanted.platform)
    if wanted.unit_id:
        query = query.where(or_(Subject.sponsor_id == wanted.unit_id, Subject.supervisor_id == wanted.unit_id))
    if wanted.state:
        query = query.where(Subject.state == wanted.state)
    if wanted.text:
        columns = (Subject.name, Subject.code, Subject.url)
        query = query.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    return query


def counted_by_kind(session: Session, identity: Identity) -> dict[SubjectKind, int]:
    """Return how many sites and accounts are in a state that is inspected and counted."""
    seen = visible(identity).where(Subject.state.in_([str(state) for state in COUNTED])).subquery()
    rows = session.execute(select(seen.c.kind, func.count()).group_by(seen.c.kind))
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return {kind: found.get(kind, 0) for kind in SubjectKind}


def subjects_with_code(session: Session, code: str) -> list[Subject]:
    """Return the subject that has this 网站标识码, as a list of none or one."""
    return list(session.scalars(select(Subject).where(Subject.code == code)))


def subjects_called(session: Session, said: str) -> list[Subject]:
    """Return the subjects with this site code or exact name; "name（platform）" says which of several is meant."""
    name, _bracket, platform = said.replace("(", "（").replace(")", "）").rstrip("）").partition("（")
    named = (Subject.name == name.strip()) & (Subject.platform == platform.strip())
    query = select(Subject).where(or_(Subject.code == said, Subject.name == said, named if platform else false()))
    return list(session.scalars(query.order_by(Subject.id).limit(50)))


def answering(unit_id: int) -> Select[Subject]:
    """Return the inspected subjects a unit may be asked about: sponsored or supervised by it or by its subordinates.

    By kind, platform and name.
    """
    own = select(Unit.id).where(or_(Unit.id == unit_id, Unit.parent_id == unit_id))
    return inspected().where(or_(Subject.sponsor_id.in_(own), Subject.supervisor_id == unit_id))


def inspected() -> Select[Subject]:
    """Return the subjects that can have a problem at all (not yet shut down or deregistered), with their sponsors."""
    gone = [str(state) for state in GONE]
    return (
        select(Subject)
        .join(Subject.sponsor)
        .options(contains_eager(Subject.sponsor).joinedload(Unit.parent))
        .where(Subject.state.not_in(gone))
        .order_by(Unit.rank, Unit.id, Subject.kind.desc(), Subject.platform, Subject.name)
    )
