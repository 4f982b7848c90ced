"""How a sheet adds up. Parts, groups and total agree by construction: whatever a cap takes off is a figure of its own.

Source: 国办秘函〔2019〕19号 (deductions of 100, bonuses of 20 only above 80, below 60 or any veto: 不合格); a third
level and a mark for a veto are local variants (阜阳, 肇庆) and stand in the year's scheme.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tracker.assessment.policy.catalogue import Kind, Rule
from tracker.assessment.policy.weights import Scheme, Weight, Weights, groups_of

NOUGHT = Decimal()


class Verdict(StrEnum):
    """合格, 基本合格 (only where the scheme has it), 不合格."""

    PASS = "合格"  # noqa: S105
    MIDDLE = "基本合格"
    FAIL = "不合格"


@dataclass(frozen=True)
class Entry:
    """One line of a sheet: cases, what they cost by weight, what was moved by hand, and what stands in the end."""

    rule: Rule
    weight: Weight
    count: int
    adjusted: Decimal = NOUGHT

    @property
    def computed(self) -> Decimal:
        """Return what the cases cost: cases × points, at most the cap; nothing where the line is not counted."""
        if not self.weight.counted or self.rule.kind is Kind.VETO:
            return NOUGHT
        return self._capped(self.count * self.weight.points)

    @property
    def points(self) -> Decimal:
        """Return what the line deducts or adds: never below nought, never above its cap."""
        if self.rule.kind is Kind.VETO:
            return NOUGHT
        return max(NOUGHT, self._capped(self.computed + self.adjusted))

    @property
    def vetoes(self) -> bool:
        """Tell whether this line alone makes the unit fail."""
        cases = (self.count if self.weight.counted else 0) + self.adjusted
        return self.rule.kind is Kind.VETO and cases > 0 and cases >= (self.weight.least if self.weight.counted else 1)

    def _capped(self, points: Decimal) -> Decimal:
        return points if self.weight.cap is None else min(points, self.weight.cap)


@dataclass(frozen=True)
class Group:
    """The deductions of one group; `relief` is what its cap takes off."""

    name: str
    found: Decimal
    cap: Decimal | None

    @property
    def points(self) -> Decimal:
        """Return what the group costs."""
        return self.found if self.cap is None else min(self.found, self.cap)

    @property
    def relief(self) -> Decimal:
        """Return what the cap takes off."""
        return self.found - self.points


@dataclass(frozen=True)
class Score:
    """A sheet's figures."""

    entries: tuple[Entry, ...]
    groups: tuple[Group, ...]
    scheme: Scheme

    @property
    def lost(self) -> Decimal:
        """Return the points deducted: the groups' sum, at most all there are."""
        return min(sum((group.points for group in self.groups), NOUGHT), self.scheme.deduct_total)

    @property
    def relief(self) -> Decimal:
        """Return what the end of the scale takes off the groups' sum."""
        return sum((group.points for group in self.groups), NOUGHT) - self.lost

    @property
    def base(self) -> Decimal:
        """Return what is left of the deductible points."""
        return self.scheme.deduct_total - self.lost

    @property
    def bonus_found(self) -> Decimal:
        """Return the sum of the bonus lines."""
        return sum((entry.points for entry in self.entries if entry.rule.kind is Kind.BONUS), NOUGHT)

    @property
    def bonus(self) -> Decimal:
        """Return the bonus that counts: above the line only, and at most its total."""
        return min(self.bonus_found, self.scheme.bonus_total) if self.base > self.scheme.bonus_above else NOUGHT

    @property
    def vetoes(self) -> tuple[Entry, ...]:
        """Return the vetoes that apply."""
        return tuple(entry for entry in self.entries if entry.vetoes)

    @property
    def total(self) -> Decimal:
        """Return the mark."""
        reached = self.base + self.bonus
        if self.vetoes and self.scheme.veto_score is not None:
            return min(reached, self.scheme.veto_score)
        return reached

    @property
    def verdict(self) -> Verdict:
        """Return the level."""
        if self.vetoes or self.total < self.scheme.fail_below:
            return Verdict.FAIL
        middle = self.scheme.middle_below
        return Verdict.MIDDLE if middle is not None and self.total < middle else Verdict.PASS


def score(rules: Sequence[Rule], weights: Weights, counts: Mapping[str, int], adjusted: Mapping[str, Decimal]) -> Score:
    """Return the figures of one unit; `counts` by counting, `adjusted` by line. Pure."""
    entries = tuple(
        Entry(rule, weights.lines[rule.key], counts.get(rule.counts, 0), adjusted.get(rule.key, NOUGHT))
        for rule in rules
    )
    groups = tuple(Group(name, _sum(entries, name), weights.groups.get(name)) for name in groups_of(rules))
    return Score(entries, groups, weights.scheme)


def _sum(entries: Sequence[Entry], group: str) -> Decimal:
    own = (entry.points for entry in entries if entry.rule.kind is Kind.DEDUCT and entry.rule.group == group)
    return sum(own, NOUGHT)
