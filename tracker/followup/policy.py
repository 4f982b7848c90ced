"""The rules of following up: when a closed problem is looked at again, and how a problem told before is worded."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta

from tracker.followup.models import Outcome, Recheck
from tracker.inspections.models import Finding
from tracker.kit.clock import OFFICE, office_date
from tracker.kit.words import N_
from tracker.notices.models import Item

OUTCOME_NAMES: dict[Outcome, str] = {
    Outcome.MENDED: N_("Still mended"),
    Outcome.RECURRED: N_("It came back"),
    Outcome.UNREACHED: N_("Could not be looked at"),
}


@dataclass(frozen=True)
class Terms:
    """The office's days; shipped are the usual ones of supervision (回头看: two weeks and a month after closing)."""

    first_days: int = 14
    second_days: int = 30
    """0: there is no second look."""
    keep_days: int = 60
    """Days for which a look that was due stays in the list; later it is over and done with."""
    remember_days: int = 730
    """Days for which a problem that was told is remembered when it comes back."""

    @property
    def steps(self) -> list[tuple[int, int]]:
        """Return the looks as (step, days after closing)."""
        first = [(1, self.first_days)]
        return [*first, (2, self.second_days)] if self.second_days else first


TERM_NAMES = [each.name for each in fields(Terms)]


@dataclass(frozen=True)
class Window:
    """Between which moments a problem must have been closed for a step to be due on a day."""

    step: int
    days: int
    since: datetime
    before: datetime


def windows(today: date, terms: Terms) -> list[Window]:
    """Return for each step when a problem must have been closed so that just this step is due today.

    The steps do not overlap: once the second look is due, the first is no longer asked for.
    """
    ends = [*(days for _step, days in terms.steps[1:]), terms.steps[-1][1] + terms.keep_days]
    return [
        Window(step, days, _start(today - timedelta(days=end - 1)), _start(today - timedelta(days=days - 1)))
        for (step, days), end in zip(terms.steps, ends, strict=True)
    ]


def _start(day: date) -> datetime:
    """Return the first moment of a day of the office."""
    return datetime.combine(day, time.min, OFFICE).astimezone(UTC)


@dataclass(frozen=True)
class Due:
    """A closed problem whose next look is due: which one, since when, and what was last seen of it."""

    finding: Finding
    item: Item | None
    step: int
    days: int
    last: Recheck | None = None

    @property
    def closed_on(self) -> date:
        """Return the office's date of closing."""
        assert self.finding.ended_at  # noqa: S101  (only closed ones are due)
        return office_date(self.finding.ended_at)

    @property
    def due_on(self) -> date:
        """Return the day from which the look was due."""
        return self.closed_on + timedelta(days=self.days)


@dataclass(frozen=True)
class Told:
    """That an equal problem was told in an issued notice or bulletin; `exact`: at the same place."""

    finding_id: int
    notice_id: int
    number: str
    title: str
    on: date
    exact: bool

    @property
    def url(self) -> str:
        """Return the page of the document."""
        return f"/notices/{self.notice_id}"


@dataclass(frozen=True)
class Recurrence:
    """A problem that came back after it had been told; the newest document first."""

    told: tuple[Told, ...]

    @property
    def exact(self) -> bool:
        """Tell whether one of them told of the very same place."""
        return any(each.exact for each in self.told)

    @property
    def numbers(self) -> str:
        """Return the numbers of the documents, the newest first."""
        return "、".join(dict.fromkeys(each.number for each in self.told))

    def months(self, year: int) -> str:
        """Return the months in which it was told, the oldest first: "11月", of another year "2020年11月"."""
        days = sorted({each.on.replace(day=1) for each in self.told})
        return "、".join(f"{day.month}月" if day.year == year else f"{day.year}年{day.month}月" for day in days)

    def sentence(self, year: int) -> str:
        """Return the clause as papers write it: 该问题于11月已通报."""
        return f"该问题于{self.months(year)}已通报"

    def ready(self, year: int) -> str:
        """Return a whole sentence with the documents' numbers, for who wants it in the text."""
        return f"{self.sentence(year)}（{self.numbers}），此次检查仍存在同类问题。"


def newest_first(told: Sequence[Told]) -> Recurrence | None:
    """Return what was told of one problem, the same place before the same kind; None when nothing was."""
    if not told:
        return None
    exact = [each for each in told if each.exact] or list(told)
    return Recurrence(tuple(sorted(exact, key=lambda each: (each.on, each.notice_id), reverse=True)))
