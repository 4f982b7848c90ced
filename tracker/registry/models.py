"""Subjects of supervision: sites and accounts in one table, since findings point at either."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.kit.db import Model, UtcDateTime, Versioned
from tracker.org.models import Person, Unit


class SubjectKind(StrEnum):
    """政府网站 or 政务新媒体账号."""

    SITE = "site"
    ACCOUNT = "account"


class SubjectState(StrEnum):
    """Dated states of the registry."""

    RUNNING = "running"
    CLOSING = "closing"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"
    REOPENED = "reopened"
    UNREGISTERED = "unregistered"


class Subject(Versioned, Model):
    """A government website (with its 标识码) or an official account (with its platform)."""

    __tablename__ = "subject"
    __table_args__ = (
        CheckConstraint("kind <> 'site' OR code IS NOT NULL", name="site_has_code"),
        CheckConstraint("kind <> 'account' OR platform <> ''", name="account_has_platform"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SubjectKind] = mapped_column(index=True)
    name: Mapped[str]
    code: Mapped[str | None] = mapped_column(String(20), unique=True)
    """网站标识码: ten digits, the first six the administrative division, or bm and eight digits."""
    platform: Mapped[str] = mapped_column(String(40), default="")
    url: Mapped[str] = mapped_column(default="")
    sponsor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    """主办单位: answers for the content."""
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """主管单位: where it differs from the sponsor."""
    state: Mapped[SubjectState] = mapped_column(default=SubjectState.RUNNING)
    state_since: Mapped[date | None]
    remark: Mapped[str] = mapped_column(default="")
    example: Mapped[bool] = mapped_column(default=False)

    sponsor: Mapped[Unit] = relationship(foreign_keys=[sponsor_id])
    supervisor: Mapped[Unit | None] = relationship(foreign_keys=[supervisor_id])


class SubjectPast(Model):
    """A state or a name that a site or account has from a day on.

    Rows are only added; a later one overrules earlier ones from its day on. A subject that never changed has none.
    """

    __tablename__ = "subject_past"
    __table_args__ = (CheckConstraint("(state IS NULL) <> (name IS NULL)", name="state_or_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    state: Mapped[SubjectState | None]
    name: Mapped[str | None]
    since: Mapped[date | None]
    """None: as far back as anybody asks."""
    into_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"))
    """归并: into which it was merged."""
    reason: Mapped[str] = mapped_column(default="")
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    into: Mapped[Subject | None] = relationship(foreign_keys=[into_id])
    noter: Mapped[Person | None] = relationship()


class Snapshot(Model):
    """快照: the registry as it stood on a day; a bulletin's totals come from one. Written once, never changed."""

    __tablename__ = "snapshot"

    id: Mapped[int] = mapped_column(primary_key=True)
    taken_on: Mapped[date] = mapped_column(index=True)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)

    rows: Mapped[list["SnapshotRow"]] = relationship(back_populates="snapshot")


class SnapshotRow(Model):
    """One site or account in a snapshot, with what a later rename or closing must not change."""

    __tablename__ = "snapshot_row"

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"), primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    kind: Mapped[SubjectKind]
    state: Mapped[SubjectState]
    name: Mapped[str]
    code: Mapped[str | None] = mapped_column(String(20))
    platform: Mapped[str] = mapped_column(String(40), default="")
    sponsor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    sponsor_name: Mapped[str]

    snapshot: Mapped[Snapshot] = relationship(back_populates="rows")
