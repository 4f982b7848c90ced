"""Reminding chosen units at once (催办): who would be told what, and telling them with a reason."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.notices.models import Assignment
from tracker.notices.policy import visible_to
from tracker.org.models import Person
from tracker.org.policy import Work
from tracker.reminders.operations import texts
from tracker.reminders.operations.write import Saying, write
from tracker.reminders.policy.ladder import ALL, CONTACTS, NUDGE, About, Case, Rung, position
from tracker.reminders.policy.letters import Ways
from tracker.reminders.policy.telling import ASSIGNMENT_PATH
from tracker.reminders.queries.forecast import lettered
from tracker.reminders.queries.ladder import awaited, cases, circle
from tracker.requests.queries import disputed
from tracker.workdays.calendar import Calendar

MOST = 200
"""Assignments of one act."""
NOTHING = N_("Nothing was picked that still waits for an answer: choose the assignments to be urged in the list.")
TODAY = N_("These were urged today already; each is urged once a day at most. Call the unit if it cannot wait.")
KIND = "nudge"


@dataclass(frozen=True)
class Nudge:
    """One assignment to be urged: whom of the unit, and the words."""

    case: Case
    people: tuple[Person, ...]
    context: dict[str, Any]

    def subject(self, locale: str) -> str:
        """Return the subject in a language."""
        return texts.subject(KIND, locale, **{**self.context, "due": self.due(locale)})

    def due(self, locale: str) -> str:
        """Return the deadline in a language."""
        return texts.due_words(self.case.due_on, self.case.due_time, locale)


@dataclass(frozen=True)
class Reach:
    """How somebody would learn of it."""

    person: Person
    sent: bool
    """A letter goes out; otherwise it stands in the inbox only."""
    later: bool
    """Today's letter has left: it goes with the next working day's."""


def nudges(work: Work, tokens: Collection[str], calendar: Calendar, reason: str = "") -> list[Nudge]:
    """Return what urging these assignments would say: contacts always, leaders of what is overdue.

    Those that were answered meanwhile, or that are not for this person, are left out. Four queries.
    """
    picked = visible_to(work.actor) & Assignment.token.in_(list(tokens)[:MOST])
    found = cases(work.session.execute(awaited(picked, None, MOST)))
    units = circle(work.session, {case.unit_id for case in found}, {}) if found else None
    in_dispute = disputed(work.session, {case.id for case in found}) if found else set()
    made = []
    for case in found:
        place = position(case.due_on, work.today, calendar)
        rung = Rung(About.REPLY, place, ALL if place > 0 else CONTACTS)
        people = units.told(rung, case)[0] if units else []
        context = {
            "number": case.number,
            "place": place,
            "again": case.again,
            "disputed": case.id in in_dispute,
            "reason": reason,
        }
        made.append(Nudge(case, tuple(people), context))
    return made


def reaches(work: Work, found: Sequence[Nudge], ways: Ways) -> dict[int, Reach]:
    """Return how each person would learn of it, by the person's id: one query."""
    people = {person.id: person for nudge in found for person in nudge.people}
    later = lettered(work.session, people, work.today) if people else set()
    return {id_: Reach(person, bool(ways(person)), id_ in later) for id_, person in people.items()}


def nudge(work: Work, tokens: Collection[str], reason: str, calendar: Calendar) -> int:
    """Urge these assignments; return how many people were told.

    Order of effects: lock the assignments, look at their state again, write a message to each person, and note in the
    record of each case who was urged and why. Letters follow by the one rule: one a person and day.

    :raises Refused: none of them waits for an answer any more, or all were urged today already.
    """
    locked = select(Assignment).where(visible_to(work.actor), Assignment.token.in_(list(tokens)[:MOST]))
    locked = locked.order_by(Assignment.id).with_for_update(of=Assignment).execution_options(populate_existing=True)
    rows = {assignment.id: assignment for assignment in work.session.scalars(locked)}
    found = nudges(work, tokens, calendar, reason)
    if not found:
        raise Refused(NOTHING)
    told = write(work, [_saying(work, each) for each in found])
    if not told and any(each.people for each in found):
        raise Refused(TODAY)
    for each in found:
        names = "、".join(person.name for person in each.people if person.id in told.get(_cause(work, each), ()))
        if names:
            about = rows[each.case.id]
            detail = {"person": names, "unit": each.case.unit_name, "reason": reason}
            record(work, Word.NUDGED, about, case=f"assignment:{about.id}", **detail)
    return len({person_id for ids in told.values() for person_id in ids})


def _cause(work: Work, each: Nudge) -> str:
    """Return what makes a nudge one: an assignment is urged once a day, however often the button is pressed."""
    return f"nudge:{each.case.id}:{work.today}"


def _saying(work: Work, each: Nudge) -> Saying:
    return Saying(
        cause=_cause(work, each),
        kind=KIND,
        people=each.people,
        link=ASSIGNMENT_PATH.format(token=each.case.token),
        context={**each.context, "due": (each.case.due_on, each.case.due_time)},
        assignment_id=each.case.id,
        rung=NUDGE,
        day=work.today,
    )
