"""What every form shares: cleaned text, lengths with a plain message, a version, and refusals shown at their fields."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    Form,
    HiddenField,
    IntegerField,
    PasswordField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published types
from wtforms.validators import DataRequired, Optional

from tracker.kit.errors import Invalid, Refused
from tracker.kit.paging import LARGEST
from tracker.kit.plain_text import FORBIDDEN, clean, one_line
from tracker.kit.words import N_

NAME = 120
ADDRESS = 200
PROSE = 2000
FAR = 10**15
"""No number that somebody types lies farther from nought."""

LIBRARY_WORDS = (
    N_("Not a valid choice."),
    N_("Invalid Choice: could not coerce."),
    N_("Not a valid date value."),
    N_("Not a valid integer value."),
    N_("This field is required."),
    N_("Number must be between %(min)s and %(max)s."),
    N_("Field cannot be longer than %(max)d character."),
    N_("Field cannot be longer than %(max)d characters."),
    N_("'%(value)s' is not a valid choice for this field."),
    N_("'%(value)s' are not valid choices for this field."),
    N_("Invalid choice(s): one or more data inputs could not be coerced."),
)
"""Sentences that the form library says by itself; listed here so that they are translated with ours."""

T = TypeVar("T")


class Words:
    """Hands the form library's sentences to our catalogue."""

    def gettext(self, string: str) -> str:
        """Return the sentence in the page's language."""
        return str(gettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the singular or plural sentence; the library's own plural rule is enough for what it says."""
        return str(gettext(singular if n == 1 else plural))


class PageForm(Form):
    """A form of a page; CSRF and the one-time key belong to the route, not to the form."""

    class Meta:
        """How the library speaks."""

        def get_translations(self, _form: Form) -> Words:
            """Return our catalogue."""
            return Words()

    def process(self, *given: Any, **values: Any) -> None:
        """Take in what was sent; no field echoes characters that no page may carry, or holds a number of many digits.

        The library compares numbers as floats and stumbles over one with hundreds of digits.
        """
        super().process(*given, **values)
        for field in self._fields.values():
            _carry(field)

    def put(self, error: Refused) -> None:
        """Show a refusal of the domain: at the fields it names, otherwise above the form."""
        if not isinstance(error, Invalid):
            self.form_errors.append(said(error.msgid, error.params))
            return
        for name, msgid in error.problems.items():
            sentence = said(msgid, error.params)
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, sentence]
            else:
                self.form_errors.append(sentence)


def _carry(field: Field) -> None:
    if field.raw_data:
        field.raw_data = [_carried(each) for each in field.raw_data]
    if isinstance(field.data, str) and not isinstance(field, PasswordField):
        field.data = _carried(field.data)
    elif isinstance(field, IntegerField) and abs(field.data or 0) > FAR:
        field.data, field.process_errors = None, [gettext("Not a valid integer value.")]


def _carried(value: Any) -> Any:
    return FORBIDDEN.sub("", value) if isinstance(value, str) else value


def said(msgid: str, params: dict[str, Any]) -> str:
    """Return the msgid with its parameters in the page's language."""
    return str(gettext(msgid, **params) if params else gettext(msgid))


def at_most(longest: int) -> Callable[[Form, Field], None]:
    """Return a validator of a text's length; no maxlength attribute, since that would silently cut a pasted text."""

    def check(_form: Form, field: Field) -> None:
        over = len(field.data or "") - longest
        if over > 0:
            raise ValidationError(
                gettext("At most %(longest)s characters; this has %(over)s too many.", longest=longest, over=over)
            )

    return check


def line(label: Any, longest: int = NAME, *, required: bool = True, hint: Any = "") -> StringField:
    """Return a field for one cleaned line."""
    first = DataRequired(_l("Please fill this in.")) if required else Optional()
    return StringField(label, [first, at_most(longest)], filters=[one_line], description=hint)


def prose(label: Any, longest: int = PROSE, *, required: bool = True, hint: Any = "") -> TextAreaField:
    """Return a field for cleaned text of several lines."""
    first = DataRequired(_l("Please fill this in.")) if required else Optional()
    return TextAreaField(label, [first, at_most(longest)], filters=[clean], description=hint)


class VersionField(HiddenField):
    """The row's version that the form was opened with; 0 when the browser sent none."""

    data: Any


def seen_version() -> VersionField:
    """Return the hidden field for a row's version."""
    return VersionField(
        filters=[lambda value: int(value) if str(value or "").isascii() and str(value).isdigit() else 0]
    )


def options(pairs: Iterable[tuple[Any, Any]], group: str | None = None) -> list[Any]:
    """Return (value, label) pairs as choices of a select field, in a group of that name when one is given."""
    return [SelectChoice(value, label, optgroup=group) for value, label in pairs]


def chosen_id(value: Any) -> int | None:
    """Coerce a choice's value to an id; nothing chosen is None.

    :raises ValueError: it is no number, or one that no database takes as an id.
    """
    return row_id(value) if value not in (None, "", "None") else None


def row_id(value: str) -> int:
    """Read an id from an address (`request.args.get(name, type=row_id)`): a larger number is the id of no row.

    :raises ValueError: it is no number, or one that no database takes as an id.
    """
    found = int(value)
    if not 0 <= found <= LARGEST:
        raise ValueError(value)
    return found


def plausible_day(_form: Any, field: Field) -> None:
    """Refuse a date that nobody means: a mistyped year would upset everything that counts days.

    :raises ValidationError: the year lies outside 2000–2099.
    """
    if field.data is not None and not 2000 <= field.data.year <= 2099:
        raise ValidationError(gettext("Check the year of this date."))


def filter_value(field: Field, nothing: T) -> Any | T:
    """Return a filter's value from the address, or `nothing` when it was not given or is not one of its choices."""
    return nothing if field.errors or field.data in (None, "") else field.data
