"""The figures that a bulletin prints: those of the page, as numbers, drawn at printing."""

from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from tracker.bulletins.policy.facts import Facts
from tracker.bulletins.policy.figures import on_paper
from tracker.bulletins.queries.series import Asked, Span, counting, figures
from tracker.charts.figure import dumped
from tracker.escalation.policy import Month
from tracker.kit.clock import OFFICE

MONTHS = 12
"""A month's bulletin shows the year up to it; a half-year's or a year's its own months and those before."""


def charts(session: Session, facts: Facts, asked_at: datetime | None = None) -> list[dict[str, Any]]:
    """Return the figures of the year up to a period as JSON values; what has nothing to show is left out.

    The period's own months are counted up to the bulletin's day, as its text is.
    """
    span = Span.ending(Month.parse(facts.period.months[-1]), MONTHS)
    now = asked_at or datetime.combine(facts.until, time.max, OFFICE)
    made = figures(session, Asked(span, counting(session, span), None, now), on_paper)
    return [dumped(each.figure) for each in made if not each.figure.empty and not each.figure.flat]
