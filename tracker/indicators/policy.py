"""What indicators are called, which of them a finding can name, and what level a measured value proposes."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from tracker.indicators.models import Indicator, Level
from tracker.kit.words import N_

LEVEL_NAMES: dict[str, str] = {
    Level.VETO: N_("Veto"),
    Level.DEDUCT: N_("Deduction"),
    Level.WARN: N_("Early warning"),
    "bonus": N_("Bonus"),
}
APPLIES_NAMES: dict[str, str] = {
    "website": N_("All websites"),
    "portal": N_("Portals"),
    "media": N_("Official accounts"),
    "authority": N_("Supervising authorities"),
    "unit": N_("Units"),
}
CERTAINTIES = frozenset({"found", "partial", "recalled", "low"})
FINDABLE_LEVELS = tuple(str(level) for level in Level)
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}
"""What `op` of a measure may be; the national rules count upwards ("≥14 days"), local shares downwards."""
MARK_NAMES = {
    ">=": N_("from %(mark)s on"),
    ">": N_("more than %(mark)s"),
    "<=": N_("%(mark)s or less"),
    "<": N_("less than %(mark)s"),
}
"""How a mark is said in a sentence; the numbers themselves are written "≥14天"."""
SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}


def shown_points(indicator: Indicator) -> float | None:
    """Return the points a page may show: those of weak memory are not shown at all, the others beside their 待核."""
    return None if indicator.certainty == "low" else indicator.points


def has_threshold(measure: Mapping[str, Any] | None) -> bool:
    """Tell whether a measured value can be held against the rule."""
    return bool(measure) and measure is not None and measure.get("value") is not None


def proposed_level(measure: Mapping[str, Any] | None, value: float, level: str = Level.VETO) -> Level | None:
    """Return the level that a measured value proposes: the rule's own, an early warning before it, or None.

    `warn_at` counts itself: with ≥14 days and warn_at 10, 10 to 13 days are an early warning and no failure (thresholds
    国办秘函〔2019〕19号; the marks before them are what peers warn at). A measure without a threshold proposes nothing.
    """
    if measure is None or not has_threshold(measure):
        return None
    sign = measure.get("op") or ">="
    if COMPARISONS[sign](value, measure["value"]):
        return Level(level)
    warn_at = measure.get("warn_at")
    upwards = sign.startswith(">")
    if warn_at is not None and (value >= warn_at if upwards else value <= warn_at):
        return Level.WARN
    return None


def threshold(measure: Mapping[str, Any] | None) -> str:
    """Return the rule's threshold as it is written, "≥14天"; empty when there is none."""
    if measure is None or not has_threshold(measure):
        return ""
    return f"{SIGNS[measure.get('op') or '>=']}{measure['value']:g}{measure.get('unit') or ''}"


def marks(measure: Mapping[str, Any] | None) -> dict[str, tuple[str, str]]:
    """Return {"rule": (">=", "14天"), "warn": (">=", "10天")}: what counts from where on."""
    if measure is None or not has_threshold(measure):
        return {}
    sign, unit = measure.get("op") or ">=", measure.get("unit") or ""
    found = {"rule": (sign, f"{measure['value']:g}{unit}")}
    if measure.get("warn_at") is not None:
        found["warn"] = (sign[0] + "=", f"{measure['warn_at']:g}{unit}")
    return found


def warning_mark(measure: Mapping[str, Any] | None) -> str:
    """Return from where on an early warning is given, "≥10天"; empty when there is no such mark."""
    if measure is None or not has_threshold(measure) or measure.get("warn_at") is None:
        return ""
    sign = "≥" if (measure.get("op") or ">=").startswith(">") else "≤"
    return f"{sign}{measure['warn_at']:g}{measure.get('unit') or ''}"
