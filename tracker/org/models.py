"""Units (a tree), people, the roles granted to them, delegations, and the sessions they opened."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.kit.db import Model, UtcDateTime, Versioned


class UnitKind(StrEnum):
    """What sort of unit it is."""

    OFFICE = "office"
    DISTRICT = "district"
    COUNTY = "county"
    DEPARTMENT = "department"
    SUBORDINATE = "subordinate"


class Unit(Versioned, Model):
    """单位: the supervising office itself, a county, district or department, or a subordinate of one."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    """As it stands on papers, e.g. 阜新市公安局."""
    kind: Mapped[UnitKind]
    rank: Mapped[int] = mapped_column(default=0)
    """Protocol order: notices of a batch are numbered by it."""
    active: Mapped[bool] = mapped_column(default=True)
    example: Mapped[bool] = mapped_column(default=False)
    """示例: made up for the demonstration, not told by its source."""

    parent: Mapped["Unit | None"] = relationship(remote_side=[id])


class UnitName(Model):
    """What a unit was called from a day on; rows are only added, and a later row overrules earlier ones from its day.

    A unit that was never renamed has none.
    """

    __tablename__ = "unit_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str]
    full_name: Mapped[str]
    since: Mapped[date | None]
    """None: as far back as anybody asks."""
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Role(StrEnum):
    """The roles of the office and of the units; the three administrators exclude one another."""

    CLERK = "clerk"
    DIRECTOR = "director"
    REVIEWER = "reviewer"
    CONTACT = "contact"
    LEADER = "leader"
    OBSERVER = "observer"
    SYSTEM_ADMIN = "sysadmin"
    SECURITY_ADMIN = "secadmin"
    AUDITOR = "auditor"


class Person(Versioned, Model):
    """人员: one account, one real person; accounts are stopped, never deleted."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(String(20), default="zh_Hans_CN")
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)
    keys_off: Mapped[bool] = mapped_column(default=False)
    """No single-key shortcuts for this person, on whatever computer."""
    wecom: Mapped[str] = mapped_column(String(64), default="")
    """By what the group robot of WeCom calls this person: account or mobile number; empty: it does not."""
    dingtalk: Mapped[str] = mapped_column(String(64), default="")
    """The same for DingTalk."""
    feishu: Mapped[str] = mapped_column(String(64), default="")
    """The same for Feishu."""
    first_way: Mapped[str] = mapped_column(String(20), default="")
    """The channel that is used before all others; empty: the house's order."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    unit: Mapped[Unit] = relationship()
    grants: Mapped[list["RoleGrant"]] = relationship(back_populates="person", foreign_keys="RoleGrant.person_id")


class RoleGrant(Model):
    """A role somebody has or had: granted by, from, until."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index(
            "uq_role_grant_current",
            "person_id",
            "role",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="grants", foreign_keys=[person_id])


class Delegation(Model):
    """代签委托: somebody may use another person's role between two dates, both included; it ends by itself."""

    __tablename__ = "delegation"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="dates_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    giver: Mapped[Person] = relationship(foreign_keys=[from_id])
    deputy: Mapped[Person] = relationship(foreign_keys=[to_id])


class SignInSession(Model):
    """A server-side session: the cookie holds a random token, this row its digest; ending the row ends the session."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(60))
    agent: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(String(40), default="")

    person: Mapped[Person] = relationship()


class SignInAttempt(Model):
    """A try to sign in, counted per account and per address for throttling."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_login_at", "login", "at"),
        Index("ix_sign_in_attempt_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    succeeded: Mapped[bool]


class UnitCertificate(Model):
    """登记的证书: with which a unit seals or signs electronically; made with another, a signature is not the unit's."""

    __tablename__ = "unit_certificate"
    __table_args__ = (
        Index(
            "uq_unit_certificate_current",
            "fingerprint",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the certificate (DER), hex: what is compared."""
    subject: Mapped[str]
    issuer: Mapped[str]
    serial: Mapped[str] = mapped_column(String(64))
    algorithm: Mapped[str] = mapped_column(String(20))
    """RSA, EC or SM2."""
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_to: Mapped[datetime] = mapped_column(UtcDateTime)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From then on new signatures with it do not count for the unit; those received before keep their verdict."""
    retired_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_reason: Mapped[str] = mapped_column(default="")

    unit: Mapped[Unit] = relationship()
    adder: Mapped[Person | None] = relationship(foreign_keys=[added_by])
