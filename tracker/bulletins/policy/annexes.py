"""Which annexes a bulletin has, in their order, what they are called and how the text points to them."""

from dataclasses import dataclass

from tracker.bulletins.policy.facts import Facts

ANNEX_FROM = 5
"""So many subjects under one indicator, or unanswered documents, are listed in an annex instead of in the text."""
OWED, MONTHS, LEDGER, CHARTS = "owed", "months", "ledger", "charts"
OTHERS = {OWED: "未反馈整改情况报告单位名单", MONTHS: "各月情况统计表", LEDGER: "整改台账", CHARTS: "数据图表"}
"""Annexes beside those of problems, by key, with their titles."""


@dataclass(frozen=True)
class Annex:
    """One annex: key, title, and the figure of the text that must be its number of rows ("" where none is said)."""

    key: str
    title: str
    counted: str = ""


def annexes_of(facts: Facts) -> list[Annex]:
    """Return the annexes: the problems' in the text's order, then who has not answered, months, ledger, figures."""
    found = [
        Annex(problem.key, f"{problem.title}{problem.noun}名单", f"{problem.key}.subjects")
        for problem in facts.problems
        if problem.annexed
    ]
    if len(facts.owed) >= ANNEX_FROM:
        found.append(Annex(OWED, OTHERS[OWED], "owed.total"))
    if facts.months:
        found.append(Annex(MONTHS, f"{facts.period.full_words}{OTHERS[MONTHS]}"))
    if facts.ledger and facts.annexed.get(LEDGER):
        found.append(Annex(LEDGER, f"{facts.period.full_words}检查问题{OTHERS[LEDGER]}", "ledger.rows"))
    if facts.charts:
        found.append(Annex(CHARTS, f"{facts.period.full_words}{OTHERS[CHARTS]}"))
    return found


def annex_numbers(facts: Facts) -> dict[str, str]:
    """Return the number of each annex by its key; a single one has none (GB/T 9704 7.3.4)."""
    found = annexes_of(facts)
    return {annex.key: str(n) for n, annex in enumerate(found, 1)} if len(found) > 1 else {}


def see(facts: Facts, key: str, how: str = "names") -> str:
    """Return how the text points to an annex: 具体名单详见附件1, or 详见附件1; its number is a place of its own."""
    number = f"{{{key}.annex}}" if key in annex_numbers(facts) else ""
    return ("具体名单" if how == "names" else "") + f"详见附件{number}"
