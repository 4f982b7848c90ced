"""The ledger's columns, what its cells say, and what it can be narrowed to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tracker.indicators.models import Level
from tracker.indicators.policy import LEVEL_NAMES
from tracker.kit.clock import office_date
from tracker.kit.words import N_
from tracker.notices.lifecycle import ANSWERED, ASSIGNMENT_NAMES, AssignmentState
from tracker.registry.models import SubjectKind
from tracker.registry.policy import KIND_NAMES
from tracker.replies.models import RESULT_NAMES, Decision, Result
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Deadline, days_late

Cell = str | int | date | None
SHORT = 60
"""Characters of a problem that the page shows; the finding's own page has all."""


class Rectified(StrEnum):
    """整改: where the problem itself stands."""

    OPEN = "open"
    DONE = "done"
    OTHER = "other"
    COUNTED = "counted"


class Reported(StrEnum):
    """报送: where the answer stands; never mixed with 整改."""

    NOT_ASKED = "not_asked"
    OWED = "owed"
    OVERDUE = "overdue"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    CLOSED = "closed"


RECTIFIED_NAMES = {
    Rectified.OPEN: N_("Not rectified yet"),
    Rectified.DONE: N_("Rectified"),
    Rectified.OTHER: N_("Unfounded or dropped"),
    Rectified.COUNTED: N_("All but unfounded and dropped"),
}
REPORTED_NAMES = {
    Reported.NOT_ASKED: N_("On no notice yet"),
    Reported.OWED: N_("Not submitted"),
    Reported.OVERDUE: N_("Overdue"),
    Reported.SUBMITTED: N_("Submitted"),
    Reported.ACCEPTED: N_("Accepted"),
    Reported.CLOSED: N_("Closed"),
}
ENDED_NAMES = {"rectified": N_("Rectified"), "unfounded": N_("Unfounded"), "dropped": N_("Dropped")}
DECISION_NAMES = {Decision.ACCEPTED: N_("Accepted"), Decision.RETURNED: N_("Returned")}


def _day(moment: datetime | None) -> date | None:
    return office_date(moment) if moment else None


@dataclass(slots=True)
class Line:
    """One row of the ledger: a finding with the notice, the assignment and the reply that deal with it now."""

    finding_id: int
    found_on: date
    level: Level
    place: str
    description: str
    url: str
    evidence_id: int | None
    ended_at: datetime | None
    ended_how: str | None
    indicator: str
    unit: str
    kind: SubjectKind | None
    subject: str | None
    code: str | None
    platform: str | None
    sponsor: str | None
    supervisor: str | None
    period: str
    rectified_as: str | None
    notice_id: int | None
    number: str | None
    assignment_id: int | None
    token: str | None
    state: AssignmentState | None
    issued_at: datetime | None
    due: Deadline | None
    original_on: date | None
    acknowledged_at: datetime | None
    submitted_at: datetime | None
    closed_at: datetime | None
    returned: int = 0
    urged: int = 0
    decided_name: str = ""
    decision: Decision | None = None
    decided_at: datetime | None = None
    repeated: bool = False
    bulletin: str = ""
    late: int = 0
    late_days: int = 0
    deducted: str = ""
    """考核扣分, noted by a room above: what the finding costs its unit by the year's weights."""

    @property
    def overdue(self) -> bool:
        """Tell whether it is late and not answered."""
        return bool(self.late) and self.state not in ANSWERED

    @property
    def first_due_on(self) -> date | None:
        """Return the day that the paper says (原期限)."""
        return self.original_on or (self.due.on if self.due else None)

    @property
    def extended_on(self) -> date | None:
        """Return the day granted (准延期); None when there was no extension."""
        return self.due.on if self.due and self.original_on else None

    @property
    def short(self) -> str:
        """Return the problem's first sixty characters."""
        return self.description if len(self.description) <= SHORT else f"{self.description[:SHORT]}…"

    @property
    def issued_on(self) -> date | None:
        """Return the day of issue."""
        return _day(self.issued_at)

    @property
    def acknowledged_on(self) -> date | None:
        """Return the day of the receipt."""
        return _day(self.acknowledged_at)

    @property
    def answered_on(self) -> date | None:
        """Return the day of the newest submission."""
        return _day(self.submitted_at)

    @property
    def decided_on(self) -> date | None:
        """Return the day of the last verdict."""
        return _day(self.decided_at)

    @property
    def closed_on(self) -> date | None:
        """Return the day on which it was struck off."""
        return _day(self.closed_at)

    @property
    def rectification(self) -> str:
        """Return what became of the problem, as a msgid."""
        if self.ended_how and self.ended_how != "rectified":
            return ENDED_NAMES[self.ended_how]
        if self.rectified_as:
            return RESULT_NAMES[Result(self.rectified_as)]
        return ENDED_NAMES[self.ended_how] if self.ended_how else RECTIFIED_NAMES[Rectified.OPEN]


def lateness(
    due: Deadline | None, state: AssignmentState | None, submitted_at: datetime | None, now: datetime, days: Calendar
) -> tuple[int, int]:
    """Return by how many working and calendar days the answer was, or is, late; (0, 0) when in time or not asked."""
    if due is None or state is None or state is AssignmentState.VOIDED:
        return 0, 0
    answered = submitted_at if state in ANSWERED else None
    working = days_late(due, now, answered, days)
    return (working, max(1, (office_date(answered or now) - due.on).days)) if working else (0, 0)


def _yes(value: object) -> str | None:
    return N_("Yes") if value else None


@dataclass(frozen=True)
class Column:
    """A column of the files: its head, its width in characters, and its cell; `said` cells are msgids."""

    key: str
    label: str
    width: int
    cell: Callable[[Line], Cell]
    said: bool = False


COLUMNS = (
    Column("number", N_("Notice number"), 22, lambda line: line.number),
    Column("finding", N_("Finding"), 8, lambda line: f"#{line.finding_id}"),
    Column("kind", N_("Kind"), 10, lambda line: KIND_NAMES[line.kind] if line.kind else None, said=True),
    Column("subject", N_("Website or account"), 20, lambda line: line.subject),
    Column("code", N_("Site code"), 13, lambda line: line.code),
    Column("platform", N_("Platform"), 12, lambda line: line.platform),
    Column("unit", N_("Unit that answers"), 16, lambda line: line.unit),
    Column("sponsor", N_("Sponsor"), 16, lambda line: line.sponsor),
    Column("supervisor", N_("Supervising unit"), 16, lambda line: line.supervisor),
    Column("indicator", N_("Indicator"), 20, lambda line: line.indicator),
    Column("level", N_("Level"), 8, lambda line: LEVEL_NAMES[line.level], said=True),
    Column("description", N_("Problem"), 40, lambda line: line.description),
    Column("place", N_("Place"), 20, lambda line: line.place),
    Column("evidence", N_("Evidence"), 16, lambda line: line.url or _yes(line.evidence_id), said=True),
    Column("found", N_("Found on"), 11, lambda line: line.found_on),
    Column("issued", N_("Issued on"), 11, lambda line: line.issued_on),
    Column("acknowledged", N_("Acknowledged on"), 11, lambda line: line.acknowledged_on),
    Column("due", N_("Due on"), 11, lambda line: line.first_due_on),
    Column("extended", N_("Extended to"), 11, lambda line: line.extended_on),
    Column("rectified", N_("Rectification"), 10, lambda line: line.rectification, said=True),
    Column(
        "reported", N_("Reporting"), 10, lambda line: ASSIGNMENT_NAMES[line.state] if line.state else None, said=True
    ),
    Column("submitted", N_("Submitted on"), 11, lambda line: line.answered_on),
    Column("returned", N_("Times returned"), 6, lambda line: line.returned),
    Column("urged", N_("Times urged"), 6, lambda line: line.urged),
    Column("late", N_("Late, working days"), 8, lambda line: line.late or None),
    Column("late_days", N_("Late, calendar days"), 8, lambda line: line.late_days or None),
    Column("reviewer", N_("Reviewed by"), 10, lambda line: line.decided_name),
    Column(
        "verdict", N_("Verdict"), 8, lambda line: DECISION_NAMES[line.decision] if line.decision else None, said=True
    ),
    Column("reviewed", N_("Reviewed on"), 11, lambda line: line.decided_on),
    Column("closed", N_("Struck off on"), 11, lambda line: line.closed_on),
    Column("repeated", N_("Found again"), 8, lambda line: _yes(line.repeated), said=True),
    Column("bulletin", N_("Bulletin"), 20, lambda line: line.bulletin),
    Column("deducted", N_("Points deducted"), 8, lambda line: line.deducted),
)
"""In the order of the office's own 整改台账; the running number stands before them."""


def cells(line: Line, translate: Callable[[str], str]) -> list[Cell]:
    """Return a row's cells in the order of `COLUMNS`; msgids in the reader's language, gaps as None or ""."""
    found: list[Cell] = []
    for column in COLUMNS:
        value = column.cell(line)
        found.append(translate(value) if column.said and isinstance(value, str) and value else value)
    return found
