"""What documents say: typed facts into the plain content that is frozen and rendered.

One part per kind, named like it: `TYPE` (its folder in templates/documents), `NAME` (its Chinese name) and
`body(notice, day, calendar)`. A new kind is one part here, one folder of templates and one row of `policy.KINDS`.
"""

from datetime import date
from importlib import import_module
from typing import Any

from tracker.almanac.queries import PLAIN
from tracker.almanac.queries import calendar as calendar_of
from tracker.kit.settings import Settings
from tracker.notices.lifecycle import NoticeState
from tracker.notices.models import Batch, Notice, NoticeKind
from tracker.notices.policy import KINDS
from tracker.notices.queries import ordered
from tracker.org.policy import Work
from tracker.workdays.calendar import Calendar

DRAFTS = (NoticeState.DRAFT, NoticeState.RETURNED, NoticeState.IN_REVIEW)


def part(kind: NoticeKind) -> Any:
    """Return the part of a kind."""
    return import_module(f"{__name__}.{kind}")


def content(
    notice: Notice,
    *,
    issuer: str,
    document_date: date,
    number: str = "",
    verify_url: str = "",
    series: str = "",
    calendar: Calendar = PLAIN,
) -> dict[str, Any]:
    """Return the content of a notice's paper as plain values; a draft is one without a number.

    Keys are those of templates/documents/parts/letter.html and of the kind's own page; texts are as typed, dates ISO.
    `series` stands before the blank number of a draft; `calendar` counts the working days by which something is late.
    """
    own = part(notice.kind)
    letter = {
        "type": own.TYPE,
        "draft": not number,
        "issuer": issuer,
        "series": series,
        "number": number,
        "title": notice.title,
        "recipient": notice.unit.full_name,
        "contact": notice.batch.contact,
        "signer_line": issuer,
        "date": document_date.isoformat(),
        "copy_to": [],
        "verify_url": verify_url,
        "token": "",
    }
    said: dict[str, Any] = own.body(notice, document_date, calendar)
    return letter | said


def draft_contents(work: Work, batch: Batch, settings: Settings) -> dict[int, dict[str, Any]]:
    """Return what a batch's draft papers say today, by notice id in the order of numbering."""
    days = calendar_of(work.session)
    return {
        notice.id: content(
            notice,
            issuer=settings.office_name,
            document_date=work.today,
            verify_url=verify_url(notice, settings),
            series=series_of(batch.kind, settings),
            calendar=days,
        )
        for notice in ordered(batch)
        if notice.state in DRAFTS
    }


def series_of(kind: NoticeKind, settings: Settings) -> str:
    """Return the number series of a kind."""
    return str(getattr(settings, KINDS[kind].series))


def verify_url(notice: Notice, settings: Settings) -> str:
    """Return the address of the public page that says whether a paper is genuine."""
    return f"{settings.public_url}/v/{notice.verify_code}"
