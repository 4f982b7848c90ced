"""Percentages against their counts: 85.09% of 161 must be some whole number of accounts, rounded or cut off.

Provinces write both ways (553/556 as 99.4%, 558/561 as 99.5%), so either passes; 100% passes only when all pass.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from tracker.bulletins.policy.flags import Flag, Rule
from tracker.bulletins.policy.text import Sentence

NOUNS = (
    ("政府网站", r"(?:政府)?网站"),
    ("政务新媒体", r"政务新媒体(?:账号)?|新媒体账号|账号"),
    ("留言", r"留言"),
)
MEASURED = frozenset("个家条")
"""Measure words of sites, accounts and messages: 88人 counts none of them."""
_RATE = re.compile(
    r"(?P<name>合格率|抽查比例|抽查率|检查比例|达标率|办结率|整改率|反馈率|报送率)[为达到是]{0,2}(?P<value>\d+(?:\.\d+)?)%"
)
_FRACTION = re.compile(r"(?P<part>\d+)/(?P<whole>\d+)[^\d%。;]{0,12}?(?P<value>\d+(?:\.\d+)?)%")
_VAGUE = re.compile(r"以上|以下|以内|左右|不低于|超过")
WHOLE = re.compile(r"共有|登记|检查|抽查|覆盖|共计|受理|收到")
PASSED = re.compile(r"(?<!不)合格|达标|办结|已整改|已反馈|按期报送")
FAILED = re.compile(r"不合格|未达标|不达标|未办结|未整改|未反馈|未报送")


class Count(NamedTuple):
    """A figure of one kind of thing: which thing, in which part (whole, passed, failed), and where it stands."""

    noun: str
    part: str
    value: int
    line: int
    words: str


def agrees(part: int, whole: int, shown: str) -> bool:
    """Tell whether `shown` (without %) is part/whole in percent, rounded or cut off; 100 only for all of them."""
    if whole <= 0:
        return False
    exact, value = Decimal(part) * 100 / Decimal(whole), Decimal(shown)
    if value == 100:
        return part == whole
    step = Decimal(1).scaleb(-len(shown.partition(".")[2]))
    return value in (exact.quantize(step, ROUND_HALF_UP), exact.quantize(step, ROUND_DOWN))


def possible(whole: int, shown: str) -> bool:
    """Tell whether any whole number of `whole` things gives the percentage that is shown."""
    near = int(Decimal(shown) * whole / 100)
    return any(agrees(part, whole, shown) for part in range(max(0, near - 1), min(whole, near + 2) + 1))


def counts(found: Iterable[Sentence]) -> list[Count]:
    """Return the figures of sites, accounts and messages that stand in the text, in its order."""
    return [count for sentence in found for count in _counts(sentence)]


def _counts(sentence: Sentence) -> Iterator[Count]:
    noun = ""
    for quantity in sentence.quantities:
        if quantity.measure not in MEASURED:
            continue
        noun = _noun(quantity.tail, last=False) or _noun(quantity.lead, last=True) or noun
        around = quantity.lead + quantity.tail[:4]
        part = "failed" if FAILED.search(around) else "passed" if PASSED.search(around) else ""
        part = part or ("whole" if WHOLE.search(sentence.words[: quantity.end]) else "")
        if noun and part:
            yield Count(noun, part, quantity.value, sentence.line, sentence.words)


def _noun(words: str, *, last: bool) -> str:
    """Return the noun that stands nearest: the last one before a figure, or the first right after it."""
    at = [(m.start() if last else -m.start(), name) for name, form in NOUNS for m in re.finditer(form, words)]
    at = at if last else [(place, name) for place, name in at if place >= -2]
    return max(at)[1] if at else ""


def check_percents(found: list[Sentence]) -> Iterator[Flag]:
    """Yield a flag for every percentage that the text's own counts contradict."""
    known = counts(found)
    for sentence in found:
        for match in _FRACTION.finditer(sentence.words):
            part, whole = int(match["part"]), int(match["whole"])
            if not agrees(part, whole, match["value"]):
                yield _flag(sentence, match["value"], f"{part}/{whole}")
        for match in _RATE.finditer(sentence.words):
            if not _VAGUE.search(sentence.words[match.end() : match.end() + 2]):
                yield from _check_rate(sentence, match, known)


def _check_rate(sentence: Sentence, match: re.Match[str], known: list[Count]) -> Iterator[Flag]:
    value = match["value"]
    if Decimal(value) > 100:
        yield _flag(sentence, value, "≤ 100%")
        return
    lead = sentence.words[: match.start()]
    nouns = (
        [_noun(lead, last=True)] if match["name"] == "合格率" else [name for name, _ in NOUNS if _noun_in(name, lead)]
    )
    sampled = match["name"] in ("抽查比例", "抽查率", "检查比例")
    if sampled and _pooled(value, list(filter(None, nouns)), known):
        return
    for noun in filter(None, nouns):
        wholes = [count.value for count in known if count.noun == noun and count.part == "whole"]
        if not wholes:
            continue
        if sampled:
            part, whole = wholes[-1] if len(wholes) > 1 else wholes[0], max(wholes)
            if not agrees(min(part, whole), whole, value):
                yield _flag(sentence, value, f"{part}/{whole}（{noun}）")
        else:
            yield from _against(sentence, value, noun, wholes[-1], known)


def _pooled(value: str, nouns: list[str], known: list[Count]) -> bool:
    """Tell whether the share that was inspected is that of sites and accounts together."""
    wholes = [[c.value for c in known if c.noun == noun and c.part == "whole"] for noun in nouns]
    if len(nouns) < 2 or not all(wholes):
        return False
    return agrees(sum(values[-1] for values in wholes), sum(max(values) for values in wholes), value)


def _against(sentence: Sentence, value: str, noun: str, whole: int, known: list[Count]) -> Iterator[Flag]:
    passed = [count.value for count in known if count.noun == noun and count.part == "passed"]
    failed = [count.value for count in known if count.noun == noun and count.part == "failed"]
    if passed or failed:
        part = passed[-1] if passed else whole - failed[-1]
        if not agrees(part, whole, value):
            yield _flag(sentence, value, f"{part}/{whole}（{noun}）")
    elif not possible(whole, value):
        yield _flag(sentence, value, f"?/{whole}（{noun}）")


def _noun_in(name: str, words: str) -> bool:
    return bool(re.search(dict(NOUNS)[name], words))


def _flag(sentence: Sentence, value: str, expected: str) -> Flag:
    return Flag(sentence.line, Rule.PERCENT, f"{value}%", expected, sentence.words)
