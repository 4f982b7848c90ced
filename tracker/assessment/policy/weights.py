"""What a year's lines cost: as shipped, as the office set them, and what one setting changes against another."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from tracker.assessment.policy.catalogue import Kind, Rule, annual_terms


@dataclass(frozen=True)
class Weight:
    """One line: whether it counts, points per case, the most it may cost, from how many cases a veto applies."""

    counted: bool = False
    points: Decimal = Decimal()
    cap: Decimal | None = None
    least: int = 1


@dataclass(frozen=True)
class Scheme:
    """How points become a verdict; `middle_below` makes a third level (合格、基本合格、不合格), `veto_score` a mark."""

    deduct_total: Decimal
    bonus_total: Decimal
    bonus_above: Decimal
    fail_below: Decimal
    middle_below: Decimal | None = None
    veto_score: Decimal | None = None


SCHEME_NAMES = {
    "deduct_total": "扣分指标总分",
    "bonus_total": "加分上限",
    "bonus_above": "得分超过此分方可加分",
    "fail_below": "低于此分为不合格",
    "middle_below": "低于此分为基本合格",
    "veto_score": "单项否决记分",
}
OPTIONAL = ("middle_below", "veto_score")


@dataclass(frozen=True)
class Weights:
    """All of a year: by line, the most a group may cost, and the scheme; `number` is the edition, 0 as shipped."""

    lines: dict[str, Weight]
    groups: dict[str, Decimal | None]
    scheme: Scheme
    number: int = field(default=0, compare=False)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON holds it; numbers as texts."""
        scheme = {key: shown(value) for key, value in asdict(self.scheme).items()}
        lines = {key: _plain(weight) for key, weight in self.lines.items()}
        return {"lines": lines, "groups": {key: shown(cap) for key, cap in self.groups.items()}, "scheme": scheme}


def shown(points: Decimal | None) -> str:
    """Return points without needless noughts: "3", "0.5"; an empty text for none."""
    if points is None:
        return ""
    text = f"{points:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _plain(weight: Weight) -> dict[str, Any]:
    return asdict(weight) | {"points": shown(weight.points), "cap": shown(weight.cap)}


def number_of(text: str) -> Decimal | None:
    """Return a stored number; None for an empty text."""
    return Decimal(text) if text else None


def shipped(rules: Iterable[Rule]) -> Weights:
    """Return the weights that the sources give; lines without a source cost nothing and are not counted."""
    rules = list(rules)
    lines = {rule.key: Weight(rule.counted, rule.points or Decimal(), None, rule.least) for rule in rules}
    terms = annual_terms()
    numbers = {key: Decimal(str(terms[key])) for key in ("deduct_total", "bonus_total", "bonus_above", "fail_below")}
    return Weights(lines, dict.fromkeys(groups_of(rules)), Scheme(**numbers))


def groups_of(rules: Iterable[Rule]) -> list[str]:
    """Return the groups that deduct, in the order of the sheet."""
    return list(dict.fromkeys(rule.group for rule in rules if rule.kind is Kind.DEDUCT))


def parse(plain: dict[str, Any], rules: Iterable[Rule], number: int = 0) -> Weights:
    """Return stored weights; a line that was added since counts as shipped."""
    usual = shipped(rules)
    stored = {
        key: Weight(each["counted"], Decimal(each["points"]), number_of(each["cap"]), each["least"])
        for key, each in plain["lines"].items()
    }
    groups = {key: number_of(cap) for key, cap in plain["groups"].items()}
    needed = {key: number_of(text) for key, text in plain["scheme"].items()}
    return Weights(usual.lines | stored, usual.groups | groups, Scheme(**needed), number)  # type: ignore[arg-type]


def changes(before: Weights, after: Weights, rules: Iterable[Rule]) -> list[dict[str, str]]:
    """Return what differs, as [{what, before, after}] in the order of the sheet."""
    titles = {rule.key: f"{rule.key} {rule.title}" for rule in rules}
    found = [
        (titles.get(key, key), _words(before.lines.get(key, Weight())), _words(weight))
        for key, weight in after.lines.items()
    ]
    found += [(f"{key}（本组封顶）", shown(before.groups.get(key)), shown(cap)) for key, cap in after.groups.items()]
    found += list(_scheme(before.scheme, after.scheme))
    return [{"what": what, "before": old or "—", "after": new or "—"} for what, old, new in found if old != new]


def _scheme(before: Scheme, after: Scheme) -> Iterator[tuple[str, str, str]]:
    for key, words in SCHEME_NAMES.items():
        yield words, shown(getattr(before, key)), shown(getattr(after, key))


def _words(weight: Weight) -> str:
    if not weight.counted:
        return "不计"
    parts = [f"每个（次、条）{shown(weight.points)}分"]
    if weight.cap is not None:
        parts.append(f"封顶{shown(weight.cap)}分")
    if weight.least > 1:
        parts.append(f"{weight.least}个起")
    return "，".join(parts)
