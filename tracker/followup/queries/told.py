"""Which problems were told before, in which document: "该问题于11月已通报"."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.followup.policy import Recurrence, Told, newest_first
from tracker.followup.queries.terms import terms
from tracker.indicators.models import Indicator
from tracker.inspections.models import Finding
from tracker.inspections.policy import Ended, Known, Sought
from tracker.inspections.queries import CHUNK
from tracker.kit.words import N_
from tracker.notices.lifecycle import NoticeState
from tracker.notices.models import Batch, Item, Notice, NoticeKind
from tracker.notices.policy import IN_FORCE, Remark, on_draft
from tracker.org.policy import Work

TELLING = (NoticeKind.RECTIFICATION, NoticeKind.BULLETIN)
"""Documents that tell of problems; a letter that urges or corrects tells nothing new."""
NOT_SO = (str(Ended.UNFOUNDED), str(Ended.DROPPED))
SAME_PLACE = N_("Told before, at the same place: %(clause)s (%(numbers)s).")
SAME_KIND = N_("Told before, of the same kind: %(clause)s (%(numbers)s).")
ON_DRAFT_SAME = N_("%(unit)s, %(problem)s: %(clause)s (%(numbers)s), at the same place.")
ON_DRAFT_KIND = N_("%(unit)s, %(problem)s: %(clause)s (%(numbers)s), of the same kind.")
DRAFTS = (NoticeState.DRAFT, NoticeState.RETURNED, NoticeState.IN_REVIEW, NoticeState.SIGNED_OFF)
MOST_SHOWN = 20
RULE = func.coalesce(Indicator.overrides_id, Indicator.id)
"""The rule whichever wording of it counts, the local or the national one (`Indicator.rule_id`)."""


def recurrences(session: Session, finding_ids: Collection[int]) -> dict[int, Recurrence]:
    """Return for each of these findings that came back what was told of it before, by its id.

    Equal is the same subject (or unit, of a unit's own duty) and rule; where the same place was told as well, only
    that counts. Told is what stands on an issued notice or bulletin, not voided, neither withdrawn nor unfounded,
    dated before the problem was found. Two queries per 500 findings, whatever the ledger's length.
    """
    ids = sorted(set(finding_ids))
    columns = (Finding.unit_id, Finding.subject_id, RULE, Finding.fingerprint, Finding.found_on, Finding.id)
    found: dict[int, Recurrence] = {}
    for start in range(0, len(ids), CHUNK):
        query = select(*columns).join(Finding.indicator).where(Finding.id.in_(ids[start : start + CHUNK]))
        rows = session.execute(query)
        known = told_before(session, [Sought(*row) for row in rows])
        found |= {wanted.finding_id: each for wanted, each in known.items()}
    return found


def told_before(session: Session, wanted: Sequence[Sought]) -> dict[Sought, Recurrence]:
    """Return what was told of problems equal to these (500 at most), for those of which something was: one query."""
    if not wanted:
        return {}
    rows = _told(session, wanted)
    by_target: dict[tuple[bool, int, int], list[Any]] = {}
    for row in rows:
        by_target.setdefault(_target(row), []).append(row)
    pairs = ((each, newest_first(_of(each, by_target.get(_target(each), ())))) for each in wanted)
    return {each: found for each, found in pairs if found is not None}


def _target(row: Any) -> tuple[bool, int, int]:
    """Return what must be the same: the subject, or the unit of a problem without one; and the indicator."""
    own = row.subject_id is None
    return own, row.unit_id if own else row.subject_id, row.rule_id


def _of(wanted: Sought, rows: Iterable[Any]) -> list[Told]:
    """Return what of these rows came before: of the same place up to that day, of the same kind before it.

    Two places of one kind that are found on one day are two problems of one inspection, not one that came back.
    """
    found = []
    for row in rows:
        exact = row.fingerprint == wanted.fingerprint
        before = row.document_date <= wanted.found_on if exact else row.document_date < wanted.found_on
        if before and row.finding_id != wanted.finding_id:
            told = Told(row.finding_id, row.notice_id, row.number, row.title, row.document_date, exact)
            found.append(told)
    return list({(each.notice_id, each.exact): each for each in found}.values())


def _told(session: Session, wanted: Sequence[Sought]) -> list[Any]:
    since = min(each.found_on for each in wanted) - timedelta(days=terms(session).remember_days)
    query = (
        select(
            Finding.id.label("finding_id"), Finding.unit_id, Finding.subject_id, RULE.label("rule_id"),
            Finding.fingerprint, Notice.id.label("notice_id"), Notice.number, Notice.title, Notice.document_date,
        )
        .join(Finding.indicator)
        .join(Item, Item.finding_id == Finding.id)
        .join(Notice, Notice.id == Item.notice_id)
        .where(_alike(wanted), Finding.found_on >= since, func.coalesce(Finding.ended_how, "").not_in(NOT_SO))
        .where(Item.withdrawn_at.is_(None), Notice.state.in_(IN_FORCE), Notice.kind.in_(TELLING))
        .where(Notice.document_date.is_not(None), Notice.document_date <= max(each.found_on for each in wanted))
    )  # fmt: skip
    return list(session.execute(query))


def _alike(wanted: Sequence[Sought]) -> ColumnElement[bool]:
    subjects = {each.subject_id for each in wanted if each.subject_id is not None}
    units = {each.unit_id for each in wanted if each.subject_id is None}
    of_subject = and_(
        Finding.subject_id.in_(subjects),
        RULE.in_({each.rule_id for each in wanted if each.subject_id is not None}),
    )
    of_unit = and_(
        Finding.subject_id.is_(None),
        Finding.unit_id.in_(units),
        RULE.in_({each.rule_id for each in wanted if each.subject_id is None}),
    )
    return or_(*([of_subject] if subjects else []), *([of_unit] if units else []))


def known(recurrence: Recurrence, year: int) -> Known:
    """Return a recurrence as a line of a finding's page or form."""
    told = {"clause": recurrence.sentence(year), "numbers": recurrence.numbers}
    return Known(SAME_PLACE if recurrence.exact else SAME_KIND, told, recurrence.told[0].url, recurrence.ready(year))


@on_draft
def told_again(work: Work, batch: Batch) -> list[Remark]:
    """Say which problems of a draft were told before.

    A ready sentence is offered, never put in, and only where one unit reads the text: a batch has one for all.
    """
    drafts = [notice for notice in batch.notices if notice.state in DRAFTS]
    problems = {item.finding.id: item.finding for each in drafts for item in each.items if item.finding is not None}
    alone = len({each.unit_id for each in drafts}) == 1 and batch.kind is NoticeKind.RECTIFICATION
    found = sorted(recurrences(work.session, problems).items()) if problems else []
    return [_remark(problems[id_], each, work.today.year, alone=alone) for id_, each in found[:MOST_SHOWN]]


def _remark(finding: Finding, found: Recurrence, year: int, *, alone: bool) -> Remark:
    told = {"unit": finding.unit.name, "problem": finding.indicator.title, "numbers": found.numbers}
    msgid = ON_DRAFT_SAME if found.exact else ON_DRAFT_KIND
    ready = f"你单位“{finding.indicator.title}”问题，{found.ready(year)}" if alone else ""
    return Remark(msgid, told | {"clause": found.sentence(year)}, found.told[0].url, ready)
