"""What will be sent to whom in the next thirty days."""

from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.almanac.queries import calendar as calendar_of
from tracker.kit.host import host
from tracker.kit.routes import route
from tracker.org.models import Person
from tracker.org.policy import Permission, Work
from tracker.reminders.jobs.house import own_house
from tracker.reminders.queries.forecast import DayPlan, Planned, forecast
from tracker.reminders.queries.forecast import lettered as lettered_people
from tracker.reminders.views.blueprint import bp

DAYS = 30
MOST_SHOWN = 300
"""People whose letters are listed on one page of a day."""


@dataclass(frozen=True)
class Told:
    """One person's letter of a day."""

    person: Person
    lines: tuple[Planned, ...]
    channels: tuple[str, ...]


@route(bp, "/reminders/forecast", permission=Permission.NOTICE_READ)
def forecast_page(work: Work) -> ResponseReturnValue:
    """Show the days to come, and who will be told what on one of them."""
    found = forecast(work.session, work.today, DAYS, calendar_of(work.session))
    plan = _chosen(found.days)
    told = _told(plan) if plan else []
    later = lettered_people(work.session, [each.person.id for each in told], work.today)
    return render_template(
        "reminders/forecast.html",
        days=found.days,
        whole=found.whole,
        plan=plan,
        told=told[:MOST_SHOWN],
        count=len(told),
        later=later if plan and plan.day.date == work.today else set(),
        hours=host().settings.letter_hours,
        total=sum(len(each.planned) for each in found.days),
    )


def _chosen(days: tuple[DayPlan, ...]) -> DayPlan | None:
    """Return the day that the address names, else the first on which somebody is told."""
    asked = request.args.get("day", type=date.fromisoformat)
    named = next((each for each in days if each.day.date == asked), None)
    return named or next((each for each in days if each.planned), None)


def _told(plan: DayPlan) -> list[Told]:
    ways = own_house().ways
    lines: dict[int, list[Planned]] = {}
    people: dict[int, Person] = {}
    for each in plan.planned:
        people[each.person.id] = each.person
        lines.setdefault(each.person.id, []).append(each)
    made = (
        Told(people[id_], tuple(own), tuple(way.channel for way in ways(people[id_]))) for id_, own in lines.items()
    )
    return sorted(made, key=lambda each: (each.lines[0].case.unit_name, each.person.id))
