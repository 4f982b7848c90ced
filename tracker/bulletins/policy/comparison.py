"""Comparison with the period before, in the words of bulletins: 上升, 下降, 增加, 减少, 持平."""

from decimal import Decimal


def points(now: str, then: str, last: str) -> str:
    """Return how a percentage moved, from the values as they are printed: 比上月的82.78%上升2.31个百分点.

    Computed from what stands in the text, so that whoever subtracts the two printed figures gets the third.
    """
    moved = Decimal(now.rstrip("%")) - Decimal(then.rstrip("%"))
    if not moved:
        return f"与{last}持平"
    return f"比{last}的{then}{'上升' if moved > 0 else '下降'}{abs(moved)}个百分点"


def counted(now: int, then: int, measure: str, last: str) -> str:
    """Return how a count moved: 比上月的15个减少3个; from nothing 比上月增加1份（上月为0份）."""
    if now == then:
        return f"与{last}持平"
    if not then:
        return f"比{last}增加{now}{measure}（{last}为0{measure}）"
    return f"比{last}的{then}{measure}{'增加' if now > then else '减少'}{abs(now - then)}{measure}"
