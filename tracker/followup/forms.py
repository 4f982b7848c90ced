"""Forms of following up: the list's filters, one look, the office's days."""

from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FileField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, NumberRange

from tracker.followup.models import Outcome
from tracker.followup.operations.looks import Look
from tracker.followup.policy import OUTCOME_NAMES, TERM_NAMES, Terms
from tracker.inspections.models import Inspection
from tracker.kit.forms import PageForm, chosen_id, options, plausible_day, prose
from tracker.org.models import Unit
from tracker.registry.forms import ANY, said_choices, unit_choices

STEP_CHOICES = [("1", _l("First look")), ("2", _l("Second look"))]


class DueFilterForm(PageForm):
    """What the list of due looks is narrowed to; read from the address."""

    unit = SelectField(_l("Unit"), coerce=chosen_id)
    step = SelectField(_l("Look"), choices=ANY + options(STEP_CHOICES), default="")

    def offer(self, units: list[Unit]) -> "DueFilterForm":
        """Fill the choices that come from the database."""
        self.unit.choices = ANY + unit_choices(units)
        return self


class LooksFilterForm(PageForm):
    """What the list of results is narrowed to."""

    unit = SelectField(_l("Unit"), coerce=chosen_id)
    outcome = SelectField(_l("What was seen"), choices=ANY + said_choices(OUTCOME_NAMES), default="")

    def offer(self, units: list[Unit]) -> "LooksFilterForm":
        """Fill the choices that come from the database."""
        self.unit.choices = ANY + unit_choices(units)
        return self


class LookForm(PageForm):
    """What was seen."""

    outcome = RadioField(
        _l("What was seen"), [DataRequired(_l("Say what was seen."))], choices=said_choices(OUTCOME_NAMES)
    )
    on = DateField(_l("Looked at on"), [InputRequired(_l("Enter a day.")), plausible_day])
    note = prose(
        _l("Note"),
        500,
        required=False,
        hint=_l("The unit reads it on the assignment's timeline. At most 500 characters."),
    )
    evidence = FileField(_l("Picture"))
    inspection_id = SelectField(
        _l("Inspection of the new finding"), coerce=chosen_id, description=_l("Only used when it came back.")
    )
    description = prose(
        _l("Words of the new finding"),
        required=False,
        hint=_l("Only used when it came back: as they will stand on the notice."),
    )

    def offer(self, inspections: list[Inspection]) -> "LookForm":
        """Fill the choices that come from the database."""
        self.inspection_id.choices = options((each.id, each.title) for each in inspections)
        return self

    def look(self) -> Look:
        """Return what was typed; call it only on a valid form."""
        assert self.on.data  # noqa: S101  (a valid form has its day)
        return Look(
            Outcome(self.outcome.data),
            self.on.data,
            self.note.data or "",
            self.inspection_id.data,
            self.description.data or "",
        )


def _number(label: Any, least: int, most: int, hint: Any = "") -> IntegerField:
    return IntegerField(label, [InputRequired(_l("Please fill this in.")), NumberRange(least, most)], description=hint)


class TermsForm(PageForm):
    """The office's days."""

    first_days = _number(_l("First look: days after closing"), 1, 365)
    second_days = _number(_l("Second look: days after closing"), 0, 730, _l("0: there is no second look."))
    keep_days = _number(
        _l("Keep a look in the list for (days)"),
        1,
        730,
        _l("After them a look that nobody took is no longer asked for."),
    )
    remember_days = _number(
        _l("Remember told problems for (days)"),
        0,
        3650,
        _l("A problem that comes back within these days is said to have been told before."),
    )
    seen = HiddenField()

    def terms(self) -> Terms:
        """Return what was typed."""
        return Terms(**{name: self[name].data for name in TERM_NAMES})

    def seen_terms(self) -> Terms | None:
        """Return the days that the form was opened with; None when the browser sent none that can be read."""
        parts = (self.seen.data or "").split(",")
        if len(parts) != len(TERM_NAMES) or not all(
            part.isascii() and part.isdecimal() and len(part) < 6 for part in parts
        ):
            return None
        return Terms(**dict(zip(TERM_NAMES, map(int, parts), strict=True)))


def opened(terms: Terms) -> dict[str, Any]:
    """Return what the form of the days opens with."""
    values = asdict(terms)
    return values | {"seen": ",".join(str(value) for value in values.values())}
