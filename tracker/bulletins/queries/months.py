"""The months of a half-year or a year: a row each, in the order of the calendar; nothing is ranked."""

from datetime import date

from sqlalchemy.orm import Session

from tracker.bulletins.policy.facts import Percentages
from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries import counts
from tracker.bulletins.queries.population import population
from tracker.bulletins.queries.problems import count_problems

COLUMNS = (
    {"name": "月份", "width": 12, "align": "mid"},
    {"name": "检查政府网站（家）", "width": 18, "align": "mid"},
    {"name": "合格率", "width": 16, "align": "mid"},
    {"name": "检查政务新媒体（个）", "width": 20, "align": "mid"},
    {"name": "合格率", "width": 16, "align": "mid"},
    {"name": "通报问题（个）", "width": 16, "align": "mid"},
    {"name": "受理留言（条）", "width": 16, "align": "mid"},
    {"name": "更改需求单（份）", "width": 18, "align": "mid"},
    {"name": "发布信息（条）", "width": 18, "align": "mid"},
)
NOTHING = "—"
"""Of a month without an inspection."""


def months(session: Session, period: Period, until: date, write: Percentages) -> list[tuple[str, ...]]:
    """Return the rows of a period of several months; six statements a month. Empty for a single month."""
    if not period.several:
        return []
    each = [Period(period.year, month, month) for month in range(period.first, period.last + 1)]
    return [_row(session, month, min(month.ends_on, until), write) for month in each if month.starts_on <= until]


def _row(session: Session, month: Period, until: date, write: Percentages) -> tuple[str, ...]:
    people = population(session, month, until)
    came = counts.streams(session, month, until)
    cells = [f"{month.first}月"]
    for kind in ("sites", "accounts"):
        checked, failed = people.counts[f"{kind}.checked"], people.counts[f"{kind}.failed"]
        cells += [str(checked), write.write(checked - failed, checked)] if checked else [NOTHING, NOTHING]
    cells.append(str(count_problems(session, month, until)) if people.counted else NOTHING)
    cells += [str(came[key]) for key in ("reports.received", "changes.done", "published.total")]
    return tuple(cells)
