"""Forms of self-inspections: opening one, the answers of one part, the office's filters."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Regexp

from tracker.indicators.models import Indicator
from tracker.inspections.forms import MONTH
from tracker.kit.forms import PageForm, chosen_id, line, options, plausible_day, prose
from tracker.kit.plain_text import clean, one_line
from tracker.org.models import Unit
from tracker.registry.forms import ANY, said_choices, unit_choices
from tracker.selfcheck.models import Answer, Line
from tracker.selfcheck.operations import Opening, Said
from tracker.selfcheck.policy import ANSWER_NAMES, USUAL


class OpeningForm(PageForm):
    """A new self-inspection; indicators and units are ticked in lists of their own."""

    title = line(_l("Title"))
    period = StringField(
        _l("Period"),
        [
            DataRequired(_l("Enter the month.")),
            Regexp(MONTH.pattern + "$", message=_l("Write the month like 2021-12.")),
        ],
        filters=[one_line],
        description=_l("Year and month, e.g. 2021-12."),
    )
    due_on = DateField(_l("To be handed in by"), [InputRequired(_l("Enter a day.")), plausible_day])
    note = prose(_l("What the units should know"), 1000, required=False)
    indicators = SelectMultipleField(_l("Checklist"), coerce=int)
    units = SelectMultipleField(_l("Units"), coerce=int)

    def offer(self, indicators: Sequence[Indicator], units: Iterable[Unit]) -> "OpeningForm":
        """Fill the choices that come from the database."""
        self.indicators.choices = options((each.id, each.title) for each in indicators)
        self.units.choices = unit_choices(list(units))
        return self

    def opening(self) -> Opening:
        """Return what was typed; call it only on a valid form."""
        assert self.due_on.data  # noqa: S101  (a valid form has its day)
        return Opening(
            self.title.data or "",
            self.period.data or "",
            self.due_on.data,
            self.note.data or "",
            self.indicators.data or [],
            self.units.data or [],
        )


def usual(indicators: Iterable[Indicator]) -> list[int]:
    """Return what is ticked when the page opens: what holds for every site or account."""
    return [each.id for each in indicators if each.applies_to in USUAL]


class AnswersFilterForm(PageForm):
    """What the list of answers is narrowed to; read from the address."""

    unit = SelectField(_l("Unit"), coerce=chosen_id)
    said = SelectField(
        _l("Answer given"),
        choices=ANY + options([("problem", _l("Problems found"))]) + said_choices(ANSWER_NAMES),
        default="",
    )

    def offer(self, units: list[Unit]) -> "AnswersFilterForm":
        """Fill the choices that come from the database."""
        self.unit.choices = ANY + unit_choices(units)
        return self


def typed(form: Mapping[str, Any], lines: Sequence[Line], *, rest_clean: bool) -> dict[int, Said]:
    """Return what was typed about each line; with `rest_clean` every question left open has no problem."""
    found = {}
    for each in lines:
        chosen, text = str(form.get(f"answer-{each.id}", "")), clean(str(form.get(f"text-{each.id}", "")))
        answer = Answer(chosen) if chosen in set(Answer) else None
        found[each.id] = Said(answer or (Answer.CLEAN if rest_clean and not text else None), text)
    return found


def seen_version(form: Mapping[str, Any]) -> int:
    """Return the version of the sheet that the page was opened with; 0 when the browser sent none."""
    text = str(form.get("version", ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def answer_choices() -> list[tuple[str, str]]:
    """Return the answers as choices of a line, in the page's language."""
    return [("", _("Not answered yet")), *((str(key), _(name)) for key, name in ANSWER_NAMES.items())]
