"""Forms of bulletins."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import DataRequired, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.bulletins.operations.draft import NO_SUCH_PERIOD, Frame
from tracker.bulletins.operations.edit import LONGEST
from tracker.bulletins.policy.period import Period
from tracker.bulletins.policy.wording import Role
from tracker.bulletins.queries.series import Span
from tracker.escalation.policy import Month
from tracker.inspections.forms import MONTH
from tracker.kit.forms import (
    ADDRESS,
    PageForm,
    chosen_id,
    filter_value,
    line,
    options,
    plausible_day,
    prose,
    seen_version,
)
from tracker.kit.plain_text import one_line
from tracker.org.models import Unit
from tracker.registry.forms import ANY, unit_choices


def month_line(label: Any) -> StringField:
    """Return a field for a month; browsers that know months offer a calendar."""
    readable = Regexp(MONTH.pattern + "$", message=_l("Write the month like 2021-12."))
    return StringField(label, [Optional(), readable], filters=[one_line], render_kw={"type": "month", "size": 8})


class PeriodForm(PageForm):
    """Which period a bulletin tells of."""

    period = StringField(_l("Period"), [DataRequired(_l("Please fill this in."))], filters=[one_line])

    def validate_period(self, field: StringField) -> None:
        """Take only what names a month, a half-year or a year.

        :raises ValidationError: it names none.
        """
        try:
            Period.parse(field.data or "")
        except ValueError:
            raise ValidationError(gettext(NO_SUCH_PERIOD)) from None


class FrameForm(PageForm):
    """Title, basis, last day counted, deadline, percentages."""

    title = line(_l("Title"), ADDRESS)
    basis = line(
        _l("Basis of the inspection"),
        ADDRESS,
        required=False,
        hint=_l("The document that asks for the inspection, as cited."),
    )
    until = DateField(_l("Counted up to"), [DataRequired(_l("Please fill this in.")), plausible_day])
    due_on = DateField(_l("Reports due"), [Optional(), plausible_day])
    places = IntegerField(_l("Decimal places of percentages"), [NumberRange(0, 4, _l("0 to 4."))], default=2)
    cut = BooleanField(_l("Cut further places off instead of rounding"))
    with_ledger = BooleanField(_l("Annex the ledger of the period's problems"))
    with_charts = BooleanField(_l("Annex the figures of the last twelve months"))
    version = seen_version()

    def values(self) -> Frame:
        """Return what was entered; only of a form that validated."""
        return Frame(
            self.title.data or "",
            self.until.data or date.min,
            self.basis.data or "",
            self.due_on.data,
            2 if self.places.data is None else self.places.data,
            bool(self.cut.data),
            bool(self.with_ledger.data),
            bool(self.with_charts.data),
        )


class LineForm(PageForm):
    """The words of one paragraph."""

    text = prose(_l("Words of the paragraph"), LONGEST)
    version = seen_version()


class DemandForm(PageForm):
    """Who must answer one of the next steps, and until when; neither: nobody."""

    due_on = DateField(_l("Answer due"), [Optional(), plausible_day])
    units = SelectMultipleField(
        _l("Units that must answer"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    version = seen_version()


class AddForm(LineForm):
    """A paragraph more, and what it is."""

    role = RadioField(
        _l("It is"),
        choices=options(
            [
                (str(Role.ITEM), _l("a numbered item (1.)")),
                (str(Role.SECTION), _l("a section (（一）)")),
                (str(Role.PLAIN), _l("a paragraph without a number")),
            ]
        ),
        default=str(Role.ITEM),
    )


class DataForm(PageForm):
    """Which months figures stand over, and of which unit; read from the address, what cannot be read is left out."""

    unit = SelectField(_l("Unit"), coerce=chosen_id)

    def offer(self, units: Iterable[Unit]) -> "DataForm":
        """Fill the units that can be chosen."""
        self.unit.choices = [*ANY, *unit_choices(list(units))]
        return self

    @property
    def unit_id(self) -> int | None:
        """Return the unit chosen, or None for all."""
        chosen: int | None = filter_value(self.unit, None)
        return chosen

    def span(self, last: Month) -> Span:
        """Return the months asked for: by default the year up to `last`, the present month."""
        until = _month(self["until"], last)
        first = Span.ending(until).months[0]
        return Span.between(_month(self["from"], first), until)


setattr(DataForm, "from", month_line(_l("From month")))
DataForm.until = month_line(_l("until"))


def _month(field: Field, usual: Month) -> Month:
    try:
        return Month.parse(filter_value(field, "") or usual.code)
    except ValueError:
        return usual
