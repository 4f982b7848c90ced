"""Titles of two and more lines: even shapes, no word torn (GB/T 9704 7.3.1: 梯形或菱形)."""

from collections.abc import Callable
from itertools import accumulate, pairwise
from math import ceil, inf
from pathlib import Path

from tracker.documents.typeset import break_places

LEXICON = frozenset((Path(__file__).parent / "title_words.txt").read_text(encoding="utf-8").split())
"""Words of the office that a title should not tear; what is absent there may be broken between any two characters."""
_LONGEST = max(map(len, LEXICON))
_TEAR = 40.0
"""Tearing a word is as bad as lines that differ by this, in square em."""


def word_places(text: str) -> list[int]:
    """Return where a title may break: like `break_places`, but 1 also inside words of the lexicon (longest match)."""
    places = break_places(text)
    at = 0
    while at < len(text):
        longest = min(_LONGEST, len(text) - at)
        length = next((n for n in range(longest, 1, -1) if text[at : at + n] in LEXICON), 1)
        for inside in range(at + 1, at + length):
            places[inside] = min(places[inside], 1)
        at += length
    for place in range(1, len(text)):
        if text[place] in "的和与及等月日年" or text[place - 1] == "第":
            places[place] = min(places[place], 1)
    return places


def balanced(text: str, measure: Callable[[str], float], room: float) -> list[str]:
    """Return the lines of a title, none wider than `room`: as few as can be, as even as words allow.

    `measure` gives a character's advance in the unit of `room`. One more line is taken when fewer would tear a word.
    """
    places = word_places(text)
    edges = list(accumulate((measure(character) for character in text), initial=0.0))
    count = max(ceil((edges[-1] - 1e-6) / room), 1)
    em = measure("国")
    shapes = [_shape(edges, places, lines, room, em) for lines in (count, count + 1)]
    cost, cuts = min(shapes, key=lambda shape: shape[0] + (0 if shape is shapes[0] else _TEAR / 2))
    if cost == inf:  # a heap of signs that no line may begin with
        cuts = [*range(0, len(text), max(int(room / em), 1)), len(text)]
    return [text[start:end].strip() for start, end in pairwise(cuts)]


def _shape(edges: list[float], places: list[int], lines: int, room: float, em: float) -> tuple[float, list[int]]:
    """Return the cheapest way to cut into this many lines: (cost, [0, cuts…, end]); cost is inf when there is none."""
    mean = edges[-1] / lines
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [0])}
    for _ in range(lines):
        fresh: dict[int, tuple[float, list[int]]] = {}
        for start, (cost, cuts) in best.items():
            for end in range(start + 1, len(places)):
                width = edges[end] - edges[start]
                if width > room + 1e-6:
                    break
                total = cost + ((width - mean) / em) ** 2 + (0.0, _TEAR, 0.0)[places[end]]
                if places[end] and total < fresh.get(end, (inf,))[0]:
                    fresh[end] = (total, [*cuts, end])
        best = fresh
    return best.get(len(places) - 1, (inf, []))
