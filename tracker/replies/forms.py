"""Forms of the reply room: what may be typed, and what the page says when it cannot be taken."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    FileField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from tracker.kit.clock import OFFICE
from tracker.kit.forms import PageForm, options
from tracker.kit.plain_text import clean, one_line
from tracker.notices.lifecycle import AssignmentState
from tracker.replies.models import RESULT_NAMES, WAY_NAMES, Decision, Reply, ReplyItem, Result, Way
from tracker.replies.operations.items import Written
from tracker.replies.operations.registering import Arrival
from tracker.replies.operations.review import Opinion, Verdict
from tracker.replies.policy import CAPTION_LENGTH, MEASURE_LENGTH, NAME_LENGTH, REASON_LENGTH, in_order, is_locked
from tracker.replies.queries import ALL, OPEN

SHORT_REASON = Length(max=REASON_LENGTH, message=_l("A reason has at most 1,000 characters."))

STATE_NAMES: dict[AssignmentState, Any] = {
    AssignmentState.ISSUED: _l("Awaiting receipt"),
    AssignmentState.ACKNOWLEDGED: _l("Being rectified"),
    AssignmentState.SUBMITTED: _l("Reported"),
    AssignmentState.RETURNED: _l("Returned"),
    AssignmentState.ACCEPTED: _l("Accepted"),
    AssignmentState.CLOSED: _l("Closed off"),
    AssignmentState.REOPENED: _l("Reopened"),
    AssignmentState.VOIDED: _l("Voided"),
}


class Wanted:
    """Marks what a reply needs before it may be submitted; a draft may lack it, so nothing is refused here."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, _form: Any, _field: Any) -> None:
        """Accept anything."""


class PlainDate(DateField):
    """A date whose refusal is said in our words."""

    def process_formdata(self, valuelist: Any) -> None:
        """Read the date as the browser sends it, 2022-01-05.

        :raises ValueError: it cannot be read; the sentence is shown at the field.
        """
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("This is not a date. Write it as 2022-01-05.")) from error
        _drop_slip(self)


def _drop_slip(field: Any) -> None:
    """Take a date for none whose year nobody means: half typed, it is not kept as a draft either.

    The first hours of the year 1 have no moment in UTC at all.

    :raises ValueError: the year lies outside 2000–2099.
    """
    if field.data is not None and not 2000 <= field.data.year <= 2099:
        field.data = None
        raise ValueError(gettext("Check the year of this date."))


class ListFilter(PageForm):
    """Which assignments to list; read from the address."""

    state = SelectField(_l("State"), default=OPEN)
    unit = SelectField(_l("Unit"), default="")

    def __init__(self, values: Any, units: list[tuple[int, str]]) -> None:
        super().__init__(values)
        states = [(str(state), name) for state, name in STATE_NAMES.items()]
        self.state.choices = options([(OPEN, _l("Open ones")), (ALL, _l("All")), *states])
        self.unit.choices = options([("", _l("All units")), *((str(id_), name) for id_, name in units)])
        if len(units) < 2:
            del self.unit

    @property
    def unit_id(self) -> int | None:
        """Return the chosen unit's id; None for all."""
        chosen = self.unit.data if "unit" in self else ""
        return int(chosen) if chosen and chosen.isdecimal() and len(chosen) < 10 else None


class ItemForm(PageForm):
    """One item of the reply."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    result = RadioField(
        _l("Result"),
        choices=options((str(result), _l(name)) for result, name in RESULT_NAMES.items()),
        validators=[Optional()],
        validate_choice=False,
    )
    measure = TextAreaField(
        _l("Measures taken"),
        filters=[clean],
        validators=[
            Length(
                max=MEASURE_LENGTH,
                message=_l("At most 2,000 characters fit on the reply sheet. Put the rest into an evidence file."),
            )
        ],
    )
    finished_on = PlainDate(_l("Date of completion"), validators=[Optional()])
    responsible = StringField(
        _l("Person responsible"),
        filters=[one_line],
        validators=[Wanted(), Length(max=NAME_LENGTH, message=_l("A name has at most 60 characters."))],
    )
    evidence = MultipleFileField(_l("Evidence"))
    caption = StringField(
        _l("What the new files show"),
        filters=[one_line],
        validators=[Length(max=CAPTION_LENGTH, message=_l("A caption has at most 100 characters."))],
    )

    @classmethod
    def of(cls, line: ReplyItem, today: date) -> "ItemForm":
        """Return the form as it was stored last; an untouched one proposes today as the day of completion."""
        return cls(
            version=line.version,
            result=str(line.result) if line.result else None,
            measure=line.measure,
            finished_on=line.finished_on or (today if line.result is None else None),
            responsible=line.responsible,
        )

    def written(self) -> Written:
        """Return what was typed; a date that cannot be read counts as none."""
        known = self.result.data in {str(result) for result in Result}
        return Written(
            result=Result(self.result.data) if known else None,
            measure=self.measure.data or "",
            finished_on=self.finished_on.data,
            responsible=self.responsible.data or "",
        )


class ScanForm(PageForm):
    """The signed and sealed scan."""

    scan = FileField(
        _l("Scan of the signed and sealed reply sheet"),
        validators=[InputRequired(message=_l("Choose the scan first."))],
    )


class PlainMoment(DateTimeLocalField):
    """A day with its hour on the office's wall clock, whose refusal is said in our words."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **options)

    def process_formdata(self, valuelist: Any) -> None:
        """Read the moment as the browser sends it, or as people write it, 2022-01-05 09:30.

        :raises ValueError: it cannot be read; the sentence is shown at the field.
        """
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("This is not a moment. Write it as 2022-01-05 09:30.")) from error
        _drop_slip(self)

    @property
    def moment(self) -> datetime | None:
        """Return the typed moment in UTC."""
        return self.data.replace(tzinfo=OFFICE).astimezone(UTC) if self.data else None


class ArrivalForm(PageForm):
    """How papers reached the office."""

    brought_by = StringField(
        _l("Brought or sent by"),
        filters=[one_line],
        validators=[Wanted(), Length(max=NAME_LENGTH, message=_l("A name has at most 60 characters."))],
    )
    way = RadioField(
        _l("How it came"),
        choices=options((str(way), _l(name)) for way, name in WAY_NAMES.items()),
        validators=[Optional()],
        validate_choice=False,
    )
    arrived_at = PlainMoment(_l("Reached the office at"), validators=[Wanted(), Optional()])

    def arrival(self) -> Arrival:
        """Return what was typed; what cannot be read counts as nothing."""
        known = self.way.data in {str(way) for way in Way}
        return Arrival(self.brought_by.data or "", Way(self.way.data) if known else None, self.arrived_at.moment)


class StackForm(ArrivalForm):
    """A stack of many units' papers, scanned in one go."""

    stack = FileField(_l("Scan of the whole stack"), validators=[InputRequired(message=_l("Choose the scan first."))])


class ReasonForm(PageForm):
    """A reason that the other side will read."""

    reason = TextAreaField(
        _l("Reason"),
        filters=[clean],
        validators=[
            InputRequired(message=_l("Write the reason: the unit sees this sentence.")),
            Length(max=REASON_LENGTH),
        ],
    )


class ReasonsForm(PageForm):
    """The office's ready reasons, one a line."""

    paper = TextAreaField(_l("About the paper itself"), filters=[clean], validators=[Optional()])
    item = TextAreaField(_l("About an item"), filters=[clean], validators=[Optional()])


class ReviewForm(PageForm):
    """The verdicts on a reply; one pair of fields per item is bound by `for_reply`."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    signature = BooleanField(_l("Signature checked"))
    seal = BooleanField(_l("Seal checked"))
    paper_reason = TextAreaField(
        _l("What is wrong with the paper itself"), filters=[clean], validators=[Optional(), SHORT_REASON]
    )

    def opinion(self, reply: Reply) -> Opinion:
        """Return what the reviewer said."""
        numbers = [line.item.sequence for line in in_order(reply) if not is_locked(line)]
        return Opinion(
            items={number: self._verdict(number) for number in numbers},
            signature_checked=bool(self.signature.data),
            seal_checked=bool(self.seal.data),
            paper_reason=self.paper_reason.data or "",
        )

    def _verdict(self, number: int) -> Verdict:
        chosen = self[f"verdict-{number}"].data
        known = chosen in {str(decision) for decision in Decision}
        return Verdict(Decision(chosen) if known else None, self[f"reason-{number}"].data or "")


def review_form(reply: Reply, values: Any = None) -> ReviewForm:
    """Return the review form with a verdict and a reason for every item that is still open."""
    fields: dict[str, Any] = {}
    for line in in_order(reply):
        number = line.item.sequence
        if not is_locked(line):
            fields[f"verdict-{number}"] = RadioField(
                _l("Verdict on item %(n)s", n=number),
                choices=options([(str(Decision.ACCEPTED), _l("Pass")), (str(Decision.RETURNED), _l("Return"))]),
                validators=[Optional()],
                validate_choice=False,
            )
            fields[f"reason-{number}"] = TextAreaField(
                _l("Why item %(n)s is returned", n=number), filters=[clean], validators=[Optional(), SHORT_REASON]
            )
    form = type("BoundReviewForm", (ReviewForm,), fields)
    bound: ReviewForm = form(values, version=reply.version)
    return bound
