"""What a monitor's row says of itself when it brings no text: a sentence fit for a paper."""

from tracker.indicators.models import Indicator, Level
from tracker.indicators.policy import marks
from tracker.inspections.operations.columns import proposal

LEVELS = {Level.VETO: "单项否决", Level.DEDUCT: "扣分", Level.WARN: "预警"}
BEGINS = {">=": "{}起", ">": "超过{}", "<=": "{}及以下", "<": "不足{}"}


def described(indicator: Indicator, value: float | None, unit: str) -> str:
    """Return the rule's title with the value and the level it reaches; no threshold stands there without its level."""
    if value is None:
        return f"{indicator.title}。"
    return f"{indicator.title}：测得{value:g}{unit}{_reached(indicator, value)}。"


def _reached(indicator: Indicator, value: float) -> str:
    begins = {key: BEGINS[sign].format(mark) for key, (sign, mark) in marks(indicator.measure).items()}
    if not begins:
        return ""
    level = proposal(indicator, value)
    rule = f"{LEVELS[Level(indicator.level)]}（{begins['rule']}）"
    if level == indicator.level:
        return f"，达到{rule}"
    return f"，达到预警（{begins['warn']}），未达到{rule}" if level else f"，未达到{rule}"
