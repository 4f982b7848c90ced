"""A year of reminders, day by day: what was said against what was forecast, and against a small model of its own.

The model shares nothing with the product's rules: it walks day by day over the State Council's notices as the tests
keep them, and knows each unit's fate from the dice, not from the database.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.almanac.models import DayKind
from tracker.almanac.operations import YearPlan, outlook, store
from tracker.almanac.policy import Entry
from tracker.almanac.queries import calendar as calendar_of
from tracker.cli.bench.figures import Figure
from tracker.cli.bench.reminders.town import DAY, Mirror, Town, moment
from tracker.cli.bench.workdays import model
from tracker.kit.clock import office_time
from tracker.org.models import Person
from tracker.reminders import jobs
from tracker.reminders.models import Delivery, Message
from tracker.reminders.queries.forecast import forecast

Key = tuple[int, int, str]
"""Assignment, person, rung."""
STEPS = {-3: "T-3", -1: "T-1", 0: "T", 1: "T+1", 3: "T+3", 5: "T+5", 10: "T+10", 20: "T+20"}
CHANGES = {
    date(2022, 3, 20): {date(2022, 4, 6): False, date(2022, 4, 9): True},
    date(2022, 5, 20): {date(2022, 5, 30): False},
}
"""On the first day the office learns that the others are a day off, or a working day."""


@dataclass
class Outcome:
    """What a year brought."""

    days: int = 0
    reminders: int = 0
    letters: int = 0
    missed: int = 0
    extra: int = 0
    doubled: int = 0
    unlike_forecast: int = 0
    unlike_month: int = 0
    month_compared: int = 0
    two_a_day: int = 0
    on_days_off: int = 0
    outside_hours: int = 0
    undelivered: int = 0
    given_up: int = 0
    seconds: float = 0.0
    ticks: int = 0
    retried: int = 0


@dataclass
class Model:
    """Who must have been told of which rung, by an own walk over the days."""

    works: dict[date, bool]
    said: Counter[Key] = field(default_factory=Counter)
    known: set[tuple[int, int, str, date]] = field(default_factory=set)

    def later(self, start: date, count: int) -> date:
        """Return the `count`-th working day after a day."""
        day = start
        while count:
            day += DAY
            count -= self.works[day]
        return day

    def rung_day(self, deadline: date, offset: int) -> date:
        """Return the day of a rung."""
        if offset > 0:
            return self.later(deadline, offset)
        day = deadline
        while not self.works[day]:
            day -= DAY
        for _ in range(-offset):
            day -= DAY
            while not self.works[day]:
                day -= DAY
        return day

    def tick(self, town: Town, today: date) -> None:
        """Note who has to be told today."""
        if not self.works[today]:
            return
        for id_, mirror in town.mirrors.items():
            if mirror.state in ("issued", "acknowledged", "returned"):
                self._due(town, id_, mirror, today)
            if mirror.state == "issued" and mirror.receipt:
                day = self.rung_day(mirror.receipt, 1)
                if mirror.delivered < day <= today:
                    self._say(town.contacts[mirror.unit], id_, "R+1", mirror.receipt)

    def _due(self, town: Town, id_: int, mirror: Mirror, today: date) -> None:
        reached = [(offset, self.rung_day(mirror.due, offset)) for offset in STEPS]
        reached = [(offset, day) for offset, day in reached if day <= today]
        if not reached or reached[-1][1] <= mirror.delivered:
            return
        people = town.contacts[mirror.unit] + (town.leaders[mirror.unit] if reached[-1][0] > 0 else [])
        self._say(people, id_, STEPS[reached[-1][0]], mirror.due)

    def _say(self, people: list[int], id_: int, rung: str, deadline: date) -> None:
        for person in people:
            if (id_, person, rung, deadline) not in self.known:
                self.known.add((id_, person, rung, deadline))
                self.said[id_, person, rung] += 1


class Year:
    """Runs the days."""

    def __init__(self, folder: Path, *, units: int, notices: int, start: date, days: int, seed: int = 2021) -> None:
        self.town = Town(folder, units, seed, start)
        self.model = Model(model())
        self.start, self.days, self.notices = start, days, notices
        self.outcome = Outcome(days=days)
        self.eve: dict[date, set[Key]] = {}
        self.months: list[tuple[date, dict[date, set[Key]]]] = []
        self.touched: dict[int, set[date]] = {}

    def run(self) -> Outcome:
        """Live every day; return what it came to."""
        began = perf_counter()
        with self.town.app.app_context():
            self.town.build()
            for n in range(self.days):
                self._day(self.start + DAY * n, n)
            self._judge()
            self.town.app.extensions["sqlalchemy"].engine.dispose()
        self.outcome.seconds = perf_counter() - began
        return self.outcome

    def _day(self, today: date, n: int) -> None:
        town, clock = self.town, self.town.clock
        clock.moment = moment(today, 7, 30)
        self._compared(self.eve.get(today, set()), today)
        clock.moment = moment(today, 9)
        self._tick()
        clock.moment = moment(today, 11)
        self._change(today)
        if self.model.works[today]:
            share = self.notices * (n + 1) // self.days - len(town.mirrors)
            town.deliver(share, today, self.model.later)
        town.live(today, self.model.later)
        for id_, mirror in town.mirrors.items():
            if today in mirror.plan:
                self.touched.setdefault(id_, set()).add(today)
        clock.moment = moment(today, 15, 20)
        self._compared(self._forecast(today, 1)[today], today)
        clock.moment = moment(today, 18)
        self._tick()
        ahead = self._forecast(today, 31 if today.day == 1 else 11)
        self.eve = {today + DAY: ahead.get(today + DAY, set())}
        if today.day == 1:
            self.months.append((today, ahead))

    def _compared(self, expected: set[Key], today: date) -> None:
        """Tick, and compare what is said with what was expected."""
        with self.town.open(False) as work:
            last = work.session.scalar(select(func.max(Message.id))) or 0
        self._tick()
        self.model.tick(self.town, today)
        query = select(Message.assignment_id, Message.person_id, Message.rung).where(
            Message.id > last, Message.rung != ""
        )
        with self.town.open(False) as work:
            said = {(id_ or 0, person, rung) for id_, person, rung in work.session.execute(query)}
        self.outcome.unlike_forecast += len(said ^ expected)

    def _tick(self) -> None:
        summary = jobs.tick(self.town.house)
        self.outcome.ticks += 1
        self.outcome.retried += summary.failed

    def _forecast(self, today: date, days: int) -> dict[date, set[Key]]:
        with self.town.open(False) as work:
            found = forecast(work.session, today, days, calendar_of(work.session))
            return {
                plan.day.date: {(each.case.id, each.person.id, each.step.rung.name) for each in plan.planned}
                for plan in found.days
            }

    def _change(self, today: date) -> None:
        """Store a new edition of the calendar on the days on which the office learns of one."""
        news = CHANGES.get(today)
        if not news:
            return
        self.model.works.update(news)
        told = [day for on, days in CHANGES.items() if on <= today for day in days]
        entries = [
            Entry(day, DayKind.WORK if self.model.works[day] else DayKind.OFF, "临时调整", "本办通知") for day in told
        ]
        with self.town.open() as work:
            plan = YearPlan(today.year, tuple(sorted(entries)), False, "临时调整")
            store(work, plan, outlook(work, plan).seen)

    def _judge(self) -> None:
        outcome = self.outcome
        with self.town.open(False) as work:
            rows = work.session.execute(
                select(Message.assignment_id, Message.person_id, Message.rung, Message.cause).where(Message.rung != "")
            ).all()
            said = Counter((id_ or 0, person, rung) for id_, person, rung, _cause in rows)
            causes = Counter((person, cause) for _id, person, _rung, cause in rows)
            outcome.reminders = len(rows)
            outcome.missed = sum((self.model.said - said).values())
            outcome.extra = sum((said - self.model.said).values())
            outcome.doubled = sum(count - 1 for count in causes.values())
            self._account_for(work.session)
            first = select(Message.assignment_id, Message.person_id, Message.rung, Message.created_at)
            self._judge_months(work.session.execute(first.where(Message.rung != "")).all())
        self._judge_letters()

    def _account_for(self, session: Session) -> None:
        """Look where every message to people with an address ended: left, dropped, or given up by all their ways.

        One that waits for a letter is in time if it is younger than five days, as long as holidays may last.
        """
        states: dict[tuple[int, date], list[str]] = {}
        for person, day, state in session.execute(select(Delivery.person_id, Delivery.day, Delivery.state)):
            states.setdefault((person, day), []).append(str(state))
        ways = {id_: bool(mail) + bool(phone) for id_, mail, phone in _addresses(session)}
        recent = moment(self.start + DAY * (self.days - 5), 0)
        for person, on in session.execute(
            select(Message.person_id, Message.letter_day).where(Message.created_at < recent)
        ):
            ended = states.get((person, on), []) if on else []
            if ways[person] and not {"sent", "dropped"} & set(ended):
                self.outcome.given_up += ended.count("dead") == ways[person]
                self.outcome.undelivered += ended.count("dead") != ways[person]

    def _judge_letters(self) -> None:
        outcome = self.outcome
        letters = [letter for channel in self.town.channels for letter in channel.sent]
        outcome.letters = len(letters)
        whole = Counter((letter.person_name, office_time(letter.at).date()) for letter in letters)
        outcome.two_a_day = sum(count - 1 for count in whole.values())
        outcome.doubled += sum(count - 1 for count in Counter(letter.key for letter in letters).values())
        for letter in letters:
            wall = office_time(letter.at)
            outcome.on_days_off += not self.model.works[wall.date()]
            outcome.outside_hours += not (8, 30) <= (wall.hour, wall.minute) < (17, 30)

    def _judge_months(self, rows: Iterable[Any]) -> None:
        """Compare forecasts of a month ahead with what came, for assignments to which nothing happened meanwhile."""
        actual: dict[tuple[int, int, str], list[date]] = {}
        for id_, person, rung, created in rows:
            actual.setdefault((id_ or 0, person, rung), []).append(office_time(created).date())
        for made, ahead in self.months:
            last = min(max(ahead), self.start + DAY * (self.days - 1))
            changed = any(made < on <= last for on in CHANGES)
            quiet = {
                id_
                for id_, mirror in self.town.mirrors.items()
                if mirror.delivered <= made and not any(made < day <= last for day in self.touched.get(id_, ()))
            }
            if changed:
                continue
            said = {(key, day) for key, days in actual.items() if key[0] in quiet for day in days if made < day <= last}
            told = {(key, day) for day, keys in ahead.items() if made < day <= last for key in keys if key[0] in quiet}
            self.outcome.month_compared += len(told)
            self.outcome.unlike_month += len(said ^ told)


def _addresses(session: Session) -> Iterator[tuple[int, str, str]]:
    rows = session.execute(select(Person.id, Person.email, Person.phone))
    return ((id_, mail, phone) for id_, mail, phone in rows)


def year_figures(folder: Path, units: int, notices: int, days: int, seed: int) -> Iterator[Figure]:
    """Yield what a year from 1 September 2021 on came to."""
    found = Year(folder, units=units, notices=notices, start=date(2021, 9, 1), days=days, seed=seed).run()
    yield Figure(f"days lived: {units} units, {notices:,} assignments", found.days, "days", digits=0)
    yield Figure("ticks", found.ticks, "", digits=0)
    yield Figure("reminders written", found.reminders, "", digits=0)
    yield Figure("letters that left", found.letters, "", digits=0)
    yield Figure("tries that failed and were repeated", found.retried, "", digits=0)
    yield Figure("reminders missed against the model", found.missed, "", 0, 0)
    yield Figure("reminders the model does not know", found.extra, "", 0, 0)
    yield Figure("said or sent twice", found.doubled, "", 0, 0)
    yield Figure("unlike the forecast of the eve, or of the hour", found.unlike_forecast, "", 0, 0)
    yield Figure(
        f"unlike the forecast of a month ahead, of {found.month_compared:,} quiet", found.unlike_month, "", 0, 0
    )
    yield Figure("second letters to one person on one day", found.two_a_day, "", 0, 0)
    yield Figure("letters on days off", found.on_days_off, "", 0, 0)
    yield Figure("letters outside the hours", found.outside_hours, "", 0, 0)
    yield Figure("messages given up by every way (dead letters)", found.given_up, "", digits=0)
    yield Figure("messages that no letter took, though there is an address", found.undelivered, "", 0, 0)
    yield Figure("time", found.seconds, "s", digits=0)
