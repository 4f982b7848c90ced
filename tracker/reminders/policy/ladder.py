"""When an unanswered assignment is reminded of, and who then: pure functions of plain values.

What the worker writes today and what the forecast shows for later days come from the same functions.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from tracker.kit.words import N_
from tracker.notices.lifecycle import OWED, AssignmentState
from tracker.notices.models import Assignment, NoticeKind
from tracker.org.models import Person, Role
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import ONE_DAY, Brief, add_workdays, brief, explain, workdays_between

AWAITED = OWED
"""States in which the unit owes an answer; in every other one nobody is reminded."""


class About(StrEnum):
    """From which deadline a rung is counted; its first letter begins the rung's name."""

    REPLY = "reply"
    RECEIPT = "receipt"


class Who(StrEnum):
    """Whom a rung speaks to."""

    CONTACT = "contact"
    SECOND = "second"
    LEADER = "leader"
    CLERK = "clerk"


ABOUT_NAMES = {About.REPLY: N_("the reply"), About.RECEIPT: N_("the receipt")}
WHO_NAMES = {
    Who.CONTACT: N_("first contact"),
    Who.SECOND: N_("other contacts"),
    Who.LEADER: N_("unit's leaders"),
    Who.CLERK: N_("our clerk"),
}
PREFIXES = {About.REPLY: "T", About.RECEIPT: "R"}
ABOUTS = {prefix: about for about, prefix in PREFIXES.items()}
NUDGE = "N"
"""In the place of a rung's name: a person of the office had the unit reminded."""


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: how many working days from a deadline, to whom, and the words before the subject."""

    about: About
    offset: int
    who: frozenset[Who]
    heading: str = ""

    @property
    def name(self) -> str:
        """Return "T-3", "T" or "R+1"."""
        return PREFIXES[self.about] + (f"{self.offset:+d}" if self.offset else "")


Ladder = tuple[Rung, ...]
"""Rungs of one kind of notice, ascending within what they are counted from."""
CONTACTS = frozenset({Who.CONTACT, Who.SECOND})
ALL = CONTACTS | {Who.LEADER}
LADDER: Ladder = (
    *(Rung(About.REPLY, offset, CONTACTS) for offset in (-3, -1, 0)),
    *(Rung(About.REPLY, offset, ALL) for offset in (1, 3, 5, 10, 20)),
    Rung(About.RECEIPT, 1, CONTACTS),
)
"""What is shipped: contacts before the deadline, the leader only of what is overdue; the receipt is asked for once."""
Ladders = Mapping[NoticeKind, Ladder]


@dataclass(frozen=True)
class Case:
    """An assignment as the ladder sees it."""

    id: int
    token: str
    kind: NoticeKind
    number: str
    unit_id: int
    unit_name: str
    state: AssignmentState
    due_on: date
    due_time: time | None
    receipt_on: date | None
    issued_on: date
    delivered_on: date | None
    """The notice itself said the dates on that day: no rung up to it is said."""
    drafted_by: int

    @property
    def again(self) -> bool:
        """Tell whether a further round is awaited: the reminder speaks of it."""
        return self.state in (AssignmentState.RETURNED, AssignmentState.REOPENED)

    def base(self, about: About) -> date | None:
        """Return the deadline that is counted from; None where nothing is awaited of that kind."""
        if self.state not in AWAITED or self.delivered_on is None:
            return None
        if about is About.REPLY:
            return self.due_on
        return self.receipt_on if self.state is AssignmentState.ISSUED else None


@dataclass(frozen=True)
class Step:
    """Where a case stands on the ladder: a rung, the rung's own day, the working days from the deadline to today."""

    rung: Rung
    base: date
    """The deadline it is counted from."""
    day: date
    place: int


class Walk:
    """The ladders on one day: which rungs are due. Asked once per deadline however many cases share it."""

    def __init__(self, ladders: Ladders, today: date, calendar: Calendar) -> None:
        self.today, self.calendar, self._ladders = today, calendar, ladders
        self._known: dict[tuple[NoticeKind, About, date], Step | None] = {}
        self._counted: dict[tuple[date, date], Brief | None] = {}

    def steps(self, case: Case) -> Iterator[Step]:
        """Yield the newest rung of each deadline of the case; nothing on a day off, nor of the days up to delivery."""
        if not self.calendar.works(self.today) or case.delivered_on is None:
            return
        for about in About:
            base = case.base(about)
            step = self.newest(case.kind, about, base) if base else None
            if step is not None and step.day > case.delivered_on:
                yield step

    def newest(self, kind: NoticeKind, about: About, base: date) -> Step | None:
        """Return the newest rung that today has reached for a deadline; None before the first."""
        key = (kind, about, base)
        if key not in self._known:
            self._known[key] = self._newest(rungs_about(self._ladders.get(kind, ()), about), base)
        return self._known[key]

    def _newest(self, rungs: Sequence[Rung], base: date) -> Step | None:
        place = position(base, self.today, self.calendar)
        rung = next((each for each in reversed(rungs) if each.offset <= place), None)
        return Step(rung, base, rung_day(rung.offset, base, self.calendar), place) if rung else None

    def counted(self, case: Case) -> Brief | None:
        """Return in short how the deadline of a case is counted from its issue; None for one before that."""
        key = (case.issued_on, case.due_on)
        if key not in self._counted:
            rows = explain(*key, self.calendar)
            self._counted[key] = brief(rows) if rows else None
        return self._counted[key]


def rungs_about(ladder: Iterable[Rung], about: About) -> list[Rung]:
    """Return the rungs counted from one deadline, from the earliest to the last."""
    return sorted((rung for rung in ladder if rung.about is about), key=lambda rung: rung.offset)


def position(due_on: date, today: date, calendar: Calendar) -> int:
    """Return the working days from the due day to today: negative before it, 0 on the last working day up to it."""
    if today <= due_on:
        return -workdays_between(today, due_on, calendar)
    return workdays_between(due_on, today, calendar)


def rung_day(offset: int, due_on: date, calendar: Calendar) -> date:
    """Return the working day on which a rung falls: a rung sent late keeps its own day, so it is never said twice."""
    if offset > 0:
        return add_workdays(due_on, offset, calendar)
    day, left = due_on, -offset
    while left or not calendar.works(day):
        left -= calendar.works(day)
        day -= ONE_DAY
    return day


def horizon(ladders: Ladders, about: About, today: date, calendar: Calendar) -> date | None:
    """Return the first deadline that no rung can reach yet; None without a rung of that kind."""
    offsets = [rung.offset for ladder in ladders.values() for rung in rungs_about(ladder, about)]
    return add_workdays(today, max(1, 1 - min(offsets)), calendar) if offsets else None


FARTHEST_BEFORE, FARTHEST_AFTER = 30, 60
"""Working days within which a rung may lie."""
MOST_RUNGS = 20
LONGEST_HEADING = 20


def faults(rungs: Sequence[Rung]) -> dict[int, str]:
    """Return what is wrong with a ladder: the rung's place in the list → a sentence; -1 for the ladder as a whole."""
    found: dict[int, str] = {}
    seen: set[tuple[About, int]] = set()
    for n, rung in enumerate(rungs):
        if not -FARTHEST_BEFORE <= rung.offset <= FARTHEST_AFTER:
            found[n] = N_("At most 30 working days before and 60 after the deadline.")
        elif not rung.who:
            found[n] = N_("Choose whom this step speaks to, or take the step away.")
        elif (rung.about, rung.offset) in seen:
            found[n] = N_("There is another step for this day: put the people of both into one.")
        elif len(rung.heading) > LONGEST_HEADING:
            found[n] = N_("The words before the subject: at most 20 characters.")
        seen.add((rung.about, rung.offset))
    if not rungs:
        found[-1] = N_("A ladder without any step would remind nobody: keep one step at least.")
    elif len(rungs) > MOST_RUNGS:
        found[-1] = N_("At most 20 steps: more would not be read.")
    return found


def rung_cause(case_id: int, step: Step) -> str:
    """Return the key under which a person is told of this rung once for this deadline.

    Not by the rung's day: another calendar may move that day, and nobody shall be told a second time for it.
    """
    return f"rung:{case_id}:{step.rung.name}:{step.base.isoformat()}"


def is_still_due(cause: str, assignment: Assignment) -> bool:
    """Tell whether a reminder that was written still fits the assignment: its deadline may have moved, or be met."""
    kind, _, rest = cause.partition(":")
    if kind != "rung":
        return True
    _id, name, base = rest.split(":")
    if ABOUTS[name[0]] is About.REPLY:
        return base == assignment.due_on.isoformat()
    return assignment.state is AssignmentState.ISSUED and base == f"{assignment.receipt_on}"


@dataclass(frozen=True)
class Circle:
    """Who may be told: each unit's active people with their roles, by id, and the office's clerks."""

    units: Mapping[int, Mapping[Person, Collection[Role]]]
    clerks: Sequence[Person] = ()

    def told(self, rung: Rung, case: Case) -> tuple[list[Person], list[Person]]:
        """Return whom a rung speaks to: people of the unit, and people of the office."""
        people = self.units.get(case.unit_id, {})
        contacts = [person for person, roles in people.items() if Role.CONTACT in roles]
        leaders = [person for person, roles in people.items() if Role.LEADER in roles]
        chosen = contacts[:1] * (Who.CONTACT in rung.who) + contacts[1:] * (Who.SECOND in rung.who)
        chosen += [person for person in leaders if Who.LEADER in rung.who and person not in chosen]
        return chosen, self._clerks(case) if Who.CLERK in rung.who else []

    def _clerks(self, case: Case) -> list[Person]:
        """Return the clerk who drafted the notice; every clerk when that one is no longer there."""
        return [clerk for clerk in self.clerks if clerk.id == case.drafted_by] or list(self.clerks)
