"""The lines of the sheet: the annual indicators as loaded, and what the ledger can count besides."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tracker.indicators.models import Indicator
from tracker.indicators.operations import DATA as INDICATORS
from tracker.indicators.policy import shown_points
from tracker.kit.words import N_

OWN_SOURCE = "本办自定，未见公开条文"


class Kind(StrEnum):
    """What a line does: 否决, 扣分, 加分."""

    VETO = "veto"
    DEDUCT = "deduct"
    BONUS = "bonus"


KIND_NAMES = {Kind.VETO: N_("Veto"), Kind.DEDUCT: N_("Deduction"), Kind.BONUS: N_("Bonus")}


@dataclass(frozen=True)
class Rule:
    """A line as its source tells it: points per case where the source says so; `counts` names its counting."""

    key: str
    kind: Kind
    group: str
    title: str
    rule: str
    source: str
    certainty: str
    counts: str = ""
    points: Decimal | None = None
    counted: bool = True
    least: int = 1
    note: str = ""

    @property
    def unconfirmed(self) -> bool:
        """Tell whether the page must say 待核."""
        return self.certainty != "found"


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((Path(__file__).parents[1] / "data" / "lines.yaml").read_text("utf-8"))
    return data


@cache
def annual_terms() -> dict[str, Any]:
    """Return how the annual assessment adds up, from the shipped indicators (国办秘函〔2019〕19号).

    Keys deduct_total, bonus_total, fail_below, bonus_above, certainty.
    """
    terms: dict[str, Any] = yaml.safe_load((INDICATORS / "gbmh-2019-19.yaml").read_text("utf-8"))["scoring"]["annual"]
    return terms


def catalogue(annual: Iterable[Indicator]) -> tuple[Rule, ...]:
    """Return the lines in the order of the sheet: vetoes, deductions, bonuses; indicators before the office's own."""
    rules = [_annual(each) for each in annual] + [_own(each) for each in _data()["own"]]
    return tuple(sorted(rules, key=lambda rule: list(Kind).index(rule.kind)))


def _annual(indicator: Indicator) -> Rule:
    known = _data()["annual"].get(indicator.code, {})
    points = shown_points(indicator)
    return Rule(
        key=indicator.code,
        kind=Kind(indicator.level),
        group=indicator.group,
        title=indicator.title,
        rule=indicator.condition,
        source=indicator.set.doc_no,
        certainty=indicator.certainty,
        counts=known.get("counts", ""),
        points=Decimal(str(points)) if points is not None else None,
        counted=known.get("counted", True),
        least=known.get("least", 1),
        note="；".join(filter(None, (indicator.note, known.get("note", "")))),
    )


def _own(entry: dict[str, Any]) -> Rule:
    return Rule(**(entry | {"kind": Kind(entry["kind"])}), source=OWN_SOURCE, certainty="own", counted=False)
