"""The ledger's filters, and the name of a saved view."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import Select, html_params

from tracker.bulletins.policy.period import Period
from tracker.exchange.operations.views import LONGEST
from tracker.indicators.policy import LEVEL_NAMES
from tracker.kit.forms import PageForm, at_most, chosen_id, filter_value, line, options, plausible_day
from tracker.kit.plain_text import one_line
from tracker.ledger.policy import RECTIFIED_NAMES, REPORTED_NAMES
from tracker.ledger.queries import LedgerFilter
from tracker.registry.forms import ANY, said_choices
from tracker.registry.policy import KIND_NAMES

Named = Iterable[tuple[int, str]]


class Options(Select):
    """A choice whose options are drawn once for the same ones.

    The library's own widget takes as long for each option as a page for a row.
    """

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        """Return the select element."""
        attributes.setdefault("id", field.id)
        head = html_params(name=field.name, **{key: value for key, value in attributes.items() if value})
        given = tuple((str(each.value or ""), str(each.label)) for each in field.choices)
        return Markup(f"<select {head}>{_drawn(given, str(field.data or ''))}</select>")  # noqa: S704  (escaped below)


@lru_cache(maxsize=128)
def _drawn(choices: tuple[tuple[str, str], ...], chosen: str) -> str:
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
        for value, label in choices
    )


def _a_period(_form: Any, field: Any) -> None:
    try:
        Period.parse(field.data)
    except ValueError as error:
        raise ValidationError(_l("Write the period like 2021-12, 2021-H2 or 2021.")) from error


class LedgerFilterForm(PageForm):
    """What the ledger is narrowed to; read from the address."""

    unit = SelectField(_l("Unit"), coerce=chosen_id, widget=Options())
    rectified = SelectField(
        _l("Rectification"), choices=ANY + said_choices(RECTIFIED_NAMES), default="", widget=Options()
    )
    reported = SelectField(_l("Reporting"), choices=ANY + said_choices(REPORTED_NAMES), default="", widget=Options())
    level = SelectField(_l("Level"), choices=ANY + said_choices(LEVEL_NAMES), default="", widget=Options())
    kind = SelectField(_l("Kind"), choices=ANY + said_choices(KIND_NAMES), default="", widget=Options())
    indicator = SelectField(_l("Indicator"), coerce=chosen_id, widget=Options())
    period = StringField(
        _l("Inspected in"),
        [Optional(), _a_period],
        filters=[one_line],
    )
    number = StringField(_l("Notice number"), [at_most(60)], filters=[one_line])
    q = StringField(_l("Text"), [at_most(80)], filters=[one_line])
    subject = HiddenField(filters=[lambda value: int(value) if re.fullmatch("[0-9]{1,9}", str(value or "")) else None])

    def offer(self, units: Named, indicators: Named) -> "LedgerFilterForm":
        """Fill the choices that come from the database: ids with names."""
        self.unit.choices = ANY + options(units)
        self.indicator.choices = ANY + options(indicators)
        return self

    def wanted(self) -> LedgerFilter:
        """Return the filter; what cannot be read narrows nothing."""
        return LedgerFilter(
            unit_id=filter_value(self.unit, None),
            kind=filter_value(self.kind, None),
            level=filter_value(self.level, None),
            indicator_id=filter_value(self.indicator, None),
            subject_id=filter_value(self.subject, None),
            months=tuple(Period.parse(period).months) if (period := filter_value(self.period, "")) else (),
            rectified=filter_value(self.rectified, None),
            reported=filter_value(self.reported, None),
            start=filter_value(self["from"], None),
            until=filter_value(self["until"], None),
            number=filter_value(self.number, ""),
            text=filter_value(self.q, ""),
        )


setattr(LedgerFilterForm, "from", DateField(_l("Found from"), [Optional(), plausible_day]))
LedgerFilterForm.until = DateField(_l("until"), [Optional(), plausible_day])


class ViewForm(PageForm):
    """The name under which the present filters are kept."""

    name = line(_l("Name of the view"), LONGEST)
    address = HiddenField()
