"""One transaction per request, job or command: everything in it stands or falls together."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker.kit.clock import Clock, office_date
from tracker.kit.db import db, writing
from tracker.kit.errors import Stale
from tracker.kit.words import N_

log = logging.getLogger(__name__)


class Actor(Protocol):
    """Whoever acts: a signed-in person, a visitor, or the system itself."""

    @property
    def actor_id(self) -> int | None:
        """Return the person's id; None for a visitor or the system."""
        ...

    @property
    def actor_name(self) -> str:
        """Return the name the record shows."""
        ...

    @property
    def address(self) -> str:
        """Return the network address the act came from, or an empty text."""
        ...


A = TypeVar("A", bound=Actor, covariant=True)
Somebody = TypeVar("Somebody", bound=Actor)


@dataclass
class UnitOfWork(Generic[A]):
    """What an operation gets: the session, who acts, and the one moment at which all of it happens."""

    session: Session
    actor: A
    clock: Clock
    now: datetime
    _at_commit: list[Callable[[], None]] = field(default_factory=list)
    _after_commit: list[Callable[[], None]] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the office's date of this transaction."""
        return office_date(self.now)

    def at_commit(self, act: Callable[[], None]) -> None:
        """Do `act` as the last thing inside the transaction (the record takes its lock there, and only there)."""
        self._at_commit.append(act)

    def after_commit(self, act: Callable[[], None]) -> None:
        """Do `act` once the transaction stands; a failure there is logged and undoes nothing."""
        self._after_commit.append(act)

    def wake(self, topic: str, row_id: int) -> None:
        """Ask the worker to look at a row soon; the sweep would find it anyway, so a lost call costs only time."""
        called: set[tuple[str, int]] = self.notes.setdefault("called", set())
        if (topic, row_id) in called:
            return
        called.add((topic, row_id))
        from tracker.kit.queue import enqueue  # noqa: PLC0415  (only a process that sends needs the queue)

        self.after_commit(lambda: enqueue(topic, row_id))

    def close(self) -> None:
        """Finish the transaction: flush, the acts at commit, commit."""
        self.session.flush()
        for act in self._at_commit:
            act()
        self.session.commit()

    def settle(self) -> None:
        """Run the acts after commit."""
        for act in self._after_commit:
            try:
                act()
            except Exception:
                log.exception("an act after commit failed; the sweep will find its row")


@contextmanager
def unit_of_work(actor: Somebody, clock: Clock, *, write: bool = True) -> Iterator[UnitOfWork[Somebody]]:
    """Open one transaction for `actor`; commit at the end, or roll everything back on any error.

    :raises Stale: a row was changed by somebody else meanwhile.
    """
    session = db.session()
    session.rollback()  # whatever was read before must not decide which kind of transaction this is
    token = writing.set(write)
    work = UnitOfWork(session, actor, clock, clock.now())
    try:
        yield work
        if write:
            work.close()
    except StaleDataError as error:
        raise Stale(
            N_("Somebody else changed this in the meantime. Open it again and look at the new state.")
        ) from error
    finally:
        session.rollback()
        writing.reset(token)
    work.settle()
