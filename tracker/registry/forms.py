"""Forms of the registry."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Form, HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import URL, DataRequired, InputRequired, Optional

from tracker.kit.forms import ADDRESS, PageForm, at_most, chosen_id, line, options, plausible_day, prose, seen_version
from tracker.kit.plain_text import one_line
from tracker.org.models import Unit
from tracker.registry.models import Subject, SubjectKind
from tracker.registry.operations import SubjectValues
from tracker.registry.policy import KIND_NAMES, PLATFORMS, STATE_NAMES

ANY = options([("", _l("All"))])


def web_address(form: Form, field: StringField) -> None:
    """Take http and https addresses only: a link of any other kind would be a trap for the reader.

    :raises ValidationError: it is something else.
    """
    text = field.data or ""
    if text and not text.lower().startswith(("http://", "https://")):
        raise ValidationError(_l("Enter a web address that begins with http:// or https://."))
    if text:
        URL(require_tld=False, message=_l("Enter a whole web address, e.g. http://www.fuxin.gov.cn/."))(form, field)


def address_line(label: Any) -> StringField:
    """Return an optional field for a web address."""
    return StringField(label, [Optional(), at_most(ADDRESS), web_address], filters=[one_line])


def unit_choices(units: list[Unit]) -> list[Any]:
    """Return units as choices, in the order given."""
    return options((unit.id, unit.name) for unit in units)


def said_choices(names: Any) -> list[Any]:
    """Return an enum's names as choices in the page's language."""
    return options((str(value), _l(msgid)) for value, msgid in names.items())


class SubjectFilterForm(PageForm):
    """What the list is narrowed to; read from the address."""

    kind = SelectField(_l("Kind"), choices=ANY + said_choices(KIND_NAMES), default="")
    platform = SelectField(_l("Platform"), choices=ANY + options((name, name) for name in PLATFORMS), default="")
    unit = SelectField(_l("Unit"), coerce=chosen_id)
    state = SelectField(_l("State"), choices=ANY + said_choices(STATE_NAMES), default="")
    q = StringField(_l("Name, code or address"), [at_most(80)], filters=[one_line])
    snapshot = HiddenField(filters=[lambda value: int(value) if re.fullmatch("[0-9]{1,9}", str(value or "")) else None])

    def offer(self, units: list[Unit]) -> "SubjectFilterForm":
        """Fill the choices that come from the database."""
        self.unit.choices = ANY + unit_choices(units)
        return self


class SubjectForm(PageForm):
    """A site or an account; which of code and platform is asked depends on the kind."""

    kind = RadioField(_l("Kind"), choices=said_choices(KIND_NAMES), default=SubjectKind.ACCOUNT)
    name = line(_l("Name"))
    code = line(_l("Site code"), 20, required=False, hint=_l("Websites only: ten digits, or bm and eight digits."))
    platform = SelectField(
        _l("Platform"),
        choices=options([("", _l("— (a website has none)")), *((name, name) for name in PLATFORMS)]),
        default="",
        description=_l("Accounts only."),
    )
    url = address_line(_l("Web address"))
    sponsor_id = SelectField(
        _l("Sponsor"),
        [DataRequired(_l("Choose the unit that answers for the content."))],
        coerce=chosen_id,
        description=_l("The unit that answers for the content."),
    )
    supervisor_id = SelectField(
        _l("Supervising unit"), coerce=chosen_id, description=_l("Only where it is not the sponsor.")
    )
    remark = prose(_l("Remark"), 500, required=False)
    version = seen_version()

    def offer(self, units: list[Unit]) -> "SubjectForm":
        """Fill the choices that come from the database."""
        self.sponsor_id.choices = options([("", _l("Choose a unit"))]) + unit_choices(units)
        self.supervisor_id.choices = options([("", _l("None"))]) + unit_choices(units)
        return self

    def values(self) -> SubjectValues:
        """Return what was typed, as the operation takes it."""
        return SubjectValues(
            kind=self.kind.data,
            name=self.name.data or "",
            sponsor_id=self.sponsor_id.data,
            code=self.code.data or "",
            platform=self.platform.data,
            url=self.url.data or "",
            supervisor_id=self.supervisor_id.data,
            remark=self.remark.data or "",
        )


class ImportForm(PageForm):
    """What a sheet may do to what is registered already."""

    mode = RadioField(
        _l("What is registered already"),
        choices=options(
            [
                ("add", _l("Add only: a row that is registered already counts as a mistake")),
                ("update", _l("Add and update: rows that differ are changed, empty cells change nothing")),
            ]
        ),
        default="add",
    )


class StateForm(PageForm):
    """Another state from a date on."""

    state = SelectField(_l("New state"), choices=said_choices(STATE_NAMES))
    since = DateField(_l("Since"), [InputRequired(_l("Enter the day on which it happened.")), plausible_day])
    into = line(
        _l("Merged into"), required=False, hint=_l("Only where it was merged: site code, or exact name of the other.")
    )
    reason = line(_l("Reason or paper"), ADDRESS)
    version = seen_version()


class RenameForm(PageForm):
    """Another name from a date on."""

    name = line(_l("New name"))
    since = DateField(_l("Since"), [InputRequired(_l("Enter the day on which it happened.")), plausible_day])
    reason = line(_l("Reason or paper"), ADDRESS)
    version = seen_version()


def state_form_of(subject: Subject) -> StateForm:
    """Return an empty form for another state of this subject."""
    return StateForm(data={"state": str(subject.state), "version": subject.version})
