"""Pairs of neighbouring characters: how texts without spaces between words are looked up by an ordinary index."""

import unicodedata
from itertools import pairwise


def runs(text: str) -> list[str]:
    """Return the stretches of letters and digits of a text, full-width forms folded and in small letters."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(each if each.isalnum() else " " for each in folded).split()


def pairs(*texts: str) -> set[str]:
    """Return the pairs of neighbouring characters in the texts: 两周未更新 gives 两周, 周未, 未更, 更新."""
    return {a + b for text in texts for run in runs(text) for a, b in pairwise(run)}
