"""Registering sites and accounts, and changing what is registered."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Stale
from tracker.kit.words import N_
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.registry.models import Subject, SubjectKind, SubjectState
from tracker.registry.policy import PLATFORMS, is_site_code
from tracker.registry.queries import subjects_with_code

CHANGED = N_("Somebody else changed this registration after you opened it. Compare, then enter your change again.")
CODE_TAKEN = N_("This site code is registered already. Search the registry for it.")


@dataclass(frozen=True)
class SubjectValues:
    """What the form of a subject says."""

    kind: str
    name: str
    sponsor_id: int
    code: str = ""
    platform: str = ""
    url: str = ""
    supervisor_id: int | None = None
    remark: str = ""

    @property
    def stored(self) -> dict[str, Any]:
        """Return the columns: a site has a code and no platform, an account the other way round."""
        site = self.kind == SubjectKind.SITE
        only = {"code": self.code or None, "platform": ""} if site else {"code": None, "platform": self.platform}
        return asdict(self) | only


def add_subject(work: Work, values: SubjectValues, *, since: date | None = None, example: bool = False) -> Subject:
    """Register a site or an account as running since a date (today when none is given) and record it.

    :raises Invalid: names the fields that cannot be taken, a site code registered already among them.
    """
    _check(work, values, None)
    subject = Subject(state=SubjectState.RUNNING, state_since=since or work.today, example=example)
    _store(work, subject, values.stored)
    record(work, Word.SUBJECT_ADDED, subject, subject=subject.name, code=subject.code or subject.platform)
    return subject


def change_subject(work: Work, subject: Subject, values: SubjectValues, seen_version: int) -> None:
    """Change a registration and record which columns changed; does nothing when none did.

    :raises Stale: it was changed since the form was opened.
    :raises Invalid: names the fields that cannot be taken.
    """
    check_version(subject, seen_version, values.stored)
    _check(work, values, subject)
    changed = {key: value for key, value in values.stored.items() if getattr(subject, key) != value}
    if not changed:
        return
    before = {key: getattr(subject, key) for key in changed}
    _store(work, subject, changed)
    record(work, Word.SUBJECT_CHANGED, subject, subject=subject.name, before=before, after=changed)


def _check(work: Work, values: SubjectValues, subject: Subject | None) -> None:
    problems = _site_problems(work, values, subject) if values.kind == SubjectKind.SITE else _account_problems(values)
    for name, unit_id in (("sponsor_id", values.sponsor_id), ("supervisor_id", values.supervisor_id)):
        if unit_id is not None and work.session.get(Unit, unit_id) is None:
            problems[name] = N_("There is no such unit.")
    if problems:
        raise Invalid(problems)


def _site_problems(work: Work, values: SubjectValues, subject: Subject | None) -> dict[str, str]:
    if not is_site_code(values.code):
        return {"code": N_("A site code is ten digits, or bm and eight digits, e.g. 2109000022.")}
    if any(found is not subject for found in subjects_with_code(work.session, values.code)):
        return {"code": CODE_TAKEN}
    return {}


def _account_problems(values: SubjectValues) -> dict[str, str]:
    return {} if values.platform in PLATFORMS else {"platform": N_("Choose the account's platform.")}


def check_version(subject: Subject, seen: int, values: dict[str, Any]) -> None:
    """Refuse a change of what somebody else changed meanwhile.

    :raises Stale: with theirs beside what was typed.
    """
    if seen != subject.version:
        theirs = {key: str(getattr(subject, key) or "") for key in values}
        raise Stale(CHANGED, theirs, {key: str(value or "") for key, value in values.items()})


def _store(work: Work, subject: Subject, values: dict[str, Any]) -> None:
    try:
        with work.session.begin_nested():
            for key, value in values.items():
                setattr(subject, key, value)
            work.session.add(subject)
            work.session.flush()
    except IntegrityError as error:  # somebody registered the same code in this very moment
        raise Invalid({"code": CODE_TAKEN}) from error
