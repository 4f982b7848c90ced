"""An inspection of a period, and its findings: subject × indicator × place."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    Text,
    bindparam,
    delete,
    event,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.files.models import StoredFile
from tracker.indicators.models import Indicator, Level
from tracker.kit.db import Model, UtcDateTime, Versioned
from tracker.kit.pairs import pairs
from tracker.org.models import Unit
from tracker.registry.models import Subject


class Inspection(Model):
    """检查: a period's check, by which method, covering what."""

    __tablename__ = "inspection"

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(10), index=True)
    """Month "2021-12"."""
    title: Mapped[str]
    method: Mapped[str] = mapped_column(String(20))
    """manual, monitor, forwarded or superior."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    coverage: Mapped[str] = mapped_column(default="")
    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("snapshot.id"))
    """The registry as it stood then; the period's totals are counted in it."""
    sample: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    """Ids of the subjects that were checked; None when all of the snapshot were."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Finding(Versioned, Model):
    """问题: one problem at one place, answered for by one unit; an open one is not entered twice (fingerprint)."""

    __tablename__ = "finding"
    __table_args__ = (
        Index(
            "uq_finding_open_fingerprint",
            "fingerprint",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_finding_open", "notice_ref", "ended_at", "id"),
        Index("ix_finding_fingerprint", "fingerprint", "id"),
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    """Who must answer."""
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"), index=True)
    """Site or account; None when the problem is the unit's own work (a reply not sent, a duty not done)."""
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    level: Mapped[Level]
    place: Mapped[str] = mapped_column(default="")
    """Column, page address or title where it was seen."""
    description: Mapped[str] = mapped_column(Text)
    found_on: Mapped[date]
    url: Mapped[str] = mapped_column(default="")
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    notice_ref: Mapped[int | None]
    """Id of the notice that holds it now; None while it waits (no foreign key: notices build on findings)."""
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_how: Mapped[str | None] = mapped_column(String(20))
    """rectified, unfounded or dropped."""
    example: Mapped[bool] = mapped_column(default=False)

    inspection: Mapped[Inspection] = relationship()
    unit: Mapped[Unit] = relationship()
    subject: Mapped[Subject | None] = relationship()
    indicator: Mapped[Indicator] = relationship()
    evidence: Mapped[StoredFile | None] = relationship()


class FindingWord(Model):
    """A pair of characters that a finding's texts hold: what the search looks up (`kit/pairs.py`).

    Written with the finding, in its transaction, by whatever writes it through the session; the names of unit, subject
    and indicator are those of that day. A plain table, the same on both databases: its key gives the newest first.
    """

    __tablename__ = "finding_word"
    __table_args__ = ({"sqlite_with_rowid": False},)

    pair: Mapped[str] = mapped_column(String(2), primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), primary_key=True, autoincrement=False)


SEARCHED = ("description", "place", "unit_id", "subject_id", "indicator_id")
"""Columns of a finding that its words come from."""


@event.listens_for(Session, "after_flush")
def _note_words(session: Session, _context: object) -> None:
    """Bring the words of new and changed findings up to date; three small queries for however many there are."""
    added = [each for each in session.new if isinstance(each, Finding)]
    changed = [each for each in session.dirty if isinstance(each, Finding) and _before(each)]
    if not added and not changed:
        return
    names = _names(session, [*(_texts_now(each) for each in added + changed), *map(_before, changed)])
    connection = session.connection()
    for each in changed:
        old, new = _pairs(_before(each), names), _pairs(_texts_now(each), names)
        gone = [{"gone": pair, "of": each.id} for pair in sorted(old - new)]
        if gone:
            connection.execute(_forget, gone)
        _add(connection, [(pair, each.id) for pair in new - old])
    _add(connection, [(pair, each.id) for each in added for pair in _pairs(_texts_now(each), names)])


def _add(connection: Connection, rows: list[tuple[str, int]]) -> None:
    if rows:
        connection.execute(insert(FindingWord), [{"pair": pair, "finding_id": id_} for pair, id_ in sorted(rows)])


def _texts_now(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in SEARCHED}


def _before(finding: Finding) -> dict[str, Any]:
    """Return what the words were made from, when that has changed; else nothing."""
    histories = {name: inspect(finding).attrs[name].history for name in SEARCHED}
    if not any(history.has_changes() for history in histories.values()):
        return {}
    now = _texts_now(finding)
    return {name: history.deleted[0] if history.deleted else now[name] for name, history in histories.items()}


def _names(session: Session, texts: list[dict[str, Any]]) -> dict[tuple[str, int], str]:
    named: tuple[tuple[str, Any, Any], ...] = (
        ("unit_id", Unit.id, Unit.name),
        ("subject_id", Subject.id, Subject.name),
        ("indicator_id", Indicator.id, Indicator.title),
    )
    found: dict[tuple[str, int], str] = {}
    for column, id_, name in named:
        wanted = sorted({each[column] for each in texts if each[column] is not None})
        for start in range(0, len(wanted), AT_ONCE):
            rows = session.execute(select(id_, name).where(id_.in_(wanted[start : start + AT_ONCE])))
            found |= {(column, row[0]): row[1] for row in rows}
    return found


def _pairs(texts: dict[str, Any], names: dict[tuple[str, int], str]) -> set[str]:
    known = (names.get((column, texts[column]), "") for column in ("unit_id", "subject_id", "indicator_id"))
    return pairs(texts["description"] or "", texts["place"] or "", *known)


AT_ONCE = 500
_forget = delete(FindingWord).where(FindingWord.pair == bindparam("gone"), FindingWord.finding_id == bindparam("of"))
