"""A delivered assignment with its people, and how a unit answers it."""

import io
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from tests import factories as f
from tracker.kit.clock import OFFICE, office_moment
from tracker.notices.lifecycle import NoticeState
from tracker.notices.models import Assignment, Batch, Item, Notice, NoticeKind
from tracker.notices.queries import assignment_by_token
from tracker.org.models import Person, Role, Unit
from tracker.org.policy import Identity, Work
from tracker.replies.models import Reply, Result
from tracker.replies.operations import items, rounds, scan, submission

DUE = date(2022, 1, 10)
DONE = items.Written(Result.FIXED, "已于12月28日恢复更新。", date(2021, 12, 28), "张三")


@dataclass
class Case:
    """Who takes part, and the assignment's token."""

    token: str
    unit_id: int
    clerk: Identity
    reviewer: Identity
    director: Identity
    contact: Identity
    stranger: Identity


def build(work: Work, count: int = 2) -> Case:
    """Make the office, two units with contacts, and one delivered assignment of 细河区 with `count` items."""
    xihe, police = f.unit(work, "细河区"), f.unit(work, "市公安局")
    clerk = f.person(work, "clerk", Role.CLERK, name="王芳", phone="0418-0000000")
    people = {
        "clerk": clerk,
        "reviewer": f.person(work, "reviewer", Role.REVIEWER),
        "director": f.person(work, "director", Role.DIRECTOR),
        "contact": f.person(work, "contact-xihe", Role.CONTACT, unit=xihe),
        "stranger": f.person(work, "contact-police", Role.CONTACT, unit=police),
    }
    f.person(work, "observer", Role.OBSERVER)
    f.person(work, "leader-xihe", Role.LEADER, unit=xihe)
    token = deliver(work, xihe, clerk, count).token
    return Case(token, xihe.id, **{name: f.identity(work, person) for name, person in people.items()})


def deliver(work: Work, unit: Unit, clerk: Person, count: int = 2) -> Assignment:
    """Make one more notice that was issued and delivered to the unit."""
    sequence = len(list(work.session.scalars(select(Notice.id)))) + 1
    batch = Batch(
        title="2021年12月份检查", kind=NoticeKind.RECTIFICATION, opening="", requirements="", due_on=DUE,
        due_words="1月10日前", drafted_by=clerk.id, drafted_at=work.now,
    )  # fmt: skip
    issued_at = office_moment("2021-12-28T10:00")
    notice = Notice(
        batch=batch, kind=NoticeKind.RECTIFICATION, unit_id=unit.id, title="关于限期整改有关问题的通知",
        state=NoticeState.ISSUED, series="阜政办公开改", year=2021, sequence=sequence,
        number=f"阜政办公开改〔2021〕{sequence}号", document_date=date(2021, 12, 28), frozen={}, issued_at=issued_at,
    )  # fmt: skip
    due_at = office_moment("2022-01-11")
    assignment = Assignment(
        notice=notice, unit_id=unit.id, unit_name=unit.name, due_on=DUE, due_words="1月10日前", due_at=due_at,
        issued_at=issued_at, delivered_at=issued_at + timedelta(minutes=1),
    )  # fmt: skip
    work.session.add(assignment)
    work.session.flush()
    for n in range(1, count + 1):
        finding = f.finding(work, unit, f"第{n}个账号两周未更新（{sequence}）", notice_ref=notice.id)
        work.session.add(Item(notice=notice, assignment=assignment, finding_id=finding.id, sequence=n))
    work.session.flush()
    assert due_at.astimezone(OFFICE).day == 11
    return assignment


def assignment(work: Work, case: Case) -> Assignment:
    """The case's assignment as the work's actor sees it."""
    return assignment_by_token(work, case.token)


def answer(work: Work, case: Case) -> Reply:
    """Acknowledge when needed, fill every item that is open, upload a scan, submit."""
    row = assignment(work, case)
    if row.acknowledged_at is None:
        rounds.acknowledge(work, row)
    reply = rounds.open_draft(work, row)
    for line in reply.items:
        if line.decision is None:
            items.write_item(work, row, line.item.sequence, DONE)
    scan.put_scan(work, row, io.BytesIO(f.png()), "盖章件.png")
    return submission.submit(work, row)
