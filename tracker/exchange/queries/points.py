"""What the annual assessment takes for each finding of a file, read beside its rows."""

from collections.abc import Iterable, Iterator
from itertools import islice

from sqlalchemy.orm import Session

from tracker.assessment.policy import shown
from tracker.assessment.queries import deductions
from tracker.ledger.policy import Line

TOGETHER = 500
"""Rows asked about in one go."""


def with_points(session: Session, lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines with what each finding costs its unit (考核扣分); empty where it costs nothing."""
    rest = iter(lines)
    while chunk := list(islice(rest, TOGETHER)):
        points = deductions(session, [line.finding_id for line in chunk])
        for line in chunk:
            line.deducted = shown(points.get(line.finding_id))
            yield line
