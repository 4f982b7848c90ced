"""Finding bulletins, and the facts of one."""

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session, joinedload

from tracker.bulletins.models import Bulletin
from tracker.bulletins.policy.binding import compose
from tracker.bulletins.policy.check import check
from tracker.bulletins.policy.facts import Facts, Percentages
from tracker.bulletins.policy.flags import Flag
from tracker.bulletins.policy.layout import Line, annexes_line, lay_out
from tracker.bulletins.policy.period import Period
from tracker.bulletins.policy.wording import written
from tracker.bulletins.queries.facts import Settings, gather
from tracker.kit.errors import Missing
from tracker.kit.paging import Page, fetch_page
from tracker.notices.models import Notice
from tracker.org.policy import Identity, Permission, Work, can


def visible(identity: Identity) -> Select[Bulletin]:
    """Return the drafts somebody may see: the office all, nobody else any; what was issued is a notice."""
    query = select(Bulletin)
    return query if can(identity, Permission.BULLETIN_READ) else query.where(false())


def bulletin_by_id(work: Work, bulletin_id: int) -> Bulletin:
    """Return one bulletin with its notice.

    :raises Missing: absent, or not theirs to see.
    """
    query = visible(work.actor).options(joinedload(Bulletin.notice), joinedload(Bulletin.drafter))
    found = work.session.scalar(query.where(Bulletin.id == bulletin_id))
    if found is None:
        raise Missing(bulletin_id)
    return found


def bulletin_of_batch(work: Work, batch_id: int) -> Bulletin | None:
    """Return the bulletin whose document a batch holds; None when there is none, or it is not theirs to see."""
    query = visible(work.actor).join(Notice, Notice.id == Bulletin.notice_id).where(Notice.batch_id == batch_id)
    return work.session.scalar(query)


def bulletins_page(session: Session, identity: Identity, after: str | None) -> Page[Bulletin]:
    """Return one page of the list, as they were drafted; one statement."""
    query = visible(identity).options(joinedload(Bulletin.notice), joinedload(Bulletin.drafter))
    return fetch_page(session, query, (Bulletin.id,), after)


def lines_of(bulletin: Bulletin, facts: Facts) -> list[Line]:
    """Return the draft's paragraphs: what people changed over what the ledger writes now."""
    steps = [(str(row["key"]), str(row["text"])) for row in bulletin.requirements]
    return lay_out(written(facts, steps), bulletin.edits)


def dropped_of(bulletin: Bulletin, facts: Facts) -> list[tuple[str, str]]:
    """Return the paragraphs of the ledger that a person took out: key, and how each begins."""
    steps = [(str(row["key"]), str(row["text"])) for row in bulletin.requirements]
    gone = [block for block in written(facts, steps) if bulletin.edits.get(block.key, {}).get("dropped")]
    return [(block.key, compose(block.pieces, facts.shown)) for block in gone]


def flags_of(bulletin: Bulletin, lines: list[Line], facts: Facts) -> list[Flag]:
    """Return what the checker finds, flags with a recorded reason included."""
    copied = {str(row["key"]): str(row["text"]) for row in bulletin.requirements}
    return check(lines, facts, copied, annexes_line(facts))


def facts_of(work: Work, bulletin: Bulletin, issuer: str) -> Facts:
    """Return the present facts of a bulletin."""
    settings = Settings(
        issuer,
        bulletin.basis,
        bulletin.due_words,
        Percentages(bulletin.places, bulletin.cut),
        bulletin.requirements,
        bulletin.with_ledger,
        bulletin.with_charts,
        bulletin.notice_id,
    )
    return gather(work.session, Period.parse(bulletin.period), bulletin.until, settings, work.now)
