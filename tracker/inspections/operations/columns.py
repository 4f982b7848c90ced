"""From what somebody says of a problem to the columns that are stored: defaults, rule in force, level, fingerprint."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.indicators.models import Indicator, Level
from tracker.indicators.policy import FINDABLE_LEVELS, has_threshold, proposed_level, threshold, warning_mark
from tracker.indicators.queries import rule_in_force
from tracker.inspections.models import Inspection
from tracker.inspections.policy import fingerprint
from tracker.kit.errors import Invalid
from tracker.kit.words import N_
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.registry.models import Subject

OTHER_LEVEL = N_(
    "The measured value %(value)s proposes another level by the rule's threshold (%(threshold)s)."
    " Take that level, or say here why not."
)
NO_PROBLEM = N_(
    "The measured value %(value)s is no problem by the rule (%(threshold)s)."
    " Check it; or choose a level and say why it is one."
)
OTHER_UNIT = N_("This indicator is measured in %(unit)s. Enter the value in that unit.")
NOT_SAMPLED = N_("This site or account is not in the inspection's sample. Choose another one, or change the sample.")
NOT_IN_FORCE = N_("This rule did not count on the day on which the problem was found.")
NO_INDICATOR = N_("Choose an indicator.")
_RULES = "inspections.rules"


@dataclass(frozen=True)
class FindingValues:
    """What the form of a finding says; without a level the proposed one is meant, without a unit the sponsor."""

    inspection_id: int
    indicator_id: int
    description: str
    found_on: date
    unit_id: int | None = None
    subject_id: int | None = None
    level: str | None = None
    place: str = ""
    url: str = ""
    measured: float | None = None
    measured_unit: str = ""
    level_reason: str = ""


def columns_of(work: Work, values: FindingValues) -> dict[str, Any]:
    """Return what is stored: defaults filled in, the rule of that day and the level found, the fingerprint computed.

    :raises Invalid: a row that is named does not exist, they do not fit each other, or the level lacks its reason.
    """
    subject = work.session.get(Subject, values.subject_id) if values.subject_id is not None else None
    unit = work.session.get(Unit, values.unit_id or (subject.sponsor_id if subject else -1))
    inspection = work.session.get(Inspection, values.inspection_id)
    indicator = _rule(work, values)
    problems = _misfits(values, subject, unit, inspection)
    if isinstance(indicator, str):
        problems["indicator_id"] = indicator
    if problems or unit is None or isinstance(indicator, str):
        raise Invalid(problems)
    return vars(values) | {
        "unit_id": unit.id,
        "indicator_id": indicator.id,
        "level": level_of(indicator, values),
        "measured_unit": _unit_of(indicator, values),
        "level_reason": values.level_reason if differs(indicator, values) else "",
        "fingerprint": fingerprint(unit.id, values.subject_id, indicator.rule_id, values.place or values.url),
    }


def proposal(indicator: Indicator, measured: float | None) -> Level | None:
    """Return the level that goes with the indicator: by the measured value where there is one, else the rule's own."""
    if measured is None or not has_threshold(indicator.measure):
        return Level(indicator.level)
    return proposed_level(indicator.measure, measured, indicator.level)


def differs(indicator: Indicator, values: FindingValues) -> bool:
    """Tell whether the level was chosen against what the measured value proposes."""
    measured = values.measured is not None and has_threshold(indicator.measure)
    return measured and values.level is not None and values.level != proposal(indicator, values.measured)


def level_of(indicator: Indicator, values: FindingValues) -> Level:
    """Return the level that is stored: the chosen one, else the proposed one.

    :raises Invalid: the value proposes none, or another one and there is no reason.
    """
    proposed = proposal(indicator, values.measured)
    if differs(indicator, values) and not values.level_reason:
        raise Invalid({"level_reason": OTHER_LEVEL}, **told_value(indicator, values))
    chosen = values.level or proposed
    if chosen is None:
        raise Invalid({"measured": NO_PROBLEM}, **told_value(indicator, values))
    return Level(chosen)


def told_value(indicator: Indicator, values: FindingValues) -> dict[str, str]:
    """Return what a sentence quotes: the value with its unit, and from where on the rule counts ("≥10天 / ≥14天")."""
    unit = (indicator.measure or {}).get("unit") or values.measured_unit
    marks = [mark for mark in (warning_mark(indicator.measure), threshold(indicator.measure)) if mark]
    return {"value": f"{values.measured:g}{unit}", "threshold": " / ".join(marks)}


def _unit_of(indicator: Indicator, values: FindingValues) -> str:
    if values.measured is None:
        return ""
    known = str((indicator.measure or {}).get("unit") or "")
    if known and values.measured_unit and values.measured_unit != known:
        raise Invalid({"measured_unit": OTHER_UNIT}, unit=known)
    return known or values.measured_unit


def _rule(work: Work, values: FindingValues) -> Indicator | str:
    """Return the rule as it counted on the day; asked once for each rule and day of a transaction."""
    known: dict[tuple[int, date], Indicator | str] = work.notes.setdefault(_RULES, {})
    key = (values.indicator_id, values.found_on)
    if key not in known:
        named = work.session.get(Indicator, values.indicator_id)
        if named is None or named.level not in FINDABLE_LEVELS:
            return NO_INDICATOR
        known[key] = rule_in_force(work.session, named, values.found_on) or NOT_IN_FORCE
    return known[key]


def _misfits(
    values: FindingValues, subject: Subject | None, unit: Unit | None, inspection: Inspection | None
) -> dict[str, str]:
    problems = {}
    if values.subject_id is not None and subject is None:
        problems["subject_id"] = N_("There is no such site or account.")
    elif unit is None:
        problems["unit_id"] = N_("Choose the unit that must answer, or a site or account of it.")
    elif subject is not None and not _answers_for(unit, subject):
        problems["subject_id"] = N_("This site or account does not belong to the chosen unit.")
    elif subject is not None and inspection is not None and not sampled(inspection, subject.id):
        problems["subject_id"] = NOT_SAMPLED
    if inspection is None:
        problems["inspection_id"] = N_("Choose the inspection that found it.")
    return problems


def sampled(inspection: Inspection, subject_id: int) -> bool:
    """Tell whether the inspection looked at this site or account."""
    return inspection.sample is None or subject_id in inspection.sample


def _answers_for(unit: Unit, subject: Subject) -> bool:
    return unit.id in (subject.sponsor_id, subject.supervisor_id, subject.sponsor.parent_id)
