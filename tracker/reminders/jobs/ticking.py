"""One tick: tell what the record has new, remind, open the day's letters, send them, leave a sign of life."""

from dataclasses import dataclass
from datetime import timedelta

from tracker.almanac.queries import calendar as calendar_of
from tracker.reminders.jobs.house import House, own_house
from tracker.reminders.jobs.sending import Outcome, send_due
from tracker.reminders.models import Heartbeat
from tracker.reminders.operations.inbox import beat
from tracker.reminders.operations.ladder import pages, remind
from tracker.reminders.operations.letters import open_letters
from tracker.reminders.operations.tell import tell

TICK = "tick"
WALK = "ladder"
"""Heartbeats: of a tick, and of a walk over all that is awaited."""
EVERY = timedelta(minutes=1)
"""How often the worker walks the ladder: its days do not change faster, and a great ledger takes seconds to walk."""


@dataclass(frozen=True)
class Summary:
    """What one tick did, in numbers of messages and of letters."""

    told: int
    reminded: int
    sent: int
    failed: int


def tick(house: House | None = None, *, every: timedelta = timedelta()) -> Summary:
    """Tell what the record has new, remind whom the ladder reaches today, send what is due, leave a sign of life.

    Every part is its own short transaction and safe to repeat, so a tick that dies is simply followed by the next.
    `every`: the ladder is left out when it was walked to its end less than this ago.
    """
    house = house or own_house()
    told = _tell(house)
    reminded = _remind(house) if _walk_is_due(house, every) else 0
    _open_letters(house)
    outcomes = send_due(house)
    with house.open(True) as work:
        beat(work, TICK)
    return Summary(told, reminded, outcomes[Outcome.SENT], outcomes[Outcome.FAILED] + outcomes[Outcome.UNREACHABLE])


def _tell(house: House) -> int:
    written, more = 0, True
    while more:
        with house.open(True) as work:
            progress = tell(work)
        written, more = written + progress.written, progress.more
    return written


def gentle_tick() -> Summary:
    """Do what the worker does at each of its sweeps."""
    return tick(every=EVERY)


def _walk_is_due(house: House, every: timedelta) -> bool:
    with house.open(False) as work:
        last = work.session.get(Heartbeat, WALK)
        # One in the future is of a clock that was set back: it holds nothing up.
        return last is None or not work.now - every < last.at <= work.now


def _remind(house: House) -> int:
    with house.open(False) as work:
        calendar = calendar_of(work.session)
        found = list(pages(work, calendar))
    reminded = 0
    for assignment_ids in found:
        with house.open(True) as work:
            reminded += remind(work, assignment_ids, calendar)
    with house.open(True) as work:
        beat(work, WALK)
    return reminded


def _open_letters(house: House) -> None:
    after = 0
    while True:
        with house.open(True) as work:
            rules = house.rules(work)
            _opened, after = open_letters(work, rules.ways, rules.hours, rules.calendar, after)
        if not after:
            return
