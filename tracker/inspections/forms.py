"""Forms of inspections and findings."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, Regexp

from tracker.indicators.models import Indicator
from tracker.inspections.models import Inspection
from tracker.inspections.operations import HOW_NAMES, FindingValues, How, InspectionValues, SampleChoice
from tracker.inspections.policy import CHOSEN_METHODS, LEVEL_CHOICES, STANDING_NAMES, Standing
from tracker.kit.forms import ADDRESS, PageForm, at_most, chosen_id, line, options, plausible_day, prose, seen_version
from tracker.kit.plain_text import one_line
from tracker.org.models import Unit, UnitKind
from tracker.registry.forms import ANY, address_line, said_choices, unit_choices
from tracker.registry.models import Subject
from tracker.registry.policy import KIND_NAMES

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
DAY_MISSING = _l("Enter a day.")


def month_or_none(value: Any) -> str | None:
    """Return a month of an address, None for anything else."""
    return str(value) if MONTH.fullmatch(str(value or "")) else None


def day_or_none(value: Any) -> date | None:
    """Return a day of an address, None for anything else."""
    try:
        return date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None


class FindingFilterForm(PageForm):
    """What the list of findings is narrowed to; read from the address. It opens on what waits for a notice."""

    state = SelectField(
        _l("Standing"), choices=said_choices(STANDING_NAMES) + options([("all", _l("All"))]), default=Standing.WAITING
    )
    unit = SelectField(_l("Unit"), coerce=chosen_id)
    level = SelectField(_l("Level"), choices=ANY + said_choices(LEVEL_CHOICES), default="")
    indicator = SelectField(_l("Indicator"), coerce=chosen_id)
    q = StringField(_l("Text"), [at_most(80)], filters=[one_line])
    subject = HiddenField(filters=[lambda value: int(value) if re.fullmatch("[0-9]{1,9}", str(value or "")) else None])
    inspection = HiddenField(
        filters=[lambda value: int(value) if re.fullmatch("[0-9]{1,9}", str(value or "")) else None]
    )

    period = HiddenField(filters=[month_or_none])
    period_to = HiddenField(filters=[month_or_none])
    on = HiddenField(filters=[day_or_none])

    def offer(self, units: list[Unit], indicators: list[Indicator]) -> "FindingFilterForm":
        """Fill the choices that come from the database."""
        self.unit.choices = ANY + unit_choices(units)
        self.indicator.choices = ANY + options((each.id, f"{each.code} {each.title}") for each in indicators)
        return self


class InspectionForm(PageForm):
    """A period's check."""

    period = StringField(
        _l("Period"),
        [
            DataRequired(_l("Enter the month.")),
            Regexp(MONTH.pattern + "$", message=_l("Write the month like 2021-12.")),
        ],
        filters=[one_line],
        description=_l("Year and month, e.g. 2021-12."),
    )
    title = line(_l("Title"))
    method = RadioField(_l("Method"), choices=said_choices(CHOSEN_METHODS), default="manual")
    starts_on = DateField(_l("First day"), [InputRequired(DAY_MISSING), plausible_day])
    ends_on = DateField(_l("Last day"), [InputRequired(DAY_MISSING)])
    coverage = prose(
        _l("Coverage"), 500, required=False, hint=_l("What was checked, e.g. all 31 websites and 161 accounts.")
    )

    def values(self) -> InspectionValues:
        """Return what was typed; call it only on a valid form."""
        assert self.starts_on.data  # noqa: S101  (a valid form has both days)
        assert self.ends_on.data  # noqa: S101
        return InspectionValues(
            period=self.period.data or "",
            title=self.title.data or "",
            method=self.method.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            coverage=self.coverage.data or "",
        )


class ProblemForm(PageForm):
    """What was found, where, when: the part that single and bulk entry share."""

    inspection_id = SelectField(
        _l("Inspection"), [DataRequired(_l("Choose the inspection that found it."))], coerce=chosen_id
    )
    indicator_id = SelectField(_l("Indicator"), [DataRequired(_l("Choose an indicator."))], coerce=chosen_id)
    level = SelectField(
        _l("Level"), choices=options([("", _l("As the indicator says"))]) + said_choices(LEVEL_CHOICES), default=""
    )
    place = line(_l("Place"), ADDRESS, required=False, hint=_l("Column, page or title where it was seen."))
    url = address_line(_l("Web address"))
    description = prose(_l("Description"), hint=_l("As it will stand on the notice."))
    found_on = DateField(_l("Found on"), [InputRequired(DAY_MISSING)])

    def offer_rules(self, inspections: list[Inspection], indicators: list[Indicator]) -> None:
        """Fill the choices of inspections (newest first, chosen unless another is) and of indicators (by set)."""
        self.inspection_id.choices = options((each.id, each.title) for each in inspections)
        self.indicator_id.choices = options([("", _l("Choose an indicator"))]) + _by_set(indicators)

    def values(self, unit_id: int | None, subject_id: int | None) -> FindingValues:
        """Return what was typed; call it only on a valid form."""
        assert self.found_on.data  # noqa: S101  (a valid form has the day)
        return FindingValues(
            inspection_id=self.inspection_id.data,
            indicator_id=self.indicator_id.data,
            description=self.description.data or "",
            found_on=self.found_on.data,
            unit_id=unit_id,
            subject_id=subject_id,
            level=self.level.data or None,
            place=self.place.data or "",
            url=self.url.data or "",
        )


NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,4})?", re.ASCII)


def _number(_form: Any, field: StringField) -> None:
    if field.data and not NUMBER.fullmatch(field.data):
        raise ValidationError(_("Enter a number like 12 or 3.5; the unit has a field of its own."))


def _digits(value: Any) -> str:
    """Return a number as typed, in plain digits: an input method may write full-width ones."""
    return unicodedata.normalize("NFKC", one_line(value if isinstance(value, str) else _plain(value)))


def _plain(value: Any) -> str:
    return "" if value is None else f"{value:.15g}"


class FindingForm(ProblemForm):
    """One finding."""

    measured = StringField(
        _l("Measured value"),
        [Optional(), _number],
        filters=[_digits],
        description=_l("For rules with a threshold, e.g. 16 for days without an update: it proposes the level."),
    )
    measured_unit = line(_l("Unit of the value"), 20, required=False, hint=_l("Left empty: the rule's own."))
    level_reason = line(
        _l("Reason for another level"),
        ADDRESS,
        required=False,
        hint=_l("Only where the level is not the one that the measured value proposes."),
    )
    unit_id = SelectField(_l("Unit that must answer"), coerce=chosen_id)
    subject_id = SelectField(_l("Site or account"), coerce=chosen_id)
    evidence = FileField(_l("Evidence"))
    version = seen_version()

    def values(self, unit_id: int | None, subject_id: int | None) -> FindingValues:
        """Return what was typed, the measured value with it; call it only on a valid form."""
        return replace(
            super().values(unit_id, subject_id),
            measured=float(self.measured.data) if self.measured.data else None,
            measured_unit=self.measured_unit.data or "",
            level_reason=self.level_reason.data or "",
        )

    def offer(
        self, units: list[Unit], subjects: Sequence[Subject], inspections: list[Inspection], indicators: list[Indicator]
    ) -> "FindingForm":
        """Fill the choices that come from the database."""
        self.offer_rules(inspections, indicators)
        self.unit_id.choices = options([("", _l("The sponsor of the site or account"))]) + unit_choices(units)
        self.subject_id.choices = options([("", _l("None: it is the unit's own duty"))]) + _by_unit(subjects)
        return self


class BulkForm(ProblemForm):
    """The same problem at several sites or accounts of one unit."""

    subjects = SelectMultipleField(_l("Sites and accounts"), coerce=int)

    def offer(
        self, subjects: Sequence[Subject], inspections: list[Inspection], indicators: list[Indicator]
    ) -> "BulkForm":
        """Fill the choices that come from the database."""
        self.offer_rules(inspections, indicators)
        self.subjects.choices = options((subject.id, subject.name) for subject in subjects)
        return self


class PopulationFilterForm(PageForm):
    """What the population is narrowed to; read from the address."""

    kind = SelectField(_l("Kind"), choices=ANY + said_choices(KIND_NAMES), default="")
    sampled = SelectField(
        _l("Sample"), choices=ANY + options([("yes", _l("In the sample")), ("no", _l("Not in it"))]), default=""
    )
    found = SelectField(
        _l("Findings"), choices=ANY + options([("yes", _l("With findings")), ("no", _l("Without"))]), default=""
    )


class SampleForm(PageForm):
    """What an inspection looks at; which fields count depends on how it is chosen."""

    how = RadioField(_l("How it is chosen"), choices=said_choices(HOW_NAMES), default=How.ALL)
    unit_ids = SelectMultipleField(_l("Units"), coerce=int)
    kind = SelectField(_l("Kind"), choices=ANY + said_choices(KIND_NAMES), default="")
    number = IntegerField(_l("How many"), [Optional(), NumberRange(1, 1_000_000)])
    seed = line(_l("Seed of the draw"), 40, required=False, hint=_l("The same seed draws the same ones again."))
    by_unit = BooleanField(_l("From each unit in proportion to what it runs"))
    listed = prose(
        _l("Names or codes"),
        100_000,
        required=False,
        hint=_l("One per line: site code, or platform and name of an account, or a name that is there once."),
    )
    reason = line(_l("Reason"), ADDRESS, required=False, hint=_l("Needed once the inspection has findings."))
    version = seen_version()

    def offer(self, units: list[Unit]) -> "SampleForm":
        """Fill the choices that come from the database."""
        self.unit_ids.choices = unit_choices(units)
        return self

    def choice(self) -> SampleChoice:
        """Return what was chosen; call it only on a valid form."""
        return SampleChoice(
            how=self.how.data,
            unit_ids=tuple(self.unit_ids.data or ()),
            kind=self.kind.data or "",
            number=self.number.data or 0,
            seed=self.seed.data or "",
            by_unit=self.by_unit.data,
            listed=self.listed.data or "",
        )


class DropForm(PageForm):
    """Why a finding should not have been entered."""

    reason = line(_l("Reason"), ADDRESS)


def _by_set(indicators: list[Indicator]) -> list[Any]:
    found: list[Any] = []
    for each in indicators:
        mark = "（" + _("Unconfirmed") + "）" if each.unconfirmed else ""
        found += options([(each.id, f"{each.code} {each.title}{mark}")], each.set.doc_no)
    return found


def _by_unit(subjects: Sequence[Subject]) -> list[Any]:
    found: list[Any] = []
    for each in subjects:
        found += options([(each.id, f"{each.name} {each.platform or each.code}")], _group(each.sponsor))
    return found


def _group(unit: Unit) -> str:
    own = unit.kind == UnitKind.SUBORDINATE and unit.parent is not None
    return f"{unit.parent.name} / {unit.name}" if own and unit.parent else unit.name
