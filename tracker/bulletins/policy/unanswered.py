"""The sentences on units that have not answered, and on those whose naming was accepted: facts, no judgement."""

from collections.abc import Iterator

from tracker.bulletins.policy.annexes import ANNEX_FROM, OWED, see
from tracker.bulletins.policy.facts import Facts


def unanswered(facts: Facts) -> str:
    """Return who has not answered what; of many the number, and the annex that names them; "" when nobody is owed."""
    if not facts.owed:
        return ""
    if len(facts.owed) >= ANNEX_FROM:
        return f"尚有{{owed.units}}个单位未反馈整改情况报告，共{{owed.total}}份（{see(facts, OWED)}）。"
    names = "，".join(f"{{{each.key}.unit}}未反馈{{{each.key}.what}}" for each in facts.owed)
    return f"{names}中指出问题的整改情况报告。"


def named(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield key and sentence of each accepted naming: unit, quarter, how often late, on which documents."""
    for each in facts.namings:
        key = each.key
        yield (
            key,
            f"未按期反馈整改情况。{{{key}.unit}}在{{{key}.quarter}}有{{{key}.times}}次未按期反馈整改情况报告（{{{key}.what}}）。",
        )
