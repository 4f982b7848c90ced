"""Handing a bulletin in: its text becomes the draft of a numbered document, once every figure proves itself."""

from sqlalchemy import select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.bulletins.models import Bulletin
from tracker.bulletins.operations.draft import require_open
from tracker.bulletins.policy.binding import compose
from tracker.bulletins.policy.facts import Facts
from tracker.bulletins.policy.flags import flag_key
from tracker.bulletins.policy.layout import RECIPIENT
from tracker.bulletins.queries.annexes import annexes, to_ask
from tracker.bulletins.queries.bulletins import flags_of, lines_of
from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.notices.models import Notice, NoticeKind
from tracker.notices.operations.prepared import Prepared, put_draft
from tracker.org.models import Unit, UnitKind
from tracker.org.policy import Work

NOT_GREEN = N_("%(count)s places do not agree yet. Mend each, or note why it is right all the same.")
NO_DEADLINE = N_("%(count)s problems ask for an answer, but no day is set. Set “Reports due” under the title first.")


def hand_in(work: Work, bulletin: Bulletin, facts: Facts, seen_version: int) -> Notice:
    """Write the draft document from the bulletin's present text and figures; return its notice, still a draft.

    Problems that no other document asks about are bound to it: each of their units will owe an answer. The figures are
    those of this moment; what changes in the ledger afterwards changes nothing that the director sees.

    :raises Refused: a place does not agree and has no reason, problems need a day, or the document was sent on already.
    :raises Stale: somebody changed the bulletin meanwhile.
    """
    require_open(bulletin, seen_version)
    lines = lines_of(bulletin, facts)
    keys = [flag_key(flag, lines[flag.line - 1].key) for flag in flags_of(bulletin, lines, facts)]
    if waiting := [key for key in keys if key not in bulletin.reasons]:
        raise Refused(NOT_GREEN, count=len(waiting))
    findings = to_ask(work.session, facts.period, facts.until, bulletin.notice_id)
    if findings and bulletin.due_on is None:
        raise Refused(NO_DEADLINE, count=len(findings))
    content = {
        "recipient": RECIPIENT,
        "body": [line.number + compose(line.pieces, facts.shown) for line in lines],
        "annexes": annexes(work.session, facts),
    }
    note = "\n".join(bulletin.reasons[key] for key in dict.fromkeys(keys))
    prepared = Prepared(NoticeKind.BULLETIN, bulletin.title, content, tuple(findings), bulletin.due_on, note)
    office = work.session.scalars(select(Unit).where(Unit.kind == UnitKind.OFFICE).order_by(Unit.id).limit(1)).one()
    notice = put_draft(work, office, prepared, bulletin.notice)
    bulletin.notice = notice
    work.session.flush()
    record(work, Word.BULLETIN_HANDED_IN, bulletin, bulletin=bulletin.title, case=f"batch:{notice.batch_id}")
    return notice
