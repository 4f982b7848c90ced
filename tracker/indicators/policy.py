"""What indicators are called, and which of them a finding can name."""

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


def shown_points(indicator: Indicator) -> float | None:
    """Return the points a page may show: those of weak memory are not shown at all, the others beside their 待核."""
    return None if indicator.certainty == "low" else indicator.points
