"""What the reply sheet and the receipt say: plain values, Chinese as on every official paper."""

from datetime import date, datetime
from typing import Any

from tracker.files.models import StoredFile
from tracker.kit.clock import office_date, office_time
from tracker.notices.models import Assignment, Item
from tracker.replies.models import Evidence, Reply, ReplyItem, Result, Way
from tracker.replies.policy import in_order

RESULTS = {
    Result.FIXED: "已整改",
    Result.PARTLY: "部分整改",
    Result.NOT_OURS: "不属实",
    Result.MOVED_ON: "已移交",
}


def sheet_content(reply: Reply, *, issuer: str, url_base: str, today: date) -> dict[str, Any]:
    """Return the content of the sheet of a round, as the `reply_sheet` templates read it; dates are ISO texts."""
    assignment = reply.assignment
    notice = assignment.notice
    return {
        "draft": False,
        "unit": assignment.unit.full_name,
        "issuer": issuer,
        "notice_number": notice.number or "",
        "notice_title": notice.title,
        "round": reply.round,
        "deadline_words": deadline_words(assignment),
        "items": [_line(line) for line in in_order(reply) if line.item.withdrawn_at is None],
        "url_base": url_base,
        "token": assignment.token,
        "version": reply.round,
        "printed_on": today.isoformat(),
    }


def deadline_words(assignment: Assignment) -> str:
    """Return until when the answer is owed: the printed words, and what was granted beyond them."""
    if not assignment.original_words:
        return assignment.due_words
    return f"{assignment.due_words}（原{assignment.original_words}，经批准延期）"


WAYS = {Way.PAPER: "纸质当面送达", Way.POST: "邮寄", Way.MESSENGER: "即时通讯或电子邮件"}


def receipt_content(reply: Reply, *, issuer: str) -> dict[str, Any]:
    """Return the content of the receipt of a submitted round, as the `receipt` templates read it.

    Moments are office time as texts; the hashes are those of the record.
    """
    assignment = reply.assignment
    return {
        "draft": False,
        "issuer": issuer,
        "unit": assignment.unit.full_name,
        "notice_number": assignment.notice.number or "",
        "notice_title": assignment.notice.title,
        "receipt": reply.receipt or "",
        "round": reply.round,
        "deadline_words": deadline_words(assignment),
        "submitted_at": _moment(reply.submitted_at),
        "submitted_by": reply.submitted_name,
        "registered": {
            "brought_by": reply.brought_by,
            "way": WAYS[reply.brought_way] if reply.brought_way else "",
            "arrived_at": _moment(reply.arrived_at),
        }
        if reply.registered_by
        else None,
        "content_sha256": reply.content_sha256,
        "files": [_kept("签字盖章件", reply.scan)] if reply.scan else [],
        "items": [_received(line) for line in in_order(reply)],
        "date": office_date(reply.submitted_at).isoformat() if reply.submitted_at else "",
    }


def _received(line: ReplyItem) -> dict[str, Any]:
    return {
        "seq": line.item.sequence,
        "subject": subject_of(line.item),
        "result": RESULTS[line.result] if line.result else "",
        "files": [_kept(each.caption or "佐证材料", each.file) for each in line.evidence],
    }


def _kept(label: str, file: StoredFile) -> dict[str, Any]:
    return {"label": label, "name": file.name, "pages": file.pages, "sha256": file.sha256}


def _moment(moment: datetime | None) -> str:
    return office_time(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def says_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether two sheets differ at most in the day of printing."""
    return {**one, "printed_on": ""} == {**other, "printed_on": ""}


def subject_of(item: Item) -> str:
    """Return what an item is about: the site, or the account with its platform, and the place of the problem."""
    finding = item.finding
    if finding is None:
        return "通报工作要求"
    subject = finding.subject
    parts = (subject.name if subject else "", subject.platform if subject else "", finding.place)
    return "　".join(part for part in parts if part) or finding.indicator.title


def _line(line: ReplyItem) -> dict[str, Any]:
    return {
        "seq": line.item.sequence,
        "subject": subject_of(line.item),
        "description": line.item.words,
        "result": RESULTS[line.result] if line.result else "",
        "measure": line.measure,
        "finished_on": line.finished_on.isoformat() if line.finished_on else "",
        "responsible": line.responsible,
        "evidence": [_label(each) for each in line.evidence],
    }


def _label(evidence: Evidence) -> str:
    return evidence.caption or evidence.file.name
