"""Forms of escalation: putting off, turning down, the outcome of a talk, the terms."""

from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from tracker.escalation.policy import TERM_NAMES, Terms
from tracker.kit.forms import PageForm, plausible_day, prose

LONGEST = 1000


class ReasonForm(PageForm):
    """A reason alone: "not at all", or a decision taken back."""

    reason = prose(_l("Reason"), LONGEST)


class PutOffForm(ReasonForm):
    """Not now: until when, and why."""

    until = DateField(_l("Propose it again on"), [InputRequired(_l("Please fill this in.")), plausible_day])


class OutcomeForm(PageForm):
    """What came of a talk."""

    held_on = DateField(_l("Day of the talk"), [InputRequired(_l("Please fill this in.")), plausible_day])
    outcome = prose(_l("Outcome of the talk"), 2000)


def _number(label: Any, least: int, most: int, hint: Any = "") -> IntegerField:
    bounds = [InputRequired(_l("Please fill this in.")), NumberRange(least, most)]
    return IntegerField(label, bounds, description=hint)


class TermsForm(PageForm):
    """The office's numbers."""

    urge_days = _number(
        _l("Urging letter: working days after the deadline"),
        1,
        60,
        _l("1: proposed on the first working day after the deadline, when no reply came."),
    )
    supervision_days = _number(_l("Supervision letter: working days after the deadline"), 2, 90)
    naming_count = _number(
        _l("Naming in the bulletin: late replies of a unit in a quarter"),
        1,
        50,
        _l("Late is a reply that had not arrived at the deadline in force; within a granted extension it is in time."),
    )
    talk_count = _number(_l("Talk with the unit's leaders: late replies in a quarter"), 2, 50)
    again_days = _number(
        _l("Remember answered problems for (days)"),
        0,
        1000,
        _l("A draft about a problem that was answered and closed in these days says so; 0: never."),
    )
    monthly_notices = _number(
        _l("Notices to one unit in a month, at most"),
        0,
        500,
        _l("A draft beyond it warns and never stops; 0: no line."),
    )
    seen = HiddenField()

    def terms(self) -> Terms:
        """Return what was typed."""
        return Terms(**{name: self[name].data for name in TERM_NAMES})

    def seen_terms(self) -> Terms | None:
        """Return the terms that the form was opened with; None when the browser sent none that can be read."""
        parts = (self.seen.data or "").split(",")
        if len(parts) != len(TERM_NAMES) or not all(part.isdecimal() and part.isascii() for part in parts):
            return None
        return Terms(**dict(zip(TERM_NAMES, map(int, parts), strict=True)))


def opened(terms: Terms) -> dict[str, Any]:
    """Return what the form of the terms opens with."""
    values = asdict(terms)
    return values | {"seen": ",".join(str(value) for value in values.values())}
