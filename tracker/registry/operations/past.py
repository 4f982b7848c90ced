"""Dated states and names of sites and accounts: what happened when, told in full, never overwritten."""

from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid
from tracker.kit.words import N_
from tracker.org.policy import Work
from tracker.registry.models import Subject, SubjectPast, SubjectState
from tracker.registry.operations.subjects import check_version
from tracker.registry.queries import subjects_called

FUTURE = N_("This date lies in the future. Enter the day on which it happened.")
INTO = N_("Enter into which one it was merged: its site code or its exact name.")
SEVERAL = N_("Several are called so. Enter the site code, or the name and the platform in brackets.")


def change_state(
    work: Work, subject: Subject, state: SubjectState, since: date, reason: str, seen_version: int, into: str = ""
) -> None:
    """Put a subject into another state from a date on, and record it with the reason; `into` is where it was merged.

    :raises Stale: it was changed since the page was opened.
    :raises Invalid: the state is the present one, the date lies in the future, or nobody knows what it was merged into.
    """
    check_version(subject, seen_version, {"state": str(state)})
    if state == subject.state:
        raise Invalid({"state": N_("It is in this state already.")})
    if since > work.today:
        raise Invalid({"since": FUTURE})
    target = _target(work, subject, into) if state == SubjectState.MERGED else None
    before = str(subject.state)
    note_state(work, subject, state, since, reason, target)
    told = {"into": target.name} if target else {}
    record(
        work,
        Word.SUBJECT_CHANGED,
        subject,
        subject=subject.name,
        state=str(state),
        was=before,
        since=since,
        reason=reason,
        **told,
    )


def note_state(
    work: Work, subject: Subject, state: SubjectState, since: date, reason: str = "", into: Subject | None = None
) -> None:
    """Change a subject's state and add the row of its past; records nothing."""
    if not _told(work, subject, SubjectPast.state.is_not(None)):
        _add(work, subject, state=subject.state, since=subject.state_since)
    subject.state, subject.state_since = state, since
    _add(work, subject, state=state, since=since, reason=reason, into_id=into.id if into else None)


def rename(work: Work, subject: Subject, name: str, since: date, reason: str, seen_version: int) -> None:
    """Give a subject another name from a date on, and record it with the reason.

    :raises Stale: it was changed since the page was opened.
    :raises Invalid: the name is the present one, or the date lies in the future.
    """
    check_version(subject, seen_version, {"name": name})
    if name == subject.name:
        raise Invalid({"name": N_("This is its name already.")})
    if since > work.today:
        raise Invalid({"since": FUTURE})
    before = subject.name
    note_name(work, subject, name, since, reason)
    told: dict[str, Any] = {"before": {"name": before}, "after": {"name": name}}
    record(work, Word.SUBJECT_CHANGED, subject, subject=name, since=since, reason=reason, **told)


def note_name(work: Work, subject: Subject, name: str, since: date, reason: str = "") -> None:
    """Change a subject's name and add the row of its past; records nothing."""
    if not _told(work, subject, SubjectPast.name.is_not(None)):
        _add(work, subject, name=subject.name, since=None)
    subject.name = name
    _add(work, subject, name=name, since=since, reason=reason)


def _target(work: Work, subject: Subject, said: str) -> Subject:
    found = [each for each in subjects_called(work.session, said) if each.id != subject.id]
    same = [each for each in found if each.kind == subject.kind and each.platform == subject.platform]
    found = same if len(found) > 1 and len(same) == 1 else found
    if len(found) != 1:
        raise Invalid({"into": SEVERAL if found else INTO})
    return found[0]


def _told(work: Work, subject: Subject, kind: Any) -> bool:
    query = select(SubjectPast.id).where(SubjectPast.subject_id == subject.id, kind)
    return work.session.scalar(query.limit(1)) is not None


def _add(work: Work, subject: Subject, **values: Any) -> None:
    row = SubjectPast(subject_id=subject.id, noted_at=work.now, noted_by=work.actor.person_id, **values)
    work.session.add(row)
    work.session.flush()
