"""Beginning a public edition: what is found by itself is proposed, what was decided before is decided again."""

from dataclasses import asdict
from urllib.parse import urlsplit

from sqlalchemy import func, select

from tracker.audit.policy import Word
from tracker.editions.lifecycle import EditionState
from tracker.editions.models import Act, Kind, PublicEdition
from tracker.editions.operations.deciding import Tags, count_of, log
from tracker.editions.operations.steps import NOT_PUBLIC, may_be_public, note, touch
from tracker.editions.policy.finding import Found, find
from tracker.editions.policy.folding import key
from tracker.editions.queries import decisions, editions_of, names, portal, unfinished
from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.notices.models import Notice
from tracker.org.policy import Work

COLUMN, COLUMN_TYPE = "通知公告", "文件资料"
UNDER_WAY = N_("A public edition of this document is being prepared already. Go on with that one, or withdraw it.")


def start(work: Work, notice: Notice) -> PublicEdition:
    """Begin an edition: what is found by itself is proposed for deletion, what was decided before is decided again.

    Order of effects: the document's row is locked, the edition, its log, the record.

    :raises Refused: the document is not issued (or void, or a letter), or one of its editions is under way.
    """
    work.session.refresh(notice, with_for_update=True)  # of two clerks at once the second sees the first's edition
    if not may_be_public(notice):
        raise Refused(NOT_PUBLIC)
    if unfinished(work.session, notice) is not None:
        raise Refused(UNDER_WAY)
    earlier = editions_of(work, notice.id)
    sequence = work.session.scalar(
        select(func.coalesce(func.max(PublicEdition.sequence), 0)).where(PublicEdition.notice_id == notice.id)
    )
    edition = PublicEdition(
        notice_id=notice.id,
        sequence=(sequence or 0) + 1,
        state=EditionState.DRAFT,
        drafted_by=work.actor.person_id,
        drafted_at=work.now,
        **asdict(_usual_tags(work, notice, earlier)),
    )
    work.session.add(edition)
    work.session.flush()  # the log points at it
    touch(work, edition)
    _propose(work, edition, notice, earlier)
    note(work, Word.EDITION_STARTED, edition, count=len(edition.log))
    return edition


def _usual_tags(work: Work, notice: Notice, earlier: list[PublicEdition]) -> Tags:
    last = (
        earlier[0]
        if earlier
        else work.session.scalars(select(PublicEdition).order_by(PublicEdition.id.desc()).limit(1)).first()
    )
    source = str((notice.frozen or {}).get("issuer", ""))
    if last:
        tags = (last.site_name, last.site_domain, last.site_code, last.column_name, last.column_type)
        return Tags(*tags, source=last.source or source, published_on=work.today)
    site = portal(work.session)
    named = (site.name, urlsplit(site.url).hostname or "", site.code or "") if site else ("", "", "")
    return Tags(*named, COLUMN, COLUMN_TYPE, source, work.today)


def _propose(work: Work, edition: PublicEdition, notice: Notice, earlier: list[PublicEdition]) -> None:
    content = notice.frozen or {}
    before = decisions(list(earlier[0].log)) if earlier else []
    known = {key(row.text) for row in before}
    if content.get("contact") and not any(row.kind is Kind.CONTACT for row in before):
        log(work, edition, str(content["contact"]), Kind.CONTACT, Act.FOUND, count=1)
    for row in before:
        count = 1 if row.kind is Kind.CONTACT else count_of(content, row.text)
        log(work, edition, row.text, row.kind, row.act, row.reason, count, row)
    for found in find(content, names(work.session)):
        if key(found.text) not in known and found.kind is not Kind.CONTACT:
            log(work, edition, found.text, found.kind, Act.FOUND, count=count_of(content, found.text))
    work.session.flush()
    work.session.expire(edition, ["log"])


def proposal(work: Work, notice: Notice) -> list[Found]:
    """Return what a new edition would propose for deletion; stores nothing."""
    return find(notice.frozen or {}, names(work.session))
