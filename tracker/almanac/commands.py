"""`flask workdays`: the calendar by hand, as JSON with its explanation."""

import json
from datetime import date
from typing import Any

import click
from flask.cli import with_appcontext

from tracker.almanac.queries import calendar
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import add_workdays, explain

FAR = 10_000
"""Most working days, and half the most days, that an explanation lists."""


class Day(click.ParamType[date]):
    """A date as 2026-02-28."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date; a value that is none ends the command with a sentence and exit 2."""
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}” is no date. Write it as 2026-02-28.", param, ctx)


@click.group("workdays")
def workdays() -> None:
    """Count working days with the office's calendar; the first day is never counted, the last one is."""


@workdays.command("add")
@click.argument("start", type=Day(), metavar="DATE")
@click.argument("count", type=click.IntRange(0, FAR), metavar="N")
@with_appcontext
def add(start: date, count: int) -> None:
    """Print the N-th working day after DATE, with every day on the way counted or skipped."""
    days = _calendar()
    try:
        _told(start, add_workdays(start, count, days), days)
    except OverflowError as error:
        raise click.UsageError("That lies beyond the last day a calendar has (9999-12-31).") from error


@workdays.command("between")
@click.argument("start", type=Day(), metavar="FROM")
@click.argument("end", type=Day(), metavar="TO")
@with_appcontext
def between(start: date, end: date) -> None:
    """Print how many working days lie after FROM up to and including TO, with every day counted or skipped."""
    if end < start:
        raise click.UsageError(f"{end} is before {start}. Give the earlier day first.")
    if (end - start).days > 2 * FAR:
        raise click.UsageError(f"That is {(end - start).days} days; ask for at most {2 * FAR} at a time.")
    _told(start, end, _calendar())


def _calendar() -> Calendar:
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        return calendar(work.session)


def _told(start: date, end: date, days: Calendar) -> None:
    rows = explain(start, end, days)
    told = {
        "start": start.isoformat(),
        "end": end.isoformat(),
        "workdays": rows[-1].number,
        "provisional": any(row.day.provisional for row in rows),
        "days": [
            {
                "date": row.day.date.isoformat(),
                "works": row.day.works,
                "counted": row.number if row.counts else None,
                "reason": row.why,
                "source": row.day.source,
                "provisional": row.day.provisional,
            }
            for row in rows
        ],
    }
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


commands = [workdays]
