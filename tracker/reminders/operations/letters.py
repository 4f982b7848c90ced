"""Opening letters: at most one a person and day, with everything that waits for that person."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select, update

from tracker.kit.clock import OFFICE
from tracker.org.models import Person
from tracker.org.policy import Work
from tracker.reminders.models import Delivery, DeliveryState, Message
from tracker.reminders.operations.write import insert_new
from tracker.reminders.policy.letters import LETTERS, Hours, Way, Ways
from tracker.reminders.queries import waiting_people
from tracker.workdays.calendar import Calendar


def open_letters(
    work: Work, ways: Ways, hours: Hours, calendar: Calendar, after: int = 0, size: int = LETTERS
) -> tuple[int, int]:
    """Open the day's letter of people for whom something waits; nothing outside the hours of a working day.

    Returns how many were opened, and the last person looked at (0 when nobody is left). Somebody who cannot be reached
    by any channel keeps what was said in the inbox; it is not sent later.
    """
    if not hours.allow(work.now, calendar):
        return 0, 0
    since = datetime.combine(work.today, time(), OFFICE)
    people = waiting_people(work.session, work.today, since, after, size)
    reached = [(person, ways(person) if person.active else ()) for person in people]
    opened = [(person, found[0]) for person, found in reached if found]
    _plan(work, opened)
    _keep_inside(work, [person.id for person, found in reached if not found])
    return len(opened), people[-1].id if len(people) == size else 0


def _plan(work: Work, opened: Sequence[tuple[Person, Way]]) -> None:
    rows = [planned(work, person.id, work.today, way) for person, way in opened]
    if not rows:
        return
    work.session.execute(insert_new(work.session, Delivery).values(rows))
    again = update(Delivery).where(
        Delivery.person_id.in_([person.id for person, _way in opened]),
        Delivery.day == work.today,
        Delivery.state == DeliveryState.DROPPED,
    )
    # A letter that nothing was left of has not left the house: the day's next message opens it again.
    values = {"state": DeliveryState.PLANNED, "tries": 0, "due_at": work.now, "unsure": False, "trouble": ""}
    work.session.execute(again.values(values).execution_options(synchronize_session=False))


def planned(work: Work, person_id: int, day: date, way: Way) -> dict[str, Any]:
    """Return the row of a letter that may leave now."""
    return {
        "person_id": person_id,
        "day": day,
        "channel": way.channel,
        "address": way.address,
        "state": DeliveryState.PLANNED,
        "tries": 0,
        "due_at": work.now,
        "unsure": False,
        "trouble": "",
    }


def _keep_inside(work: Work, person_ids: Sequence[int]) -> None:
    waiting = update(Message).where(Message.person_id.in_(person_ids), Message.letter_day.is_(None))
    if person_ids:
        work.session.execute(waiting.values(letter_day=work.today).execution_options(synchronize_session=False))


def next_way(work: Work, delivery: Delivery, ways: Ways) -> Delivery | None:
    """Plan a dead letter once more, over the person's next channel that was not tried for it; None without one."""
    tried = set(
        work.session.scalars(
            select(Delivery.channel).where(Delivery.person_id == delivery.person_id, Delivery.day == delivery.day)
        )
    )
    person = work.session.get_one(Person, delivery.person_id)
    way = next((each for each in ways(person) if each.channel not in tried), None) if person.active else None
    if way is None:
        return None
    row = Delivery(**planned(work, person.id, delivery.day, way))
    work.session.add(row)
    return row
