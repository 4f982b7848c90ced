"""The draft's form: shapes and words; the office's rules are in the operations."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Form, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from tracker.notices.operations.drafts import Wording


def clean(text: str | None) -> str | None:
    """Return the text without the control characters that neither a page nor a paper can show."""
    return "".join(c for c in text if c in "\n\t" or ord(c) >= 32).strip() if text else text


class WordingForm(Form):
    """Title, opening, requirements and deadline of a batch."""

    title = StringField(_l("Title"), [InputRequired(_l("A notice needs a title.")), Length(max=60)], [clean])
    opening = TextAreaField(
        _l("Opening"), [InputRequired(_l("Say why the notice is issued.")), Length(max=2000)], [clean]
    )
    requirements = TextAreaField(
        _l("Requirements"), [InputRequired(_l("Say what the unit has to do.")), Length(max=2000)], [clean]
    )
    due_on = DateField(_l("Replies due on"), [Optional()])
    due_time = TimeField(_l("at (only if an hour is printed)"), [Optional()])
    contact = StringField(_l("Whom to call"), [Optional(), Length(max=80)], [clean])
    note = TextAreaField(_l("Note to the director (not printed)"), [Optional(), Length(max=1000)], [clean])

    def wording(self) -> Wording:
        """Return what was typed."""
        data: dict[str, Any] = self.data
        return Wording(**{key: value if value is not None else _empty(key) for key, value in data.items()})


def _empty(key: str) -> date | str | None:
    return None if key in ("due_on", "due_time") else ""
