"""Scales: round ticks, which labels have room, how wide and how long a text runs."""

import unicodedata
from collections.abc import Sequence
from math import ceil, floor, log10

STEPS = (1, 2, 5, 10)
THINNED = (1, 2, 3, 4, 6, 12)
"""Every so manieth month keeps its label: steps into which a year divides."""
NARROW = 0.56
"""Width of a Latin letter or digit in em, a little more than any of the usual faces takes."""
ELLIPSIS = "…"


def ticks(most: float, count: int = 4) -> list[int]:
    """Return whole round numbers from 0 up to the first that reaches `most`, about `count` steps."""
    step = max(1, _round_up(max(most, 1) / count))
    return list(range(0, (ceil(max(most, 1) / step) + 1) * step, step))


def _round_up(value: float) -> int:
    base = 10.0 ** floor(log10(value))
    return next(ceil(step * base - 1e-9) for step in STEPS if step * base >= value - 1e-9)


def percent_ticks(least: float) -> list[int]:
    """Return the ticks of percentages up to 100: from 0, or from the ten below the least when all are high."""
    start = min(90, int(least // 10) * 10) if least >= 50 else 0
    if least == start and start > 0:
        start -= 10
    step = 25 if start == 0 else (5 if start >= 90 else 10)
    return list(range(start, 101, step))


def width_of(text: str, size: float) -> float:
    """Return about how wide a text runs: a full em for what is wide, a little more than half for the rest."""
    return size * sum(1.0 if unicodedata.east_asian_width(each) in "WFA" else NARROW for each in text)


def thinned(count: int, band: float, widest: float) -> list[int]:
    """Return which of `count` labels a band of this width has room for; the last one always."""
    step = next((each for each in THINNED if each * band >= widest + 4), max(1, ceil((widest + 4) / max(band, 0.1))))
    return [n for n in range(count) if (count - 1 - n) % step == 0]


def wrapped(text: str, room: float, size: float, lines: int = 2) -> list[str]:
    """Return a text in at most so many lines of this width, alike in length; the rest is told by an ellipsis."""
    wide = width_of(text, size)
    if room < wide <= room * (lines - 0.3):
        room = wide / lines + size
    made: list[str] = [""]
    for character in text:
        if made[-1] and width_of(made[-1] + character, size) > room:
            if len(made) == lines:
                made[-1] = _cut(made[-1], room, size)
                return made
            made.append("")
        made[-1] += character
    return made


def _cut(line: str, room: float, size: float) -> str:
    while line and width_of(line + ELLIPSIS, size) > room:
        line = line[:-1]
    return line + ELLIPSIS


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions near the wanted ones, at least `gap` from each other, within low and high where they fit."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    placed = [0.0] * len(wanted)
    before = low - gap
    for n in order:
        placed[n] = before = max(wanted[n], before + gap)
    after = high + gap
    for n in reversed(order):
        placed[n] = after = min(placed[n], after - gap)
    return placed
