"""Writing rows of findings, with the words that the search finds them by."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from tracker.inspections.models import Finding
from tracker.inspections.operations.words import AT_ONCE, add_words, change_words, searched
from tracker.inspections.queries import open_twins
from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.org.policy import Work


class AlreadyOpen(Refused):
    """The same problem is open already; `twins` are the findings that say so."""

    def __init__(self, twins: Sequence[Finding]) -> None:
        sentence = N_(
            "The same problem (same subject, indicator and place) is entered already and still open: %(findings)s."
        )
        super().__init__(sentence, findings="、".join(f"#{twin.id}" for twin in twins))
        self.twins = [(twin.id, twin.subject.name if twin.subject else twin.unit.name) for twin in twins]


def refuse_twins(work: Work, fingerprints: Sequence[str], but: Finding | None = None) -> None:
    """Do nothing when no open finding has one of these fingerprints.

    :raises AlreadyOpen: some have, apart from `but`.
    """
    twins = [twin for twin in open_twins(work.session, fingerprints) if twin is not but]
    if twins:
        raise AlreadyOpen(twins)


def store_new(work: Work, every: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Write new rows, one for each mapping of columns, in that order; statements grow with the hundreds, not the rows.

    The mappings name the same columns. Rows are read back by their fingerprints: no two open ones have the same, and
    SQLite tells the ids of many rows only one by one.

    :raises AlreadyOpen: somebody entered one of them in the same moment (the unique index is the last guard).
    """
    entered = {"entered_by": work.actor.actor_id, "entered_at": work.now}
    try:
        with work.session.begin_nested():
            for start in range(0, len(every), AT_ONCE):
                part = [{**entered, **columns} for columns in every[start : start + AT_ONCE]]
                work.session.connection().execute(insert(Finding), part)
    except IntegrityError as error:
        _as_twins(work, [columns["fingerprint"] for columns in every], error)
    stored = {row.fingerprint: row for row in open_twins(work.session, [each["fingerprint"] for each in every])}
    findings = [stored[each["fingerprint"]] for each in every]
    add_words(work.session, findings)
    return findings


def store_changes(work: Work, finding: Finding, columns: Mapping[str, Any]) -> None:
    """Write changed columns of one row.

    :raises AlreadyOpen: they make it equal to one that somebody entered in the same moment.
    """
    before = searched(finding)
    try:
        with work.session.begin_nested():
            for key, value in columns.items():
                setattr(finding, key, value)
            work.session.flush()
            change_words(work.session, finding, before)
    except IntegrityError as error:
        _as_twins(work, [columns.get("fingerprint", finding.fingerprint)], error)


def _as_twins(work: Work, fingerprints: Sequence[str], error: IntegrityError) -> None:
    twins = open_twins(work.session, fingerprints)
    if not twins:
        raise error
    raise AlreadyOpen(twins) from error
