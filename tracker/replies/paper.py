"""What the reply sheet says: plain values, Chinese as on every official paper."""

from datetime import date
from typing import Any

from tracker.notices.models import Item
from tracker.replies.models import Evidence, Reply, ReplyItem, Result
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
        "deadline_words": assignment.due_words,
        "items": [_line(line) for line in in_order(reply)],
        "url_base": url_base,
        "token": assignment.token,
        "version": reply.round,
        "printed_on": today.isoformat(),
    }


def says_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether two sheets differ at most in the day of printing."""
    return {**one, "printed_on": ""} == {**other, "printed_on": ""}


def subject_of(item: Item) -> str:
    """Return what an item is about: the site, or the account with its platform, and the place of the problem."""
    finding, subject = item.finding, item.finding.subject
    parts = (subject.name if subject else "", subject.platform if subject else "", finding.place)
    return "　".join(part for part in parts if part) or finding.indicator.title


def _line(line: ReplyItem) -> dict[str, Any]:
    return {
        "seq": line.item.sequence,
        "subject": subject_of(line.item),
        "description": line.item.finding.description,
        "result": RESULTS[line.result] if line.result else "",
        "measure": line.measure,
        "finished_on": line.finished_on.isoformat() if line.finished_on else "",
        "responsible": line.responsible,
        "evidence": [_label(each) for each in line.evidence],
    }


def _label(evidence: Evidence) -> str:
    return evidence.caption or evidence.file.name
