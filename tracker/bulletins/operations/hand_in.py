"""Handing a bulletin in: its text becomes the draft of a numbered document, once every figure proves itself."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import or_, select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.bulletins.models import Bulletin
from tracker.bulletins.operations.demands import demands
from tracker.bulletins.operations.draft import require_open
from tracker.bulletins.policy.annexes import LEDGER
from tracker.bulletins.policy.binding import compose
from tracker.bulletins.policy.facts import Facts
from tracker.bulletins.policy.flags import flag_key
from tracker.bulletins.policy.layout import RECIPIENT
from tracker.bulletins.queries.annexes import annexes, sizes, to_ask
from tracker.bulletins.queries.bulletins import flags_of, lines_of
from tracker.bulletins.queries.ledger_annex import MOST_ROWS
from tracker.bulletins.queries.unanswered import NAMING
from tracker.documents.annexes import split
from tracker.escalation.models import Proposal
from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.notices.models import Notice, NoticeKind
from tracker.notices.operations.prepared import Prepared, put_draft
from tracker.org.models import Unit, UnitKind
from tracker.org.policy import Work

NOT_GREEN = N_("%(count)s places do not agree yet. Mend each, or note why it is right all the same.")
TOO_LONG = N_(
    "The ledger of this period has more than %(most)s rows: too many for paper. Leave it out under the title; the file"
    " of the ledger holds all."
)


def hand_in(work: Work, bulletin: Bulletin, facts: Facts, seen_version: int) -> Notice:
    """Write the draft document from the bulletin's present text and figures; return its notice, still a draft.

    Problems that no other document asks about are bound to it: each of their units will owe an answer; without a day
    (a year's bulletin, say) nobody is asked, and the problems go on waiting for a notice. Requirements that name units
    and a day of their own ask these. Namings that stand in the text are noted as said by this document. The figures are
    those of this moment; what changes in the ledger afterwards changes nothing that the director sees.

    :raises Refused: a place does not agree and has no reason, an annex is too long, or it was sent on already.
    :raises Stale: somebody changed the bulletin meanwhile.
    """
    require_open(bulletin, seen_version)
    if facts.annexed.get(LEDGER, 0) > MOST_ROWS:
        raise Refused(TOO_LONG, most=MOST_ROWS)
    printed = annexes(work.session, facts, work.now)
    facts = replace(facts, annexed={**facts.annexed, **sizes(facts, printed)})
    lines = lines_of(bulletin, facts)
    keys = [flag_key(flag, lines[flag.line - 1].key) for flag in flags_of(bulletin, lines, facts)]
    if waiting := [key for key in keys if key not in bulletin.reasons]:
        raise Refused(NOT_GREEN, count=len(waiting))
    asks = bulletin.due_on is not None
    findings = to_ask(work.session, facts.period, facts.until, bulletin.notice_id) if asks else []
    content = {
        "recipient": RECIPIENT,
        "body": [line.number + compose(line.pieces, facts.shown) for line in lines],
        "annexes": [part for annex in printed for part in split(annex)],
    }
    note = "\n".join(bulletin.reasons[key] for key in dict.fromkeys(keys))
    asked = demands(work, bulletin, lines, facts)
    prepared = Prepared(NoticeKind.BULLETIN, bulletin.title, content, tuple(findings), bulletin.due_on, note, asked)
    office = work.session.scalars(select(Unit).where(Unit.kind == UnitKind.OFFICE).order_by(Unit.id).limit(1)).one()
    notice = put_draft(work, office, prepared, bulletin.notice)
    bulletin.notice = notice
    say_namings(work, notice, [line.key for line in lines])
    work.session.flush()
    record(work, Word.BULLETIN_HANDED_IN, bulletin, bulletin=bulletin.title, case=f"batch:{notice.batch_id}")
    return notice


def say_namings(work: Work, notice: Notice, keys: Sequence[str]) -> None:
    """Note on the accepted namings which stand in a bulletin's text; one that was taken out is free for the next."""
    ids = {int(key.removeprefix(NAMING)) for key in keys if key.startswith(NAMING)}
    rows = select(Proposal).where(or_(Proposal.named_in == notice.id, Proposal.id.in_(ids)))
    for row in work.session.scalars(rows):
        row.bulletin = notice if row.id in ids else None
