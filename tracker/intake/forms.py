"""Forms of what came in."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, Regexp

from tracker.intake.operations import ChangeValues, LineValues, PublicationValues, ReportValues
from tracker.intake.policy import CONTENT, STATE_NAMES, TRUTH_NAMES, limits
from tracker.kit.forms import PageForm, at_most, chosen_id, line, options, plausible_day, prose, seen_version
from tracker.kit.plain_text import one_line
from tracker.kit.words import N_
from tracker.org.models import Unit
from tracker.registry.forms import ANY, said_choices, unit_choices
from tracker.registry.models import Subject

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)
SPAN = re.compile(r"20\d\d(-(0[1-9]|1[0-2]|H[12]))?", re.ASCII)
DAY_MISSING = _l("Enter a day.")
NUMBER_LONGEST = 40
COUNT = (0, 10_000_000)
OVERDUE = {"overdue": N_("Overdue")}
CHANGE_STATES = {"open": N_("Not done yet"), "done": N_("Done")}


def _day(label: Any, *, required: bool = True) -> DateField:
    return DateField(label, [InputRequired(DAY_MISSING) if required else Optional(), plausible_day])


class _SpanForm(PageForm):
    """Days from and until; their names in the address are those that a bulletin's figures use."""

    unit = SelectField(_l("Unit"), coerce=chosen_id)
    q = StringField(_l("Text"), [at_most(80)], filters=[one_line])

    def offer(self, units: list[Unit]) -> Any:
        """Fill the choices that come from the database."""
        self.unit.choices = ANY + unit_choices(units)
        return self


class ReportFilterForm(_SpanForm):
    """What the list of error reports is narrowed to; read from the address."""

    state = SelectField(_l("State"), choices=ANY + said_choices({**STATE_NAMES, **OVERDUE}), default="")
    truth = SelectField(_l("Verified as"), choices=ANY + said_choices(TRUTH_NAMES), default="")


setattr(ReportFilterForm, "from", DateField(_l("Received from"), [Optional(), plausible_day]))
ReportFilterForm.until = DateField(_l("until"), [Optional(), plausible_day])


class ChangeFilterForm(_SpanForm):
    """What the list of change requests is narrowed to; read from the address."""

    state = SelectField(_l("State"), choices=ANY + said_choices(CHANGE_STATES), default="")


setattr(ChangeFilterForm, "from", DateField(_l("Done from"), [Optional(), plausible_day]))
ChangeFilterForm.until = DateField(_l("until"), [Optional(), plausible_day])


class PeriodFilterForm(PageForm):
    """A month, half-year or year; read from the address."""

    period = StringField(
        _l("Period"),
        [Optional(), Regexp(SPAN.pattern + "$", message=_l("Write 2021-12, 2021-H2 or 2021."))],
        filters=[one_line],
    )


class _PlaceForm(PageForm):
    """Whose matter it is, and about which site or account."""

    unit_id = SelectField(_l("Unit"), [DataRequired(_l("Choose a unit."))], coerce=chosen_id)
    subject_id = SelectField(_l("Website or account"), [Optional()], coerce=chosen_id)

    def offer(self, units: list[Unit], subjects: Sequence[Subject]) -> Any:
        """Fill the choices that come from the database."""
        self.unit_id.choices = options([("", _("Choose a unit"))]) + unit_choices(units)
        named = options([("", _("None in particular"))])
        for each in subjects:
            named += options([(each.id, f"{each.name} {each.platform or each.code}")], each.sponsor.name)
        self.subject_id.choices = named
        return self


class ReportForm(_PlaceForm):
    """An error report as it came in."""

    number = line(_l("Number"), NUMBER_LONGEST, hint=_l("As the platform that forwarded it numbers it."))
    received_on = _day(_l("Received on"))
    term = SelectField(_l("Limit"), default=CONTENT)
    kind = line(_l("Kind"), NUMBER_LONGEST, required=False, hint=_l("As the platform sorts it, e.g. 内容无法访问."))
    source = line(_l("Forwarded by"), 80, required=False, hint=_l("As the bulletin is to name it."))
    text = prose(_l("What was reported"))
    version = seen_version()

    def offer(self, units: list[Unit], subjects: Sequence[Subject]) -> Any:
        """Fill the choices; a limit says its length, and when its source is not confirmed."""
        self.term.choices = options(
            (each.key, f"{each.title}：{each.length}" + ("（待核）" if each.unconfirmed else ""))
            for each in limits().values()
        )
        return super().offer(units, subjects)

    def values(self) -> ReportValues:
        """Return what was typed; call it only on a valid form."""
        assert self.received_on.data  # noqa: S101  (a valid form has it)
        return ReportValues(
            number=self.number.data or "",
            kind=self.kind.data or "",
            source=self.source.data or "",
            received_on=self.received_on.data,
            unit_id=self.unit_id.data,
            subject_id=self.subject_id.data,
            text=self.text.data or "",
            term=self.term.data,
        )


class VerifyForm(PageForm):
    """Whether the report is so."""

    truth = RadioField(_l("Verified as"), [InputRequired(_l("Choose one."))], choices=said_choices(TRUTH_NAMES))
    version = seen_version()


class LongerForm(PageForm):
    """Why verifying takes longer."""

    reason = prose(_l("Why verifying takes longer"), 500)
    version = seen_version()


class AnswerForm(PageForm):
    """The answer and its day."""

    answered_on = _day(_l("Answered on"))
    answer = prose(_l("What was answered"))
    version = seen_version()


class CloseForm(PageForm):
    """The day on which the matter was done."""

    closed_on = _day(_l("Closed on"))
    version = seen_version()


class ChangeForm(_PlaceForm):
    """A change request."""

    number = line(_l("Number"), NUMBER_LONGEST)
    asked_on = _day(_l("Asked on"))
    text = prose(_l("What is to be changed"))
    version = seen_version()

    def values(self) -> ChangeValues:
        """Return what was typed; call it only on a valid form."""
        assert self.asked_on.data  # noqa: S101  (a valid form has it)
        return ChangeValues(
            number=self.number.data or "",
            asked_on=self.asked_on.data,
            unit_id=self.unit_id.data,
            subject_id=self.subject_id.data,
            text=self.text.data or "",
        )


class DoneForm(PageForm):
    """The day on which a change was made."""

    done_on = _day(_l("Done on"))
    version = seen_version()


def _month() -> StringField:
    return StringField(
        _l("Month"),
        [
            DataRequired(_l("Enter the month.")),
            Regexp(MONTH.pattern + "$", message=_l("Write the month like 2021-12.")),
        ],
        filters=[one_line],
        description=_l("Year and month, e.g. 2021-12."),
    )


def _count(label: Any) -> IntegerField:
    return IntegerField(label, [InputRequired(_l("Enter a number; 0 when there were none.")), NumberRange(*COUNT)])


class PublicationForm(PageForm):
    """What one source published in a month."""

    period = _month()
    source = line(_l("Source"), 80, hint=_l("As the bulletin names it, e.g. 市政府网站集群."))
    texts = _count(_l("Texts"))
    pictures = _count(_l("Pictures"))
    videos = _count(_l("Videos"))
    version = seen_version()

    def values(self) -> PublicationValues:
        """Return what was typed; call it only on a valid form."""
        counts = (self.texts.data or 0, self.pictures.data or 0, self.videos.data or 0)
        return PublicationValues(self.period.data or "", self.source.data or "", *counts)


class LineForm(PageForm):
    """A line of work or praise."""

    period = _month()
    heading = line(_l("Heading"), hint=_l("Said first, as a sentence of its own."))
    text = prose(_l("Words of the paragraph"))
    version = seen_version()

    def values(self) -> LineValues:
        """Return what was typed; call it only on a valid form."""
        return LineValues(self.period.data or "", self.heading.data or "", self.text.data or "")
