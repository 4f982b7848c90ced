"""整改通知单: the unit's problems and until when to report."""

from datetime import date
from typing import Any

from tracker.inspections.models import Finding
from tracker.notices.models import Notice
from tracker.notices.paper.texts import paragraphs
from tracker.registry.models import Subject, SubjectKind
from tracker.workdays.calendar import Calendar

TYPE, NAME = "rectification_notice", "整改通知单"
LEVELS = {"veto": "单项否决", "deduct": "扣分", "warn": "预警"}
KINDS = {SubjectKind.SITE: "政府网站", SubjectKind.ACCOUNT: "政务新媒体"}


def body(notice: Notice, _day: date, _calendar: Calendar) -> dict[str, Any]:
    """Return opening, problems, requirements and deadline."""
    batch = notice.batch
    return {
        "opening": paragraphs(batch.opening),
        "items": [item_content(item.sequence, item.finding) for item in notice.items if item.finding],
        "requirements": paragraphs(batch.requirements),
        "deadline_words": batch.due_words,
    } | ({"receipt_words": batch.receipt_words} if batch.receipt_words else {})


def item_content(sequence: int, finding: Finding) -> dict[str, Any]:
    """Return one problem as the paper prints it."""
    subject = finding.subject
    return {
        "seq": sequence,
        "subject": subject.name if subject else finding.unit.name,
        "subject_kind": KINDS[subject.kind] if subject else "",
        "platform": subject.platform if subject else "",
        "code": _code(subject),
        "indicator": finding.indicator.title,
        "level": LEVELS[finding.level],
        "place": finding.place,
        "description": finding.description,
        "found_on": finding.found_on.isoformat(),
    }


def _code(subject: Subject | None) -> str:
    return (subject.code or "") if subject else ""
