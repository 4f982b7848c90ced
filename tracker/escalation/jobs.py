"""The morning's duty: safe to call as often as one likes."""

from sqlalchemy import select

from tracker.almanac.queries import calendar
from tracker.escalation.models import EscalationMorning
from tracker.escalation.operations import morning as operation
from tracker.escalation.operations.morning import Done
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM


def morning() -> Done | None:
    """Store today's proposals once; a look at one row when that was done, so that every tick may ask."""
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        done = work.session.scalar(select(EscalationMorning.day).where(EscalationMorning.day == work.today))
        if done or not calendar(work.session).works(work.today):
            return None
    with unit_of_work(SYSTEM, host().clock) as work:
        return operation.morning(work)
