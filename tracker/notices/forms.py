"""The drafts' forms: shapes and words; the office's rules are in the operations."""

from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    TimeField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional

from tracker.kit.forms import PageForm, line, options, plausible_day, prose
from tracker.notices.models import Batch, NoticeKind
from tracker.notices.operations.drafts import Wording
from tracker.notices.operations.letters import NO_ERROR
from tracker.workdays.rules import COUNTING_NAMES, MOST_DAYS, Counting, Rule

BLANK_ERRATA, MOST_ERRATA = 2, 20
"""Empty rows behind the errors already written, and the most one letter holds."""


class WordingForm(PageForm):
    """Title, opening, requirements and deadline of a batch."""

    title = line(_l("Title"), 60)
    opening = prose(_l("Opening"))
    requirements = prose(_l("Requirements"), hint=_l("One paragraph per line."))
    due_on = DateField(_l("Replies due on"), [Optional(), plausible_day])
    due_time = TimeField(_l("at (only if an hour is printed)"), [Optional()])
    due_counting = RadioField(_l("The deadline is"), default=Counting.DATE.value)
    due_count = IntegerField(_l("Days (when counted)"), [Optional(), NumberRange(0, MOST_DAYS)])
    due_rolls = BooleanField(_l("a last day off moves to the next working day"), [Optional()])
    receipt_days = IntegerField(
        _l("Receipt to be acknowledged within (working days)"), [Optional(), NumberRange(0, 30)]
    )
    contact = line(_l("Whom to call"), 80, required=False)
    note = prose(_l("Note to the director (not printed)"), 1000, required=False)
    lead: ClassVar[Any] = _l(
        "These texts stand on every notice of the batch; each unit's problems follow from its findings."
    )
    without: ClassVar[tuple[str, ...]] = ()
    """Beginnings of the names of fields that this kind does not have."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for name in [each for each in self._fields if each.startswith(self.without)]:
            del self[name]
        if self.due_counting is not None:
            self.due_counting.choices = options((each.value, _l(name)) for each, name in COUNTING_NAMES.items())
            self.due_counting.data = str(self.due_counting.data or Counting.DATE)

    @staticmethod
    def more(_batch: Batch) -> dict[str, Any]:
        """Return what the form opens with besides the batch's own columns."""
        return {}

    def validate_due_count(self, field: Any) -> None:
        """Ask for the number of days where the deadline is counted.

        :raises ValidationError: it is missing.
        """
        if self.due_counting.data != Counting.DATE and not field.data:
            raise ValidationError(gettext("Say how many days: 1 to %(most)s.", most=MOST_DAYS))

    def wording(self) -> Wording:
        """Return what was typed."""
        data: dict[str, Any] = self.data
        if "due_counting" in data:
            data["due_counting"] = Counting(data["due_counting"])
            data["due_count"] = data["due_count"] or 0
        return Wording(**data)

    def rule(self) -> Rule | None:
        """Return the deadline's rule as typed; None while a part of it is missing or cannot be read."""
        typed = (self.due_on, self.due_time, self.due_counting, self.due_count)
        if any(each is None or each.errors for each in typed):
            return None
        counted = self.due_counting.data != Counting.DATE
        if not (self.due_count.data if counted else self.due_on.data):
            return None
        count = self.due_count.data or 0
        if not 0 <= count <= MOST_DAYS or self.due_counting.data not in set(Counting):
            return None
        on, at = self.due_on.data, self.due_time.data
        return Rule(Counting(self.due_counting.data), on, count, at, bool(self.due_rolls.data))


class LetterForm(WordingForm):
    """The texts of letters about overdue assignments: what is overdue they say themselves."""

    opening = prose(
        _l("Opening"), required=False, hint=_l("Left empty, the letter says until which day nothing has come.")
    )
    requirements = prose(_l("Requirements"), required=False, hint=_l("One paragraph per line."))
    without = ("receipt_",)
    lead = _l("These texts stand on every letter of the batch; each letter lists its unit's overdue assignments.")


class ErratumForm(PageForm):
    """One error: where, the wrong words, the right words."""

    where = line(_l("Where"), 60, required=False)
    wrong = line(_l("Wrong words"), 500, required=False)
    right = line(_l("Right words"), 500, required=False)


class CorrectionForm(WordingForm):
    """What is wrong in an issued notice, and what it should say."""

    errata: Any = FieldList(FormField(ErratumForm), _l("Errors"), min_entries=3, max_entries=MOST_ERRATA)
    opening: Any = line(
        _l("Reason of the error"), 200, required=False, hint=_l("A clause within the sentence: 因统计口径有误")
    )
    requirements = prose(
        _l("Closing words"), required=False, hint=_l("Left empty, the letter says that the rest of the notice stands.")
    )
    without = ("due_", "receipt_")
    lead = _l("The issued notice stays as it is; its page and the public verification name this correction.")

    @staticmethod
    def more(batch: Batch) -> dict[str, Any]:
        """Return the errors written so far, and some empty rows."""
        written = [error for notice in batch.notices if notice.correction for error in notice.correction.errors]
        return {"errata": (written + [{}] * BLANK_ERRATA)[:MOST_ERRATA]}

    def validate_errata(self, field: Any) -> None:
        """Refuse a letter that corrects nothing.

        :raises ValidationError: no row has wrong or right words.
        """
        if not any(row["wrong"] or row["right"] for row in field.data):
            raise ValidationError(field.gettext(NO_ERROR))

    def wording(self) -> Wording:
        """Return what was typed, without the rows left empty."""
        data: dict[str, Any] = self.data
        rows = [{key: value or "" for key, value in row.items()} for row in data.pop("errata")]
        return Wording(**data, errata=tuple(row for row in rows if row["wrong"] or row["right"]))


FORMS: dict[NoticeKind, type[WordingForm]] = {
    NoticeKind.RECTIFICATION: WordingForm,
    NoticeKind.URGE: LetterForm,
    NoticeKind.SUPERVISION: LetterForm,
    NoticeKind.CORRECTION: CorrectionForm,
}
"""Each kind's texts."""
