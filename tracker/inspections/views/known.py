"""What rooms above know of a problem: asked before a new one is stored, and for a finding's page."""

from flask import request

from tracker.indicators.models import Indicator
from tracker.inspections.models import Finding
from tracker.inspections.operations import FindingValues
from tracker.inspections.policy import ABOUT, BEFORE, Known, Sought, fingerprint
from tracker.kit.errors import Invalid
from tracker.kit.words import N_
from tracker.org.policy import Work
from tracker.registry.models import Subject

TOLD = N_("This problem was told before. Nothing is stored yet: look at what is said of it, then store the finding.")
MARK = "known"
"""Name of the hidden field that says of which problem the remarks have been shown."""


def wanted(work: Work, values: FindingValues) -> Sought | None:
    """Return what was typed as a problem to be compared; None while it names neither a unit nor a subject."""
    subject = work.session.get(Subject, values.subject_id) if values.subject_id is not None else None
    unit_id = values.unit_id or (subject.sponsor_id if subject else None)
    indicator = work.session.get(Indicator, values.indicator_id)
    if unit_id is None or indicator is None:
        return None
    mark = fingerprint(unit_id, values.subject_id, indicator.rule_id, values.place or values.url)
    return Sought(unit_id, values.subject_id, indicator.rule_id, mark, values.found_on)


class NotSeen(Invalid):
    """Something is known of the problem that the person has not been shown yet: nothing is stored."""

    def __init__(self, lines: list[Known], mark: str) -> None:
        super().__init__({MARK: TOLD})
        self.lines, self.mark = lines, mark


def require_seen(work: Work, values: FindingValues) -> None:
    """Do nothing when nothing is known of a problem, or when it was shown with this very problem.

    :raises NotSeen: carries the lines to be shown before it is stored.
    """
    problem = wanted(work, values)
    if problem is None or request.form.get(MARK) == problem.fingerprint:
        return
    lines = [line for ask in BEFORE for line in ask(work, problem)]
    if lines:
        raise NotSeen(lines, problem.fingerprint)


def known_of(work: Work, finding: Finding) -> list[Known]:
    """Return the lines of a finding's page."""
    return [line for ask in ABOUT for line in ask(work, finding)]
