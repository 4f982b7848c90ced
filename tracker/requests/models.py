"""Extension, dispute and transfer: rows of an assignment, never states of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from tracker.files.models import StoredFile
from tracker.kit.db import Model, UtcDateTime, Versioned
from tracker.kit.words import N_
from tracker.notices.models import Assignment, Item, Notice, new_token, one_of
from tracker.org.models import Person, Unit
from tracker.requests.lifecycle import RequestState, TransferState

UNDECIDED = text("ended_at IS NULL")


class Asked(Versioned):
    """What extension and dispute have in common: who asked, agreed, recommended and decided, and when.

    Names are kept as they stood then ("李× 代 王×" under a delegation).
    """

    state: Mapped[RequestState]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_name: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agreed_name: Mapped[str] = mapped_column(default="")
    """The unit's leader who agreed: by an own login, or as the contact vouches (`agreed_by` is None then)."""
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recommended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recommended_name: Mapped[str] = mapped_column(default="")
    recommended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recommends: Mapped[bool | None]
    """Whether the clerk is for it."""
    opinion: Mapped[str] = mapped_column(Text, default="")
    """The clerk's, for the director; the unit does not see it."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_name: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    """What the unit is told with the decision; never empty when it is refused."""

    @declared_attr
    def assignment_id(cls) -> Mapped[int]:  # noqa: N805  (SQLAlchemy calls it on the class)
        """Return the column of the assignment that it is about."""
        return mapped_column(ForeignKey("assignment.id"), index=True)

    @declared_attr
    def assignment(cls) -> Mapped[Assignment]:  # noqa: N805
        """Return the assignment that it is about."""
        return relationship(Assignment)


ENDED = "(ended_at IS NULL) = (state IN ('asked', 'with_office', 'recommended'))"
REASONED = "state <> 'refused' OR answer <> ''"


class Extension(Asked, Model):
    """延期: asked before the due moment; granting moves the assignment's deadline, and the first one is kept."""

    __tablename__ = "extension"
    __table_args__ = (
        CheckConstraint(one_of("state", RequestState), name="known_state"),
        CheckConstraint(ENDED, name="ended_is_dated"),
        CheckConstraint(REASONED, name="refused_says_why"),
        CheckConstraint("state <> 'granted' OR granted_on IS NOT NULL", name="granted_names_the_day"),
        Index("uq_extension_open", "assignment_id", unique=True, sqlite_where=UNDECIDED, postgresql_where=UNDECIDED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    progress: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    due_words: Mapped[str]
    """The deadline in force when it was asked."""
    wanted_on: Mapped[date]
    recommended_on: Mapped[date | None]
    granted_on: Mapped[date | None]
    granted_words: Mapped[str] = mapped_column(default="")


class DisputeKind(StrEnum):
    """不属实, 不属我单位."""

    NOT_SO = "not_so"
    NOT_OURS = "not_ours"


class Dispute(Asked, Model):
    """申辩: the unit says that a problem is not so, or not its own. Until that is decided it stays in every count."""

    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint(one_of("state", RequestState), name="known_state"),
        CheckConstraint(ENDED, name="ended_is_dated"),
        CheckConstraint(REASONED, name="refused_says_why"),
        Index("uq_dispute_open", "item_id", unique=True, sqlite_where=UNDECIDED, postgresql_where=UNDECIDED),
        Index("ix_dispute_waiting", "ended_at", "assignment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    """A dispute of a whole assignment is one row for each of its items, told with the same basis."""
    kind: Mapped[DisputeKind]
    basis: Mapped[str] = mapped_column(Text)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    whose: Mapped[str] = mapped_column(default="")
    """Whose the problem is instead, in the unit's words."""
    other_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """To whom the office hands it on; chosen by the clerk, confirmed by the decision."""
    other_notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    """The notice to the other unit: a draft at first."""

    item: Mapped[Item] = relationship()
    file: Mapped[StoredFile | None] = relationship()
    other_unit: Mapped[Unit | None] = relationship()
    other_notice: Mapped[Notice | None] = relationship()


class Outcome(StrEnum):
    """What a subordinate unit says of an item; the same words as the results of a reply (`replies.models.Result`)."""

    FIXED = "fixed"
    PARTLY = "partly"
    NOT_OURS = "not_ours"
    MOVED_ON = "moved_on"


OUTCOME_NAMES: dict[Outcome, str] = {
    Outcome.FIXED: N_("Rectified"),
    Outcome.PARTLY: N_("Partly rectified"),
    Outcome.NOT_OURS: N_("Not as stated"),
    Outcome.MOVED_ON: N_("Handed over"),
}


class Transfer(Versioned, Model):
    """转办: items that a unit handed down to one of its own; that unit answers to it, and it alone to the office."""

    __tablename__ = "transfer"
    __table_args__ = (
        CheckConstraint(one_of("state", TransferState), name="known_state"),
        CheckConstraint("(ended_at IS NOT NULL) = (state IN ('taken_over', 'withdrawn'))", name="ended_is_dated"),
        CheckConstraint("state NOT IN ('returned', 'withdrawn') OR reason <> ''", name="says_why"),
        Index(
            "uq_transfer_open",
            "assignment_id",
            "unit_id",
            unique=True,
            sqlite_where=UNDECIDED,
            postgresql_where=UNDECIDED,
        ),
        Index("ix_transfer_unit", "unit_id", "ended_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(20), unique=True, default=new_token)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[TransferState] = mapped_column(default=TransferState.HANDED)
    due_on: Mapped[date]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Inner deadline, never later than the assignment's own when it was set."""
    note: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_name: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_name: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was returned or withdrawn last."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    assignment: Mapped[Assignment] = relationship()
    unit: Mapped[Unit] = relationship()
    lines: Mapped[list["TransferLine"]] = relationship(back_populates="transfer", order_by="TransferLine.id")


class TransferLine(Versioned, Model):
    """What the subordinate unit writes of one item."""

    __tablename__ = "transfer_line"
    __table_args__ = (UniqueConstraint("transfer_id", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfer.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    outcome: Mapped[Outcome | None]
    measure: Mapped[str] = mapped_column(Text, default="")
    finished_on: Mapped[date | None]
    responsible: Mapped[str] = mapped_column(default="")
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its texts went into the upper unit's reply."""

    transfer: Mapped[Transfer] = relationship(back_populates="lines")
    item: Mapped[Item] = relationship()
    files: Mapped[list["TransferFile"]] = relationship(back_populates="line", order_by="TransferFile.id")


class TransferFile(Model):
    """A file that hangs on one line; taken over with it as evidence."""

    __tablename__ = "transfer_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("transfer_line.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))

    line: Mapped[TransferLine] = relationship(back_populates="files")
    file: Mapped[StoredFile] = relationship()


class ContactChange(Versioned, Model):
    """联络员变更: who hands over to whom, from which day; roles move when the security administrator carries it out."""

    __tablename__ = "contact_change"
    __table_args__ = (
        CheckConstraint("new_id IS NOT NULL OR new_name <> ''", name="names_somebody"),
        CheckConstraint("done_at IS NULL OR (new_id IS NOT NULL AND ended_at IS NOT NULL)", name="done_is_complete"),
        Index("uq_contact_change_open", "former_id", unique=True, sqlite_where=UNDECIDED, postgresql_where=UNDECIDED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    former_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    new_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None until the person named has an account."""
    new_name: Mapped[str] = mapped_column(default="")
    new_phone: Mapped[str] = mapped_column(default="")
    from_on: Mapped[date]
    reason: Mapped[str]
    named_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_name: Mapped[str]
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_name: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Carried out, or taken back."""

    unit: Mapped[Unit] = relationship()
    former: Mapped[Person] = relationship(foreign_keys=[former_id])
    new: Mapped[Person | None] = relationship(foreign_keys=[new_id])

    @property
    def successor(self) -> str:
        """Return the name of who takes over."""
        return self.new.name if self.new else self.new_name
