"""Reading public editions and the log of what was deleted."""

from dataclasses import dataclass

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.editions.lifecycle import UNFINISHED, EditionState
from tracker.editions.models import Act, Deletion, Kind, PublicEdition
from tracker.editions.policy.deleting import Leaf, Mark, Path, Place, leaves, places, public
from tracker.editions.policy.finding import longer
from tracker.editions.policy.folding import key
from tracker.kit.errors import Missing
from tracker.kit.paging import Page, fetch_page
from tracker.notices.models import Notice, NoticeKind
from tracker.org.models import Person, Unit, UnitKind
from tracker.org.policy import Identity, Permission, Work, can
from tracker.registry.models import Subject, SubjectKind

Pieces = list[tuple[str, bool]]
MOST = 200
"""Editions looked at for the home page; an office has a few under way at once."""
FOR_THE_PUBLIC = (NoticeKind.BULLETIN, NoticeKind.RECTIFICATION)
"""Kinds of documents of which a public edition can be made; letters between office and unit are nobody else's."""


def visible(identity: Identity) -> Select[PublicEdition]:
    """Return the query of the editions somebody may see: the office all, nobody else any."""
    query = select(PublicEdition).options(joinedload(PublicEdition.notice), joinedload(PublicEdition.drafter))
    return query if can(identity, Permission.NOTICE_READ) else query.where(false())


def edition_by_id(work: Work, edition_id: int) -> PublicEdition:
    """Return one edition with its log.

    :raises Missing: there is none for this person.
    """
    query = visible(work.actor).options(selectinload(PublicEdition.log)).where(PublicEdition.id == edition_id)
    found = work.session.scalar(query)
    if found is None:
        raise Missing(edition_id)
    return found


def editions_of(work: Work, notice_id: int) -> list[PublicEdition]:
    """Return the editions of a document, newest first."""
    query = visible(work.actor).where(PublicEdition.notice_id == notice_id)
    return list(work.session.scalars(query.order_by(PublicEdition.sequence.desc())))


def editions_page(session: Session, identity: Identity, after: str | None) -> Page[PublicEdition]:
    """Return one page of all editions, newest first; one statement."""
    return fetch_page(session, visible(identity), (PublicEdition.id,), after, newest_first=True)


def unfinished(session: Session, notice: Notice) -> PublicEdition | None:
    """Return the edition of a document that is neither released nor withdrawn."""
    query = select(PublicEdition).where(PublicEdition.notice_id == notice.id, PublicEdition.state.in_(UNFINISHED))
    return session.scalar(query)


def waiting(work: Work) -> list[PublicEdition]:
    """Return the editions that wait for this person: to be released by whoever may, or sent back to the drafter."""
    asked = [EditionState.IN_REVIEW, EditionState.RETURNED]
    query = visible(work.actor).where(PublicEdition.state.in_(asked)).order_by(PublicEdition.id)
    return [
        each
        for each in work.session.scalars(query.limit(MOST))
        if (
            can(work.actor, Permission.NOTICE_SIGN, each)
            if each.state is EditionState.IN_REVIEW
            else each.drafted_by == work.actor.person_id
        )
    ]


def in_force(editions: list[PublicEdition]) -> PublicEdition | None:
    """Return the newest released one of a document's editions: it took the place of those before it."""
    released = [each for each in editions if each.state is EditionState.RELEASED]
    return max(released, key=lambda each: each.sequence, default=None)


def names(session: Session) -> list[str]:
    """Return the names of everybody registered, also of those who left."""
    return list(session.scalars(select(Person.name).order_by(Person.id)))


def portal(session: Session) -> Subject | None:
    """Return the website of the office itself, where its public editions usually go."""
    query = select(Subject).join(Unit, Unit.id == Subject.sponsor_id)
    return session.scalars(
        query.where(Unit.kind == UnitKind.OFFICE, Subject.kind == SubjectKind.SITE).order_by(Subject.id).limit(1)
    ).first()


def decisions(log: list[Deletion]) -> list[Deletion]:
    """Return the newest line of each string, in the order in which the strings first came up."""
    newest: dict[str, Deletion] = {}
    for line in log:
        newest[line.kind if line.kind is Kind.CONTACT else key(line.text)] = line
    return list(newest.values())


def marks(log: list[Deletion]) -> list[Mark]:
    """Return what the log decides, as marks on the text; the contact line is no mark, it never stands in public."""
    return [Mark(each.text, each.act is not Act.KEPT) for each in decisions(log) if each.kind is not Kind.CONTACT]


@dataclass(frozen=True)
class Line:
    """A decided string as a page shows it."""

    row: Deletion
    count: int
    hints: tuple[str, ...] = ()
    """Longer words that begin with it."""


@dataclass(frozen=True)
class Twin:
    """A text of the document twice: its pieces with what is deleted, and as the public reads it."""

    pieces: Pieces
    """Words, and whether they are deleted."""
    changed: bool


def lines_of(edition: PublicEdition) -> list[Line]:
    """Return the decided strings with how often the document says each now, and words that begin with one."""
    texts = leaves(public(edition.notice.frozen or {}))
    rows = decisions(edition.log)
    strings = [each for each in rows if each.kind is not Kind.CONTACT]
    found = places(texts, [Mark(each.text, each.act is not Act.KEPT) for each in strings])
    told = {id(row): [place for place in found if place.mark == n] for n, row in enumerate(strings)}
    return [_line(row, texts, told.get(id(row), [])) for row in rows]


def _line(row: Deletion, texts: list[Leaf], found: list[Place]) -> Line:
    if row.kind is Kind.CONTACT:
        return Line(row, 1)
    named = row.kind is Kind.NAME and row.act is not Act.KEPT
    return Line(row, len(found), tuple(longer(texts, row.text, found)) if named else ())


ROW = 4
"""Length of the path that cells of one row of an annex share: annexes, which, rows, which."""
SHOWN_WHEN_CUT = ("annexes", "issuer", "printed_by", "mark", "copy_to")


def twins(edition: PublicEdition) -> list[Twin]:
    """Return the document's texts in order of reading, each as pieces; of annexes the rows from which words go."""
    texts = leaves(public(edition.notice.frozen or {}))
    decided = marks(list(edition.log))
    cut: dict[int, list[Place]] = {}
    for place in places(texts, decided):
        if decided[place.mark].out:
            cut.setdefault(place.leaf, []).append(place)
    groups: dict[Path, list[int]] = {}
    for n, leaf in enumerate(texts):
        groups.setdefault(leaf.path[:ROW] if leaf.path[0] == "annexes" else leaf.path, []).append(n)
    return [
        Twin(_joined([_pieces(texts[n].text, cut.get(n, [])) for n in group]), changed)
        for path, group in groups.items()
        if (changed := any(n in cut for n in group)) or path[0] not in SHOWN_WHEN_CUT
    ]


def _joined(cells: list[Pieces]) -> Pieces:
    return [piece for n, cell in enumerate(cells) for piece in ([(" | ", False)] if n else []) + cell]


def _pieces(text: str, cut: list[Place]) -> Pieces:
    pieces, at = [], 0
    for place in cut:
        pieces += [(text[at : place.start], False), (text[place.start : place.end], True)]
        at = place.end
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]
