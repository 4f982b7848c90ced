"""The demonstration's stage: a clock that is set by the story, and everybody's identity."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from tracker.kit.clock import FixedClock, office_moment
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.models import Person, Unit
from tracker.org.policy import SYSTEM, Identity, Work
from tracker.org.queries import identity_of


class Stage:
    """Lets people act at told moments: `with stage.at("2021-12-28T09:10", "clerk") as work:`."""

    def __init__(self, clock: FixedClock, plan: dict[str, Any]) -> None:
        self.clock = clock
        self.plan = plan

    @contextmanager
    def at(self, moment: str, login: str = "") -> Iterator[Work]:
        """Open a unit of work as the person with that login, or as the system, at that moment of the office."""
        self.clock.moment = office_moment(moment)
        identity = self._identity(login) if login else SYSTEM
        with unit_of_work(identity, self.clock) as work:
            yield work

    def _identity(self, login: str) -> Identity:
        with unit_of_work(SYSTEM, self.clock, write=False) as work:
            person = work.session.scalars(select(Person).where(Person.login == login)).one()
            return identity_of(work.session, person, work.today)

    def text(self, key: str) -> str:
        """Return a text of the plan."""
        return str(self.plan["texts"][key])


def unit(work: Work, code: str) -> Unit:
    """Return the unit of that code."""
    return work.session.scalars(select(Unit).where(Unit.code == code)).one()
