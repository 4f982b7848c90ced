"""An inspection of a period, and its findings: subject × indicator × place."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Numeric, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.files.models import StoredFile
from tracker.indicators.models import Indicator, Level
from tracker.kit.db import Model, UtcDateTime, Versioned
from tracker.org.models import Unit
from tracker.registry.models import Subject


class Inspection(Versioned, Model):
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
    sample_how: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """How the sample was chosen, so that a draw can be done again: how, its parameters, who, when."""
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
        # With the id behind: the ledger's pages come from them newest first, on PostgreSQL too, without sorting.
        Index("ix_finding_unit_id", "unit_id", "id"),
        Index("ix_finding_inspection_id", "inspection_id", "id"),
        Index("ix_finding_indicator_id", "indicator_id", "id"),
        Index("ix_finding_found_on", "found_on", "id"),
        Index("ix_finding_ended", "ended_at", "id"),
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    """Who must answer."""
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"), index=True)
    """Site or account; None when the problem is the unit's own work (a reply not sent, a duty not done)."""
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    level: Mapped[Level]
    measured: Mapped[float | None] = mapped_column(Numeric(14, 4, asdecimal=False))
    """What was measured, where the indicator has a threshold."""
    measured_unit: Mapped[str] = mapped_column(String(20), default="")
    level_reason: Mapped[str] = mapped_column(default="")
    """Why the level is not the one that the measured value proposes."""
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

    Written with the finding, in its transaction, by `operations/words.py`. A plain table, the same on both databases:
    its key gives the newest first.
    """

    __tablename__ = "finding_word"
    __table_args__ = ({"sqlite_with_rowid": False},)

    pair: Mapped[str] = mapped_column(String(2), primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), primary_key=True, autoincrement=False)
