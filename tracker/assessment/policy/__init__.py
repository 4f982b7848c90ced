"""What is assessed, what it costs, and how the points add up: pure functions."""

from tracker.assessment.policy.catalogue import Kind, Rule, annual_terms, catalogue
from tracker.assessment.policy.scoring import Entry, Group, Score, Verdict, score
from tracker.assessment.policy.weights import Scheme, Weight, Weights, changes, parse, shipped, shown

__all__ = [
    "Entry",
    "Group",
    "Kind",
    "Rule",
    "Scheme",
    "Score",
    "Verdict",
    "Weight",
    "Weights",
    "annual_terms",
    "catalogue",
    "changes",
    "parse",
    "score",
    "shipped",
    "shown",
]
