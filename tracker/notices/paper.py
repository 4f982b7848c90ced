"""What the rectification notice says: typed facts into the plain content that is frozen and rendered."""

from datetime import date
from typing import Any

from tracker.inspections.models import Finding
from tracker.notices.models import Notice
from tracker.registry.models import Subject, SubjectKind

TYPE = "rectification_notice"
LEVELS = {"veto": "单项否决", "deduct": "扣分", "warn": "预警"}
KINDS = {SubjectKind.SITE: "政府网站", SubjectKind.ACCOUNT: "政务新媒体"}


def content(
    notice: Notice, *, issuer: str, document_date: date, number: str = "", verify_url: str = ""
) -> dict[str, Any]:
    """Return the content of a notice's paper as plain values; a draft is one without a number.

    Keys are those of templates/documents/rectification_notice; texts are as typed, dates ISO.
    """
    batch = notice.batch
    return {
        "type": TYPE,
        "draft": not number,
        "issuer": issuer,
        "number": number,
        "title": notice.title,
        "recipient": notice.unit.full_name,
        "opening": paragraphs(batch.opening),
        "items": [item_content(item.sequence, item.finding) for item in notice.items],
        "requirements": paragraphs(batch.requirements),
        "deadline_words": batch.due_words,
        "contact": batch.contact,
        "signer_line": issuer,
        "date": document_date.isoformat(),
        "copy_to": [],
        "verify_url": verify_url,
        "token": "",
    }


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


def paragraphs(text: str) -> list[str]:
    """Return the non-empty lines of a text."""
    return [line.strip() for line in text.splitlines() if line.strip()]
