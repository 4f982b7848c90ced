"""Telling all units of what was issued to all: the bulletins."""

from sqlalchemy import select

from tracker.audit.models import Event
from tracker.notices.models import Assignment, Notice
from tracker.org.models import Role, Unit, UnitKind
from tracker.org.policy import Work
from tracker.reminders.operations.write import Saying
from tracker.reminders.policy.telling import TOLD
from tracker.reminders.queries import people_by_unit


def to_everybody(work: Work, events: list[Event]) -> list[Saying]:
    """Return what is said of a bulletin to the units that owe it no answer; the others are told of their part of it.

    Three statements for an event, of which there are a dozen a year.
    """
    return [_saying(work, event) for event in events]


def _saying(work: Work, event: Event) -> Saying:
    notice = work.session.get_one(Notice, event.subject_id)
    owing = set(work.session.scalars(select(Assignment.unit_id).where(Assignment.notice_id == notice.id)))
    owing |= set(work.session.scalars(select(Unit.id).where(Unit.kind == UnitKind.OFFICE)))
    people = people_by_unit(work.session, None, (Role.CONTACT, Role.LEADER))
    return Saying(
        cause=f"event:{event.id}",
        kind=TOLD[event.word].kind,
        people=[person for unit_id, found in people.items() if unit_id not in owing for person in found],
        link=TOLD[event.word].path.format(notice=notice.id),
        context={"number": notice.number or "", "title": notice.title},
    )
