"""The draft's form: shapes and words; the office's rules are in the operations."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, TimeField
from wtforms.validators import Optional

from tracker.kit.forms import PageForm, line, plausible_day, prose
from tracker.notices.operations.drafts import Wording


class WordingForm(PageForm):
    """Title, opening, requirements and deadline of a batch."""

    title = line(_l("Title"), 60)
    opening = prose(_l("Opening"))
    requirements = prose(_l("Requirements"))
    due_on = DateField(_l("Replies due on"), [Optional(), plausible_day])
    due_time = TimeField(_l("at (only if an hour is printed)"), [Optional()])
    contact = line(_l("Whom to call"), 80, required=False)
    note = prose(_l("Note to the director (not printed)"), 1000, required=False)

    def wording(self) -> Wording:
        """Return what was typed."""
        data: dict[str, Any] = self.data
        return Wording(**data)
