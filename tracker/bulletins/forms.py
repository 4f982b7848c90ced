"""Forms of bulletins."""

from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, RadioField, StringField, ValidationError
from wtforms.validators import DataRequired, NumberRange, Optional

from tracker.bulletins.operations.draft import NO_SUCH_PERIOD, Frame
from tracker.bulletins.operations.edit import LONGEST
from tracker.bulletins.policy.period import Period
from tracker.bulletins.policy.wording import Role
from tracker.kit.forms import ADDRESS, PageForm, line, options, plausible_day, prose, seen_version
from tracker.kit.plain_text import one_line


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
    basis = line(_l("Basis"), ADDRESS, required=False, hint=_l("The document that asks for the inspection, as cited."))
    until = DateField(_l("Counted up to"), [DataRequired(_l("Please fill this in.")), plausible_day])
    due_on = DateField(_l("Reports due"), [Optional(), plausible_day])
    places = IntegerField(_l("Decimal places of percentages"), [NumberRange(0, 4, _l("0 to 4."))], default=2)
    cut = BooleanField(_l("Cut further places off instead of rounding"))
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
        )


class LineForm(PageForm):
    """The words of one paragraph."""

    text = prose(_l("Text"), LONGEST)
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
