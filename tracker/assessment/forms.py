"""Forms of the assessment: weights of a year, points by hand, objections and their answers."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, HiddenField, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, NumberRange, Optional

from tracker.assessment.policy import Kind, Rule, Scheme, Weight, Weights, shown
from tracker.assessment.policy.weights import OPTIONAL, SCHEME_NAMES, groups_of, number_of
from tracker.kit.forms import PageForm, line, options, plausible_day, prose
from tracker.kit.words import N_

SIGNLESS, SIGNED = re.compile(r"\d{1,3}(\.\d{1,2})?"), re.compile(r"[+-]?\d{1,3}(\.\d{1,2})?")
NO_NUMBER = N_("Type a number of points, with two decimals at most.")
SCHEME_LABELS = {
    "deduct_total": _l("Points to deduct from"),
    "bonus_total": _l("Bonus, at most"),
    "bonus_above": _l("Bonuses count above"),
    "fail_below": _l("Failing below"),
    "middle_below": _l("Middle level (基本合格) below"),
    "veto_score": _l("A veto sets the mark to"),
}


def _trimmed(value: str | None) -> str:
    return (value or "").strip()


def _number(_form: Any, field: Field) -> None:
    if field.data and not SIGNLESS.fullmatch(field.data):
        raise ValidationError(gettext(NO_NUMBER))


def _points(label: Any, *, required: bool) -> StringField:
    first = InputRequired(_l("Please fill this in.")) if required else Optional()
    return StringField(label, [first, _number], filters=[_trimmed])


class WeightsForm(PageForm):
    """All weights of a year; the fields of its lines are added by `weights_form`."""

    reason = prose(_l("Reason"), 1000, required=False)
    seen = HiddenField()
    edition = HiddenField()


def weights_form(rules: Sequence[Rule], typed: Any = None, opened: Weights | None = None) -> WeightsForm:
    """Return the form for these lines, as typed or as opened with weights."""
    fields: dict[str, Any] = {}
    for n, rule in enumerate(rules):
        fields[f"counted_{n}"] = BooleanField(f"{_l('Count')} {rule.title}")
        fields[f"points_{n}"] = _points(f"{_l('Points each')} {rule.title}", required=False)
        fields[f"cap_{n}"] = _points(f"{_l('At most')} {rule.title}", required=False)
        fields[f"least_{n}"] = IntegerField(f"{_l('From how many')} {rule.title}", [Optional(), NumberRange(1, 999)])
    for n, name in enumerate(groups_of(rules)):
        fields[f"group_{n}"] = _points(name, required=False)
    for key, label in SCHEME_LABELS.items():
        fields[key] = _points(label, required=key not in OPTIONAL)
    kind: type[WeightsForm] = type("YearWeightsForm", (WeightsForm,), fields)
    return kind(typed) if typed is not None else kind(data=_opened(rules, opened) if opened else {})


def _opened(rules: Sequence[Rule], weights: Weights) -> dict[str, Any]:
    found: dict[str, Any] = {key: shown(getattr(weights.scheme, key)) for key in SCHEME_NAMES}
    for n, rule in enumerate(rules):
        weight = weights.lines[rule.key]
        found |= {f"counted_{n}": weight.counted, f"points_{n}": shown(weight.points), f"least_{n}": weight.least}
        found[f"cap_{n}"] = shown(weight.cap)
    caps = {f"group_{n}": shown(weights.groups.get(name)) for n, name in enumerate(groups_of(rules))}
    return found | caps | {"edition": str(weights.number), "seen": ""}


def typed_weights(form: WeightsForm, rules: Sequence[Rule]) -> Weights:
    """Return what a valid form says."""
    lines = {rule.key: _weight(form, n, rule) for n, rule in enumerate(rules)}
    groups = {name: number_of(form[f"group_{n}"].data) for n, name in enumerate(groups_of(rules))}
    scheme: dict[str, Any] = {key: number_of(form[key].data) for key in SCHEME_NAMES}
    return Weights(lines, groups, Scheme(**scheme))


def _weight(form: WeightsForm, n: int, rule: Rule) -> Weight:
    least = form[f"least_{n}"].data or 1 if rule.kind is Kind.VETO else 1
    points = number_of(form[f"points_{n}"].data) or Decimal()
    return Weight(bool(form[f"counted_{n}"].data), points, number_of(form[f"cap_{n}"].data), least)


def seen_edition(form: WeightsForm) -> int:
    """Return the edition that the form was opened with; -1 when the browser sent none."""
    text = form.edition.data or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else -1


class _LineForm(PageForm):
    """A form about one line of the sheet."""

    line = SelectField(_l("Line of the sheet"))

    def offer(self, rules: Sequence[Rule]) -> "_LineForm":
        """Let the lines be chosen from."""
        self.line.choices = options([("", "—"), *((rule.key, f"{rule.key} {rule.title}") for rule in rules)])
        return self


class AdjustForm(_LineForm):
    """Points moved by hand."""

    points = StringField(
        _l("Points"),
        [InputRequired(_l("Please fill this in."))],
        filters=[_trimmed],
        description=_l("Added to what the line deducts or adds, to the cases of a veto; -2 takes two away."),
    )
    reason = prose(_l("Reason"), 1000)
    evidence = line(_l("Evidence"), 400, required=False, hint=_l("A document or a meeting."))

    def moved(self) -> Decimal | None:
        """Return the points typed; None when they are no number (the operation says so)."""
        text = unicodedata.normalize("NFKC", self.points.data or "").replace("\u2212", "-")
        return Decimal(text) if SIGNED.fullmatch(text) and text.isascii() else None


class OfferForm(PageForm):
    """Until when the unit may object."""

    until = DateField(_l("Objections until"), [InputRequired(_l("Please fill this in.")), plausible_day])


class ObjectionForm(_LineForm):
    """What a unit says against one line."""

    text = prose(_l("What is wrong with this line"), 1000)


class AnswerForm(PageForm):
    """The office's answer."""

    upheld = SelectField(
        _l("Upheld or not"),
        [InputRequired(_l("Please choose."))],
        choices=options([("", "—"), ("yes", _l("Upheld")), ("no", _l("Not upheld"))]),
        default="",
    )
    answer = prose(_l("Answer to the unit"), 1000)
