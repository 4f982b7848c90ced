"""Forms of requests: what may be typed, and what the page says when it cannot be taken."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.files.operations import Source
from tracker.kit.forms import PageForm, line, options, plausible_day, prose, seen_version
from tracker.notices.models import Item
from tracker.org.models import Person, Unit
from tracker.requests.models import OUTCOME_NAMES, DisputeKind, Outcome, TransferLine
from tracker.requests.operations.disputes import KIND_NAMES, Claim
from tracker.requests.operations.extensions import Wish
from tracker.requests.operations.handovers import Successor
from tracker.requests.operations.transfers import MEASURE, Order, Text
from tracker.requests.policy import NAME, TEXT


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


class AskForm(PageForm):
    """延期申请."""

    reason = prose(_l("Why the deadline cannot be kept"), TEXT)
    progress = prose(_l("What is done so far"), TEXT, hint=_l("What is done, what is left, item by item."))
    wanted_on = PlainDate(_l("New day asked for"), validators=[Optional(), plausible_day])
    vouched = BooleanField(_l("The leader of our unit in charge has agreed"))
    vouched_name = line(_l("Name of that leader"), NAME, required=False)
    sure = BooleanField(_l("I have looked at the day once more and ask for it"))

    def wish(self) -> Wish:
        """Return what was typed; a name without its tick vouches for nothing."""
        return Wish(
            reason=self.reason.data or "",
            progress=self.progress.data or "",
            wanted_on=self.wanted_on.data,
            vouched_name=(self.vouched_name.data or "") if self.vouched.data else "",
            sure=bool(self.sure.data),
        )


class AnswerForm(PageForm):
    """A step of somebody else's request: its version, and the words to the unit."""

    version = seen_version()
    answer = prose(_l("Words to the unit"), TEXT, required=False)


class AgreeForm(AnswerForm):
    """The step of the unit's leader."""

    answer = prose(_l("Words to the contact"), TEXT, required=False)


class OpinionForm(PageForm):
    """The clerk's opinion on an extension."""

    version = seen_version()
    favour = RadioField(
        _l("Opinion"),
        choices=options([("yes", _l("For it")), ("no", _l("Against it"))]),
        validators=[Optional()],
        validate_choice=False,
    )
    on = PlainDate(_l("Until"), validators=[Optional(), plausible_day])
    opinion = prose(_l("Opinion in words, for the director"), TEXT, required=False)

    def complete(self) -> bool:
        """Tell whether everything is there and readable."""
        valid = self.validate()
        if self.favour.data not in ("yes", "no"):
            self.favour.errors = [gettext("Choose whether you are for it or against it.")]
            return False
        return bool(valid)


class DecisionForm(PageForm):
    """The director's decision on an extension."""

    version = seen_version()
    on = PlainDate(_l("Granted until"), validators=[Optional(), plausible_day])
    answer = prose(_l("Words to the unit"), TEXT, required=False, hint=_l("Needed for a refusal."))


def _number(value: Any) -> int:
    """Coerce an item's number; 0 is no item.

    :raises ValueError: it is no number.
    """
    return int(value or 0)


class DisputeForm(PageForm):
    """申辩: which items, what is disputed, and what shows it."""

    kind = RadioField(
        _l("What is disputed"),
        choices=options((str(kind), _l(name)) for kind, name in KIND_NAMES.items()),
        validators=[Optional()],
        validate_choice=False,
    )
    items = SelectMultipleField(
        _l("Items"), coerce=_number, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    basis = prose(_l("Basis"), TEXT, hint=_l("What shows it: document, date, responsibilities, screenshots."))
    whose = line(_l("Whose problem it is instead"), NAME, required=False, hint=_l("Where you know it."))
    evidence = FileField(_l("Evidence"), description=_l("PDF, pictures, Word or Excel; one file."))

    @classmethod
    def over(cls, items: list[Item], values: Any = None, named: Any = None) -> "DisputeForm":
        """Return the form with the items that can be disputed, each in its words."""
        form = cls(values)
        form.items.choices = [(item.sequence, f"{item.sequence}. {named(item) if named else ''}") for item in items]
        return form

    def claim(self) -> Claim:
        """Return what was typed."""
        known = self.kind.data in {str(kind) for kind in DisputeKind}
        return Claim(
            kind=DisputeKind(self.kind.data) if known else None,
            numbers=self.items.data or [],
            basis=self.basis.data or "",
            whose=self.whose.data or "",
        )


class DisputeOpinionForm(PageForm):
    """The clerk's opinion on disputes."""

    favour = RadioField(
        _l("Opinion"),
        choices=options([("yes", _l("For it")), ("no", _l("Against it"))]),
        validators=[Optional()],
        validate_choice=False,
    )
    other_unit = SelectField(_l("Hand on to"), coerce=_number, default=0)
    opinion = prose(_l("Opinion in words, for the director"), TEXT, required=False)

    @classmethod
    def over(cls, units: list[Unit], values: Any = None) -> "DisputeOpinionForm":
        """Return the form with the units to which a problem could be handed on."""
        form = cls(values)
        form.other_unit.choices = options([("0", _l("to none")), *((str(unit.id), unit.name) for unit in units)])
        return form

    def complete(self) -> bool:
        """Tell whether everything is there and readable."""
        valid = self.validate()
        if self.favour.data not in ("yes", "no"):
            self.favour.errors = [gettext("Choose whether you are for it or against it.")]
            return False
        return bool(valid)


class HandDownForm(PageForm):
    """转办: to whom, which items, until when."""

    unit = SelectField(_l("Unit below"), coerce=_number)
    items = SelectMultipleField(
        _l("Items"), coerce=_number, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    due_on = PlainDate(_l("To be handed in to us by"), validators=[Optional(), plausible_day])
    note = prose(_l("What to mind"), TEXT, required=False)

    @classmethod
    def over(cls, units: list[Unit], items: list[Item], named: Any, values: Any = None) -> "HandDownForm":
        """Return the form with the units below and the items that can be handed down."""
        form = cls(values)
        form.unit.choices = options((str(unit.id), unit.name) for unit in units)
        form.items.choices = [(item.sequence, f"{item.sequence}. {named(item)}") for item in items]
        return form

    def order(self) -> Order:
        """Return what was typed."""
        return Order(self.unit.data, self.items.data or [], self.due_on.data, self.note.data or "")


class LineForm(PageForm):
    """What the unit below writes of one item."""

    version = seen_version()
    outcome = RadioField(
        _l("Result"),
        choices=options((str(each), _l(name)) for each, name in OUTCOME_NAMES.items()),
        validators=[Optional()],
        validate_choice=False,
    )
    measure = prose(_l("Measures taken"), MEASURE, required=False)
    finished_on = PlainDate(_l("Date of completion"), validators=[Optional(), plausible_day])
    responsible = line(_l("Person responsible"), NAME, required=False)
    evidence = MultipleFileField(_l("Evidence"))

    @classmethod
    def of(cls, row: TransferLine) -> "LineForm":
        """Return the form as it was stored last."""
        return cls(
            version=row.version,
            outcome=str(row.outcome) if row.outcome else None,
            measure=row.measure,
            finished_on=row.finished_on,
            responsible=row.responsible,
        )

    def text(self, files: list[tuple[Source, str]], dropped: frozenset[int]) -> Text:
        """Return what was typed, with the files that came along."""
        known = self.outcome.data in {str(each) for each in Outcome}
        return Text(
            outcome=Outcome(self.outcome.data) if known else None,
            measure=self.measure.data or "",
            finished_on=self.finished_on.data,
            responsible=self.responsible.data or "",
            files=files,
            dropped=dropped,
        )


class ChangeForm(PageForm):
    """联络员变更: who hands over, who takes over, from when."""

    former = SelectField(_l("Contact who hands over"), coerce=_number)
    new = SelectField(_l("Who takes over"), coerce=_number)
    new_name = line(_l("Name, if without an account yet"), NAME, required=False)
    new_phone = line(_l("Telephone, if without an account yet"), NAME, required=False)
    from_on = PlainDate(_l("From"), validators=[Optional(), plausible_day])
    reason = line(_l("Reason"), required=False)

    @classmethod
    def over(cls, contacts: list[Person], others: list[Person], values: Any = None) -> "ChangeForm":
        """Return the form with a unit's contacts, and everybody of it who could take over."""
        form = cls(values)
        form.former.choices = options((str(each.id), each.name) for each in contacts)
        without = [("0", _l("somebody without an account yet"))]
        form.new.choices = options([*((str(each.id), f"{each.name} {each.title}") for each in others), *without])
        return form

    def successor(self) -> Successor:
        """Return what was typed of who takes over."""
        return Successor(self.new.data or None, self.new_name.data or "", self.new_phone.data or "")


class CarryOutForm(PageForm):
    """Whom the security administrator makes contact."""

    version = seen_version()
    new = SelectField(_l("New contact"), coerce=_number)
