"""What the linter says: one flag per contradiction, with its line, its rule and the two values."""

import hashlib
from enum import StrEnum
from typing import NamedTuple

from tracker.kit.words import N_


class Rule(StrEnum):
    """The rules, by the names that the command prints."""

    PARTS = "parts"
    PERCENT = "percent"
    SAME = "same"
    DONE = "done"
    NUMBERING = "numbering"
    DATES = "dates"
    NUMBER_FORM = "number-form"
    ANNEX = "annex"
    CHANGE = "change"
    LEDGER = "ledger"
    UNBOUND = "unbound"
    VARIANT = "variant"
    NAMES = "names"


RULE_NAMES: dict[Rule, str] = {
    Rule.PARTS: N_("The parts do not make up the total"),
    Rule.PERCENT: N_("The percentage does not follow from the counts"),
    Rule.SAME: N_("One thing is counted in two ways"),
    Rule.DONE: N_("“All done” does not agree with the counts"),
    Rule.NUMBERING: N_("Section numbers repeat or jump"),
    Rule.DATES: N_("A date cannot be right"),
    Rule.NUMBER_FORM: N_("A document number is not written as GB/T 9704 asks"),
    Rule.ANNEX: N_("The annex does not hold what the text announces"),
    Rule.CHANGE: N_("The change since the last period does not follow from the counts"),
    Rule.LEDGER: N_("The text says something else than the ledger"),
    Rule.UNBOUND: N_("A figure was typed that no row of the ledger stands behind"),
    Rule.VARIANT: N_("The sentence no longer fits the figures"),
    Rule.NAMES: N_("The unit bore another name on that day"),
}


class Flag(NamedTuple):
    """A contradiction: line (from 1), rule, what the text says, what it should say by its own other figures."""

    line: int
    rule: Rule
    said: str
    expected: str
    where: str
    """The words around it, for the eye."""


def flag_key(flag: Flag, line_key: str) -> str:
    """Return what names a flag over all looks at a draft: its paragraph, its rule and both values, not the line."""
    told = "\n".join((line_key, flag.rule, flag.said, flag.expected))
    return hashlib.sha256(told.encode()).hexdigest()[:16]
