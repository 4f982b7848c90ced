"""The rules of findings: their words, when one may still be changed, and what makes two of them the same problem."""

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from tracker.indicators.models import Level
from tracker.inspections.models import Finding
from tracker.kit.words import N_
from tracker.org.policy import Identity, Permission, Work, rule


class Method(StrEnum):
    """How an inspection was made."""

    MANUAL = "manual"
    MONITOR = "monitor"
    FORWARDED = "forwarded"
    SUPERIOR = "superior"
    SELF = "self"
    """Reported by the unit in its own check (自查); opened by the system, never chosen."""


class Ended(StrEnum):
    """How a finding ended."""

    RECTIFIED = "rectified"
    UNFOUNDED = "unfounded"
    DROPPED = "dropped"


class Standing(StrEnum):
    """Where a finding stands; derived from its notice and its end, never stored."""

    WAITING = "waiting"
    ON_NOTICE = "on_notice"
    ENDED = "ended"


METHOD_NAMES = {
    Method.MANUAL: N_("By hand"),
    Method.MONITOR: N_("By monitoring"),
    Method.FORWARDED: N_("Forwarded by others"),
    Method.SUPERIOR: N_("Checked by a higher office"),
    Method.SELF: N_("Found by the unit itself"),
}
CHOSEN_METHODS = {method: name for method, name in METHOD_NAMES.items() if method is not Method.SELF}
"""What somebody who opens an inspection chooses from."""
ENDED_NAMES = {Ended.RECTIFIED: N_("Rectified"), Ended.UNFOUNDED: N_("Unfounded"), Ended.DROPPED: N_("Dropped")}
STANDING_NAMES = {
    Standing.WAITING: N_("Waiting for a notice"),
    Standing.ON_NOTICE: N_("On a notice"),
    Standing.ENDED: N_("Ended"),
}
LEVEL_CHOICES = {Level.VETO: N_("Veto"), Level.DEDUCT: N_("Deduction"), Level.WARN: N_("Early warning")}
BULK_LIMIT = 200
"""Most findings entered at once."""


def standing(finding: Finding) -> Standing:
    """Return where the finding stands."""
    if finding.ended_at is not None:
        return Standing.ENDED
    return Standing.WAITING if finding.notice_ref is None else Standing.ON_NOTICE


@rule(Permission.FINDING_WRITE)
def only_waiting(_identity: Identity, subject: Any) -> bool:
    """Tell whether the finding still waits: once a notice holds it, the paper says what it says."""
    return not isinstance(subject, Finding) or standing(subject) is Standing.WAITING


def same_place(text: str) -> str:
    """Return a place so that different ways of writing it are equal: width, case, blanks, scheme and last slash."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return plain.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


def fingerprint(unit_id: int, subject_id: int | None, indicator_id: int, place: str) -> str:
    """Return the SHA-256 of subject (or unit, where it is the unit's own duty) × indicator × place."""
    target = f"subject:{subject_id}" if subject_id is not None else f"unit:{unit_id}"
    return hashlib.sha256(f"{target}\n{indicator_id}\n{same_place(place)}".encode()).hexdigest()


@dataclass(frozen=True)
class Sought:
    """A problem as it is compared with earlier ones, by its rule; `finding_id` is 0 before it is stored."""

    unit_id: int
    subject_id: int | None
    rule_id: int
    fingerprint: str
    found_on: date
    finding_id: int = 0


@dataclass(frozen=True)
class Known:
    """What a room above knows of a problem: a msgid with its parameters, the page to look at, a ready sentence."""

    msgid: str
    params: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    ready: str = ""


BEFORE: list[Callable[[Work, Sought], list[Known]]] = []
"""Rooms above say what is known of a problem that is being entered: each function is asked once a form is complete."""
ABOUT: list[Callable[[Work, Finding], list[Known]]] = []
"""Rooms above say what is known of a stored finding, for its page."""


def sought(finding: Finding) -> Sought:
    """Return a stored finding as it is compared with others."""
    return Sought(
        finding.unit_id,
        finding.subject_id,
        finding.indicator.rule_id,
        finding.fingerprint,
        finding.found_on,
        finding.id,
    )
