"""A small office in full swing: two units with their people, and unit A's matters in every stage they can be in.

Everything of unit A carries the canary, so that a test can look for it in whatever others receive.
"""

import io
from dataclasses import dataclass, field
from datetime import date

from tests import factories as f
from tests.conftest import WorkAs
from tracker.bulletins.operations import start, usual_frame
from tracker.bulletins.policy.period import Period
from tracker.documents.models import PaperState
from tracker.documents.operations import newest
from tracker.files.models import StoredFile
from tracker.files.operations import Received, enter
from tracker.files.place import originals
from tracker.inspections.models import Finding
from tracker.notices import paper
from tracker.notices.models import Assignment, Batch
from tracker.notices.operations import drafts, issue
from tracker.notices.queries import assignment_by_token, batch_by_id
from tracker.org.models import Person, Role, RoleGrant, Unit, UnitKind
from tracker.org.policy import Identity, Work
from tracker.replies.models import Decision, Evidence, Result
from tracker.replies.operations import items, review, rounds, sheet, submission
from tracker.replies.operations.review import Opinion, Verdict
from tracker.replies.paper import sheet_content
from tracker.workdays.calendar import Calendar

CANARY = "金丝雀"
ISSUER, SERIES = "阜新市人民政府办公室", "阜政办公开改"
DUE = date(2022, 1, 10)
MONTH = Period.parse("2021-12")
DONE = items.Written(Result.FIXED, f"{CANARY}已恢复更新", date(2021, 12, 28), f"{CANARY}责任人")
OFFICE = {
    "clerk": Role.CLERK,
    "director": Role.DIRECTOR,
    "reviewer": Role.REVIEWER,
    "observer": Role.OBSERVER,
    "sysadmin": Role.SYSTEM_ADMIN,
    "secadmin": Role.SECURITY_ADMIN,
    "auditor": Role.AUDITOR,
}
STAGES = ("issued", "acknowledged", "submitted", "returned", "closed", "reopened", "voided")


@dataclass
class World:
    """Logins, unit ids, and A's matters: batch ids by stage, assignment tokens by stage."""

    unit_a: int = 0
    unit_b: int = 0
    batches: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    token_b: str = ""


def people(work: Work) -> tuple[Unit, Unit]:
    """Add the office's people, units A and B, and A's former contacts: one moved to B, one was stopped."""
    for login, role in OFFICE.items():
        f.person(work, login, role)
    a = f.unit(work, f"{CANARY}区", rank=1)
    b = f.unit(work, "市公安局", UnitKind.DEPARTMENT, full_name="阜新市公安局", rank=2)
    f.person(work, "contact-a", Role.CONTACT, unit=a, name=f"{CANARY}联系人")
    f.person(work, "leader-a", Role.LEADER, unit=a, name=f"{CANARY}领导")
    f.person(work, "contact-b", Role.CONTACT, unit=b, name="乙联系人")
    f.person(work, "moved-from-a", Role.CONTACT, unit=b, name="调出人")
    stopped = f.person(work, "stopped-a", unit=a, name=f"{CANARY}离任人", active=False)
    work.session.add(RoleGrant(person_id=stopped.id, role=Role.CONTACT, granted_at=work.now, revoked_at=work.now))
    return a, b


def as_(work: Work, login: str) -> Identity:
    """Let the open unit of work continue as somebody else."""
    person = work.session.query(Person).filter_by(login=login).one()
    work.actor = f.identity(work, person)
    return work.actor


def findings(work: Work, unit: Unit, count: int, mark: str) -> list[Finding]:
    """Add findings of a unit about one account of it."""
    account = f.account(work, unit, f"{unit.name}发布{mark}")
    return [f.finding(work, unit, f"{unit.name}问题{mark}-{n}", subject_id=account.id) for n in range(1, count + 1)]


def wording(**values: object) -> drafts.Wording:
    """The wording of a batch, due on 2022-01-10."""
    words: dict[str, object] = {"title": "整改通知", "opening": "经检查", "requirements": "请整改", "due_on": DUE}
    return drafts.Wording(**{**words, **values})  # type: ignore[arg-type]


def drafted(work: Work, chosen: list[Finding], **values: object) -> Batch:
    """Draft a batch as the clerk."""
    as_(work, "clerk")
    return drafts.draft(work, chosen, wording(**values))


def submitted(work: Work, chosen: list[Finding], **values: object) -> Batch:
    """Draft a batch and submit it."""
    batch = drafted(work, chosen, **values)
    drafts.submit(work, batch, Calendar())
    return batch


def contents_of(work: Work, batch: Batch) -> dict[int, dict[str, object]]:
    """What the papers of a batch would say today, as the director's page shows them."""
    return {n.id: paper.content(n, issuer=ISSUER, document_date=work.today) for n in batch.notices}


def sign(work: Work, batch: Batch) -> Batch:
    """Sign off and issue a batch as the director."""
    as_(work, "director")
    contents = contents_of(work, batch)
    seen = issue.seen_digest(contents)
    issue.sign_off_and_issue(work, batch, series=SERIES, contents=contents, seen=seen, calendar=Calendar())
    return batch


def kept(work: Work, name: str) -> StoredFile:
    """A real picture in the store; the gate has its own tests and would take half a second for each."""
    sha256, size = originals().put(io.BytesIO(f.png()))
    return enter(work, Received(sha256, size, "png", name, 1, active_content=False))


def deliver(work: Work, batch: Batch) -> list[Assignment]:
    """Keep a real (if plain) file as every paper of an issued batch and deliver it."""
    for notice in batch.notices:
        stored = kept(work, f"{notice.unit.name}.png")
        row = newest(work.session, "notice", notice.id, "official")
        assert row is not None
        row.state, row.sha256, row.size, row.pages = PaperState.READY, stored.sha256, stored.size, 1
        work.session.refresh(notice, ["assignments"])
        issue.deliver(work, notice, stored.sha256, 1)
    work.session.flush()
    return [a for notice in batch.notices for a in notice.assignments]


def delivered(work: Work, chosen: list[Finding], **values: object) -> list[Assignment]:
    """Bring findings all the way to the units' desks."""
    return deliver(work, sign(work, batch_by_id(work, submitted(work, chosen, **values).id)))


def answer(work: Work, login: str, token: str) -> None:
    """Acknowledge when needed, fill in every open item, order the sheet, upload the scan, submit."""
    as_(work, login)
    row = assignment_by_token(work, token)
    if row.acknowledged_at is None:
        rounds.acknowledge(work, row)
    reply = rounds.open_draft(work, row)
    for line in reply.items:
        if line.decision is None:
            items.write_item(work, row, line.item.sequence, DONE)
            line.evidence.append(Evidence(file=kept(work, f"{CANARY}佐证.png"), caption=f"{CANARY}截图"))
    sheet.order_sheet(work, reply, sheet_content(reply, issuer=ISSUER, url_base="http://localhost", today=work.today))
    reply.scan = kept(work, f"{CANARY}盖章件.png")
    submission.submit(work, row)


def decide(work: Work, token: str, *, accepted: bool) -> None:
    """Accept everything, or return everything, as the reviewer."""
    as_(work, "reviewer")
    row = assignment_by_token(work, token)
    chosen = Verdict(Decision.ACCEPTED) if accepted else Verdict(Decision.RETURNED, f"{CANARY}佐证不足")
    review.review(work, row, Opinion({item.sequence: chosen for item in row.items}, accepted, accepted))


def bring(work: Work, stage: str, token: str) -> None:
    """Bring a delivered assignment of unit A to a stage."""
    if stage == "acknowledged":
        as_(work, "contact-a")
        rounds.acknowledge(work, assignment_by_token(work, token))
    if stage in ("submitted", "returned", "closed", "reopened"):
        answer(work, "contact-a", token)
    if stage in ("returned", "closed", "reopened"):
        decide(work, token, accepted=stage != "returned")
    as_(work, "director")
    if stage == "reopened":
        review.reopen(work, assignment_by_token(work, token), f"{CANARY}反弹")
    if stage == "voided":
        issue.void(work, assignment_by_token(work, token).notice, f"{CANARY}有误")


def build(work_as: WorkAs) -> World:
    """Make the whole world: A in every stage, B with one delivered notice; every act in its own transaction."""
    world = World()
    with work_as() as work:
        a, b = people(work)
        world.unit_a, world.unit_b = a.id, b.id
    for stage in ("drafted", "in_review", "sent_back", "withdrawn", "undelivered"):
        with work_as() as work:
            world.batches[stage] = _batch(work, work.session.get_one(Unit, world.unit_a), stage)
    for stage in STAGES:
        with work_as() as work:
            row = delivered(work, findings(work, work.session.get_one(Unit, world.unit_a), 1, stage))[0]
            world.tokens[stage], world.batches[stage] = row.token, row.notice.batch_id
        with work_as() as work:
            bring(work, stage, world.tokens[stage])
    with work_as() as work:
        world.token_b = delivered(work, findings(work, work.session.get_one(Unit, world.unit_b), 1, "乙"))[0].token
    with work_as() as work:
        findings(work, work.session.get_one(Unit, world.unit_a), 1, "待发")
    with work_as() as work:
        as_(work, "clerk")
        start(work, MONTH, usual_frame(work.session, MONTH))
    return world


def _batch(work: Work, unit: Unit, stage: str) -> int:
    chosen = findings(work, unit, 1, stage)
    if stage == "drafted":
        return drafted(work, chosen).id
    batch = submitted(work, chosen)
    if stage == "undelivered":
        sign(work, batch_by_id(work, batch.id))
    elif stage == "sent_back":
        as_(work, "director")
        drafts.send_back(work, batch, f"{CANARY}请修改")
    elif stage == "withdrawn":
        drafts.withdraw(work, batch, f"{CANARY}不发")
    return batch.id
