"""What people type about accounts, units, roles and delegations: its shape and its words."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, EqualTo, NumberRange, Optional

from tracker.kit.forms import PageForm, at_most, plausible_day, seen_version
from tracker.kit.plain_text import one_line, sought
from tracker.org.models import Role, UnitKind
from tracker.org.policy import MAX_DELEGATION_DAYS, ROLE_NAMES, UNIT_KIND_NAMES

NEEDED = DataRequired(_l("Please fill this in."))
PASSWORD = 200
"""Longest password that is hashed: a bound on the work one try can cause."""


def folded(text: str | None) -> str:
    """Return a login as it is stored: trimmed, in small letters (telephones like to begin with a capital)."""
    return one_line(text).lower()


class SignInForm(PageForm):
    """Name and password; `next` is the page to come back to."""

    login = StringField(_l("Account"), [NEEDED, at_most(60)], filters=[folded], render_kw={"autocomplete": "username"})
    password = PasswordField(
        _l("Password"), [NEEDED, at_most(PASSWORD)], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class PasswordForm(PageForm):
    """The own password: the current one, and the new one twice."""

    current = PasswordField(
        _l("Current password"), [NEEDED, at_most(PASSWORD)], render_kw={"autocomplete": "current-password"}
    )
    new = PasswordField(
        _l("New password"),
        [NEEDED, at_most(PASSWORD)],
        description=_l(
            "At least 12 characters of three kinds: small letters, capitals, digits, signs; without the account's name."
        ),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("New password again"),
        [NEEDED, EqualTo("new", _l("The two new passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class PeopleFilter(PageForm):
    """What narrows the list of accounts."""

    q = StringField(_l("Name or account"), filters=[sought])
    unit = SelectField(_l("Unit"), coerce=str)


class RolesFilter(PageForm):
    """What narrows the list of people and roles."""

    q = StringField(_l("Name or account"), filters=[sought])
    role = SelectField(_l("Role"), coerce=str)


class PersonForm(PageForm):
    """An account: who it is and how to reach them; roles are granted elsewhere, by somebody else."""

    version = seen_version()
    login = StringField(
        _l("Account"),
        [NEEDED, at_most(60)],
        filters=[folded],
        description=_l("Small letters, digits, dots and dashes; it stays the same for as long as the account exists."),
        render_kw={"autocomplete": "off"},
    )
    name = StringField(_l("Person's name"), [NEEDED, at_most(40)], filters=[one_line])
    unit_id = SelectField(_l("Unit"), coerce=int)
    title = StringField(_l("Position"), [at_most(60)], filters=[one_line])
    email = StringField(_l("E-mail"), [at_most(120)], filters=[one_line], render_kw={"type": "email"})
    phone = StringField(_l("Telephone"), [at_most(40)], filters=[one_line], render_kw={"type": "tel"})


class UnitForm(PageForm):
    """A unit: how it is called in lists and on papers, and where it stands."""

    version = seen_version()
    name = StringField(_l("Short name"), [NEEDED, at_most(60)], filters=[one_line])
    full_name = StringField(
        _l("Full name"), [NEEDED, at_most(120)], filters=[one_line], description=_l("As it is printed on papers.")
    )
    code = StringField(_l("Code"), [NEEDED, at_most(40)], filters=[one_line])
    kind = SelectField(_l("Kind"), coerce=UnitKind)
    parent_id = SelectField(_l("Belongs to"), coerce=int)
    rank = IntegerField(
        _l("Place in the order"),
        [NumberRange(0, 999_999, _l("A whole number from 0 to 999999."))],
        default=0,
        description=_l("Notices of a batch are numbered in this order, small numbers first."),
    )
    active = BooleanField(_l("In use"), default=True)
    renamed_on = DateField(
        _l("The name holds since"),
        [Optional(), plausible_day],
        description=_l("When a name is changed here. Empty: the present name is corrected, it was never another."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(str(kind), _(name)) for kind, name in UNIT_KIND_NAMES.items()]


class DelegationForm(PageForm):
    """Who acts in which of one's roles, on which days, and why."""

    role = SelectField(_l("Role"), coerce=Role)
    to_id = SelectField(_l("Deputy"), coerce=int)
    starts_on = DateField(_l("From"), [DataRequired(_l("Choose a day."))])
    ends_on = DateField(
        _l("To (included)"),
        [DataRequired(_l("Choose a day."))],
        description=_l("At most %(n)s days.", n=MAX_DELEGATION_DAYS),
    )
    reason = StringField(
        _l("Reason"),
        [NEEDED, at_most(200)],
        filters=[one_line],
        description=_l("For instance a business trip; it stands in the record."),
    )

    def offer(self, roles: list[Role], deputies: list[tuple[int, str]]) -> None:
        """Fill the two lists of choices."""
        self.role.choices = [(str(role), _(ROLE_NAMES[role])) for role in roles]
        self.to_id.choices = list(deputies)


class CertificatesFilter(PageForm):
    """What narrows the list of certificates."""

    unit = SelectField(_l("Unit"), coerce=str)


class CertificateForm(PageForm):
    """A unit's certificate: whose, and the file."""

    unit_id = SelectField(_l("Unit"), coerce=int)
    file = FileField(_l("Certificate (PEM or CER)"))


class RetireForm(PageForm):
    """Which certificate is retired, and why."""

    certificate = IntegerField(validators=[NumberRange(1, 2**31 - 1)])
    reason = StringField(_l("Reason"), [at_most(200)], filters=[one_line])
