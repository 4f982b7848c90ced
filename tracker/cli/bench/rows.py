"""An office's ledger after years of work, as plain rows: old notices closed, recent ones in every state."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from tracker.indicators.models import Level
from tracker.kit.clock import office_date
from tracker.notices.lifecycle import AssignmentState as A
from tracker.notices.lifecycle import NoticeState as N
from tracker.workdays.deadlines import Deadline, words_for

UNITS = 60
"""Addressed units; the office itself is unit 1, so theirs are the ids 2 to 61."""
SERIES = "阜政办公开改"
SPAN = timedelta(days=3 * 365)
"""The years of work that the notices are spread over."""
CLOSED_PART = 0.85
"""Of every hundred notices the oldest 85 are closed: what must be acted on stands at the ledger's young end."""
RECENT = (A.ISSUED, A.ACKNOWLEDGED, A.SUBMITTED, A.CLOSED, A.ACKNOWLEDGED, A.RETURNED, A.ACCEPTED, A.REOPENED)
VOID_EVERY = 97
ANSWERED = (A.SUBMITTED, A.RETURNED, A.ACCEPTED, A.CLOSED, A.REOPENED)
PER_BATCH = 30
CLERK, DIRECTOR, REVIEWER, OBSERVER, CONTACTS_FROM = 1, 2, 3, 4, 5
"""Ids of the people; the contact of unit u is person u + 3."""
Row = dict[str, Any]


def finding_row(id_: int, unit_id: int, at: datetime, notice_id: int | None = None) -> Row:
    """Return a finding; without a notice it waits to be picked."""
    return {
        "id": id_,
        "version": 1,
        "inspection_id": 1,
        "unit_id": unit_id,
        "subject_id": unit_id - 1,
        "indicator_id": 1,
        "level": Level.VETO,
        "place": f"首页 / 栏目{id_ % 17}",
        "description": f"监测时点前2周内无更新，最后更新于第{id_}号页面。",
        "found_on": office_date(at),
        "url": f"https://www.example.cn/{id_}.html",
        "fingerprint": hashlib.sha256(f"bench {id_}".encode()).hexdigest(),
        "notice_ref": notice_id,
        "entered_by": CLERK,
        "entered_at": at,
        "ended_at": None,
        "ended_how": None,
        "example": False,
    }


@dataclass(frozen=True)
class Case:
    """The `n`-th of `total` notices, counted from the oldest, with everything that hangs on it."""

    n: int
    total: int
    now: datetime

    @cached_property
    def issued_at(self) -> datetime:
        """When it was issued."""
        return self.now - timedelta(minutes=1) - SPAN * ((self.total - self.n) / self.total)

    @property
    def batch_id(self) -> int:
        """Its batch."""
        return (self.n - 1) // PER_BATCH + 1

    @property
    def unit_id(self) -> int:
        """The addressed unit."""
        return 2 + self.n % UNITS

    @property
    def year(self) -> int:
        """The year of its number."""
        return office_date(self.issued_at).year

    @cached_property
    def state(self) -> A:
        """Where its assignment stands."""
        if self.n % VOID_EVERY == 0:
            return A.VOIDED
        return A.CLOSED if self.n <= self.total * CLOSED_PART else RECENT[self.n % len(RECENT)]

    @cached_property
    def deadline(self) -> Deadline:
        """Two weeks after issue."""
        on = office_date(self.issued_at + timedelta(days=14))
        return Deadline(on, None, words_for(on, None, office_date(self.issued_at)))

    @property
    def ended_at(self) -> datetime | None:
        """When it was closed or voided."""
        return min(self.issued_at + timedelta(days=12), self.now) if self.state in (A.CLOSED, A.VOIDED) else None

    def finding_ids(self) -> list[int]:
        """Return its findings' ids: two on every third notice."""
        return [2 * self.n - 1, 2 * self.n] if self.n % 3 == 0 else [2 * self.n - 1]

    def findings(self) -> Iterator[Row]:
        """Yield its findings; they end with it."""
        how = {A.CLOSED: "rectified", A.VOIDED: "dropped"}.get(self.state)
        for id_ in self.finding_ids():
            ended = {"ended_at": self.ended_at, "ended_how": how}
            yield finding_row(id_, self.unit_id, self.issued_at - timedelta(days=2), self.n) | ended

    def items(self) -> Iterator[Row]:
        """Yield its items."""
        for sequence, id_ in enumerate(self.finding_ids(), 1):
            yield {
                "id": id_,
                "notice_id": self.n,
                "assignment_id": self.n,
                "finding_id": id_,
                "sequence": sequence,
                "rectified_as": "fixed" if self.state is A.CLOSED else None,
                "rectified_at": self.ended_at if self.state is A.CLOSED else None,
            }

    def batch(self) -> Row:
        """Return its batch, as its first notice has it."""
        return {
            "id": self.batch_id,
            "version": 1,
            "title": "关于限期整改政府网站与政务新媒体有关问题的通知",
            "kind": "rectification",
            "opening": "根据监管工作要求，现将检查发现的问题通知如下。",
            "requirements": "请对照问题逐项整改，并报送整改情况报告。",
            "due_on": self.deadline.on,
            "due_words": self.deadline.words,
            "contact": "王芳 0418-0000000",
            "note": "",
            "drafted_by": CLERK,
            "drafted_at": self.issued_at - timedelta(days=1),
        }

    def notice(self, sequence: int) -> Row:
        """Return the notice with the `sequence`-th number of its year."""
        number = f"{SERIES}〔{self.year}〕{sequence}号"
        return {
            "id": self.n,
            "version": 4,
            "batch_id": self.batch_id,
            "kind": "rectification",
            "unit_id": self.unit_id,
            "title": "关于限期整改政府网站与政务新媒体有关问题的通知",
            "state": {A.CLOSED: N.CLOSED, A.VOIDED: N.VOIDED}.get(self.state, N.ISSUED),
            "series": SERIES,
            "year": self.year,
            "sequence": sequence,
            "number": number,
            "document_date": office_date(self.issued_at),
            "frozen": self.content(number),
            "submitted_at": self.issued_at - timedelta(hours=3),
            "signed_by": DIRECTOR,
            "signed_name": "director",
            "issued_at": self.issued_at,
            "ended_at": self.ended_at,
            "reason": "重复下发" if self.state is A.VOIDED else "",
            "paper_sha256": self.digest,
            "paper_pages": 1,
        }

    def content(self, number: str) -> Row:
        """Return what its paper says, shortened."""
        return {
            "type": "rectification_notice",
            "number": number,
            "recipient": f"单位{self.unit_id}",
            "date": office_date(self.issued_at).isoformat(),
        }

    @property
    def digest(self) -> str:
        """The hash its paper would have."""
        return hashlib.sha256(f"bench paper {self.n}".encode()).hexdigest()

    def assignment(self) -> Row:
        """Return the one assignment."""
        at, answered = self.issued_at, self.state in ANSWERED
        submitted = min(at + timedelta(days=10), self.now) if answered else None
        return {
            "id": self.n,
            "version": 1,
            "token": self.digest[:16].upper(),
            "notice_id": self.n,
            "unit_id": self.unit_id,
            "unit_name": f"单位{self.unit_id}",
            "state": self.state,
            "due_on": self.deadline.on,
            "due_words": self.deadline.words,
            "due_at": self.deadline.ends_at,
            "issued_at": at,
            "delivered_at": at + timedelta(seconds=5),
            "acknowledged_at": None if self.state is A.ISSUED else min(at + timedelta(hours=20), self.now),
            "acknowledged_by": None if self.state is A.ISSUED else self.unit_id + 3,
            "first_submitted_at": submitted,
            "submitted_at": submitted,
            "closed_at": self.ended_at if self.state is A.CLOSED else None,
            "reason": "",
        }

    def paper(self, number: str) -> Row:
        """Return the row of its stored paper."""
        return {
            "id": self.n,
            "owner_type": "notice",
            "owner_id": self.n,
            "purpose": "official",
            "type": "rectification_notice",
            "content": self.content(number),
            "content_sha256": self.digest,
            "state": "ready",
            "tries": 1,
            "due_at": self.issued_at,
            "ordered_at": self.issued_at,
            "ready_at": self.issued_at,
            "sha256": self.digest,
            "size": 40_000,
            "pages": 1,
            "trouble": "",
        }

    def message(self) -> Row:
        """Return what its contact was told."""
        return {
            "id": self.n,
            "person_id": self.unit_id + 3,
            "cause": f"delivered:{self.n}",
            "kind": "delivered",
            "assignment_id": self.n,
            "rung": "",
            "subject": "新的整改通知",
            "body": "请登录签收。",
            "link": "/",
            "created_at": self.issued_at,
            "read_at": None if self.state is A.ISSUED else self.issued_at + timedelta(hours=1),
            "letter_day": self.issued_at.date(),
        }
