"""What people of the demonstration do more than once: issue a batch, print what is ordered, answer, accept."""

import io
from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.almanac.queries import calendar as calendar_of
from tracker.cli.demo.scan import scanned
from tracker.cli.demo.stage import Stage
from tracker.documents.render import render
from tracker.inspections.queries import findings_by_ids
from tracker.kit.host import host
from tracker.notices import jobs, paper
from tracker.notices.models import Assignment, Batch
from tracker.notices.operations import drafts, issue
from tracker.notices.queries import batch_by_id
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.replies import paper as sheets
from tracker.replies.models import Decision, Result
from tracker.replies.operations.items import Written, write_item
from tracker.replies.operations.review import Opinion, Verdict, review
from tracker.replies.operations.scan import put_scan
from tracker.replies.operations.sheet import TYPE as SHEET
from tracker.replies.operations.submission import submit
from tracker.replies.queries import draft

TITLE = "关于限期整改政府网站与政务新媒体检查发现问题的通知"
DAY = "2021-12-28T"
MEASURE = "已组织专人逐项核实并完成整改，健全信息发布审核和日常巡检制度，明确责任科室和责任人（示例）。"
LEADER = "分管负责人（示例）"


def issue_batch(
    stage: Stage,
    ids: list[int],
    due: str,
    drafted: str,
    signed: str | None,
    opening: str,
    title: str = TITLE,
) -> None:
    """Draft and submit a batch; sign it off as well and print its papers when a moment for that is given."""
    with stage.at(drafted, "clerk") as work:
        wording = drafts.Wording(
            title, opening, stage.text("requirements"), date.fromisoformat(due), contact="市政府办公室政务公开办 王丽"
        )
        batch = drafts.draft(work, findings_by_ids(work.session, ids), wording)
        work.session.flush()
        batch = batch_by_id(work, batch.id)
        drafts.submit(work, batch, calendar_of(work.session))
        issue.order_previews(work, batch, _contents(work, batch))
        batch_id = batch.id
    _print()
    if signed is None:
        return
    with stage.at(signed, "director") as work:
        batch = batch_by_id(work, batch_id)
        contents = _contents(work, batch)
        issue.sign_off_and_issue(
            work,
            batch,
            series=host().settings.series,
            contents=contents,
            seen=issue.seen_digest(contents),
            calendar=calendar_of(work.session),
        )
    _print()


def _contents(work: Work, batch: Batch) -> dict[int, dict[str, Any]]:
    return paper.draft_contents(work, batch, host().settings)


def _print() -> None:
    for paper_id in jobs.due_papers():
        jobs.print_notice(paper_id)


def assignment_of(work: Work, code: str) -> Assignment:
    """Return the newest assignment of the unit of that code."""
    query = (
        select(Assignment).join(Assignment.notice).join(Unit, Unit.id == Assignment.unit_id).where(Unit.code == code)
    )
    return work.session.scalars(query.order_by(Assignment.id.desc()).limit(1)).one()


def fill_items(work: Work, code: str) -> dict[str, Any]:
    """Say of every item of a unit's newest assignment that it is rectified; return what its reply sheet says then."""
    assignment = assignment_of(work, code)
    for item in assignment.items:
        write_item(work, assignment, item.sequence, Written(Result.FIXED, MEASURE, work.today, LEADER))
    settings = host().settings
    return sheets.sheet_content(
        draft(work, assignment), issuer=settings.office_name, url_base=settings.public_url, today=work.today
    )


def answer(stage: Stage, code: str, day: str, hour: int) -> None:
    """Let a unit fill every item, print the sheet, upload the signed and sealed scan, and submit."""
    login = f"contact-{code}"
    with stage.at(f"{day}{hour}:10", login) as work:
        content = fill_items(work, code)
    scan = scanned(render(SHEET, content).pdf, seed=len(code))
    with stage.at(f"{day}{hour}:40", login) as work:
        assignment = assignment_of(work, code)
        put_scan(work, assignment, io.BytesIO(scan), f"{assignment.unit_name}签字盖章件（示例）.pdf")
    with stage.at(f"{day}{hour}:45", login) as work:
        submit(work, assignment_of(work, code))


def accept(stage: Stage, code: str, moment: str) -> None:
    """Let the reviewer accept every item of a unit's newest reply."""
    with stage.at(moment, "reviewer") as work:
        assignment = assignment_of(work, code)
        verdicts = {item.sequence: Verdict(Decision.ACCEPTED) for item in assignment.items}
        review(work, assignment, Opinion(verdicts, signature_checked=True, seal_checked=True))
