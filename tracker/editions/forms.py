"""Forms of public editions."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import DataRequired

from tracker.editions.models import Kind
from tracker.editions.operations import LONGEST, LONGEST_REASON, Tags
from tracker.kit.forms import ADDRESS, PageForm, line, options, plausible_day, prose, seen_version
from tracker.kit.words import N_

KIND_NAMES = {
    Kind.NAME: N_("A person's name"),
    Kind.PHONE: N_("Telephone number"),
    Kind.EMAIL: N_("E-mail"),
    Kind.IDENTITY: N_("Identity number"),
    Kind.CONTACT: N_("Contact line"),
    Kind.OTHER: N_("Something else"),
}


KINDS = options((kind, _l(name)) for kind, name in KIND_NAMES.items() if kind is not Kind.CONTACT)
"""What words marked by hand may be: the contact line goes by itself."""


class MarkForm(PageForm):
    """Words that the public edition leaves out."""

    text = line(_l("Words to delete"), LONGEST, hint=_l("As the document says them; they go wherever they stand."))
    kind = SelectField(_l("What they are"), choices=KINDS, default=str(Kind.NAME))
    reason = prose(_l("Reason for it"), LONGEST_REASON)
    version = seen_version()


class TagsForm(PageForm):
    """The page tags of the HTML file."""

    site_name = line(_l("Portal"), ADDRESS)
    site_domain = line(_l("Domain"), ADDRESS, required=False)
    site_code = line(_l("Website code (标识码)"), 20)
    column_name = line(_l("Column"), ADDRESS)
    column_type = line(_l("Kind of column"), ADDRESS, required=False)
    source = line(_l("Source of the text"), ADDRESS)
    published_on = DateField(_l("Published on"), [DataRequired(_l("Please fill this in.")), plausible_day])
    version = seen_version()

    def values(self) -> Tags:
        """Return what was typed."""
        names = ("site_name", "site_domain", "site_code", "column_name", "column_type", "source")
        typed: dict[str, Any] = {name: self[name].data or "" for name in names}
        return Tags(**typed, published_on=self.published_on.data or date.min)
