"""Documents that a higher room writes (bulletins): drafted here, then they go the way of every notice."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.inspections.models import Finding
from tracker.inspections.operations import bind, release
from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.notices.lifecycle import NoticeState
from tracker.notices.models import Batch, Item, Notice, NoticeKind
from tracker.notices.operations.drafts import CHANGEABLE, Wording, word
from tracker.org.models import Unit
from tracker.org.policy import Work

WITH_DIRECTOR = N_("It is with the director or already issued; it cannot be changed now.")


@dataclass(frozen=True)
class Prepared:
    """A written document: its content, the problems it asks answers to, and until when."""

    kind: NoticeKind
    title: str
    content: dict[str, Any]
    findings: tuple[Finding, ...]
    due_on: date | None
    note: str = ""
    demands: tuple["Demand", ...] = ()


@dataclass(frozen=True)
class Demand:
    """A requirement that a unit must answer by a day of its own: the words of the item."""

    unit: Unit
    text: str
    due_on: date


def put_draft(work: Work, office: Unit, prepared: Prepared, notice: Notice | None) -> Notice:
    """Draft a written document, or write a draft of it anew; return its notice.

    Order of effects: batch and notice, findings released and bound, items, the record. An answer will be asked from
    each unit that one of the findings belongs to, and by its own day from each unit that a requirement names.

    :raises Refused: the document is with the director or issued, or a finding is on another notice by now.
    """
    if notice is None or notice.state is NoticeState.WITHDRAWN:
        batch = Batch(kind=prepared.kind, drafted_by=work.actor.person_id, drafted_at=work.now)
        notice = Notice(kind=prepared.kind, unit_id=office.id, title=prepared.title, state=NoticeState.DRAFT)
    elif notice.state not in CHANGEABLE:
        raise Refused(WITH_DIRECTOR)
    else:
        batch = notice.batch
    word(work, batch, Wording(prepared.title, "", "", prepared.due_on, note=prepared.note))
    work.session.add(batch)
    work.session.flush()  # the notice points at its batch
    new = notice.id is None
    notice.batch_id, notice.title, notice.prepared = batch.id, prepared.title, prepared.content
    work.session.add(notice)
    work.session.flush()  # items and findings point at the notice
    _put_items(work, notice, prepared)
    said = Word.BATCH_DRAFTED if new else Word.BATCH_CHANGED
    record(work, said, batch, case=f"batch:{batch.id}", count=1)
    return notice


def _put_items(work: Work, notice: Notice, prepared: Prepared) -> None:
    release(work, [item.finding for item in notice.items if item.finding])
    work.session.execute(delete(Item).where(Item.notice_id == notice.id))
    chosen = sorted(prepared.findings, key=lambda each: (each.unit.rank, each.unit_id, each.id))
    bind(work, chosen, notice.id)
    work.session.add_all(
        Item(notice_id=notice.id, finding_id=finding.id, sequence=n) for n, finding in enumerate(chosen, 1)
    )
    work.session.add_all(
        Item(notice_id=notice.id, unit_id=each.unit.id, requirement=each.text, due_on=each.due_on, sequence=n)
        for n, each in enumerate(prepared.demands, len(chosen) + 1)
    )
    work.session.flush()
    work.session.expire(notice, ["items"])
