"""Parts and totals: "1868条信息，其中文字472条，图片1337条，视频59条"; "全部办结" agrees with what was received."""

import re
from collections.abc import Iterator, Sequence

from tracker.bulletins.policy.flags import Flag, Rule
from tracker.bulletins.policy.text import Quantity, Sentence

_AMONG = re.compile(r"其中|包括|分别为|分别是")
_PROGRESS = re.compile(r"已|均|全部|按时|按期|办结|回复|整改|完成|反馈|处理|答复|关闭|注销")
_OPPOSITE = re.compile(r"(未|不)(合格|达标|属实|办结|回复|整改|完成|反馈|通过)")
_ALL_DONE = re.compile(r"(?:已|均已|均|已经)?(?:全部|均已)(?:按[时期])?(?:整改|回复|办结|完成|处理)")


def check_parts(sentence: Sentence) -> Iterator[Flag]:
    """Yield a flag when what follows "其中" cannot be the parts of what stands before it."""
    for match in _AMONG.finditer(sentence.words):
        total, parts = _split(sentence.quantities, match.end(), sentence.words)
        if total is not None and parts:
            yield from _judge(sentence, total, parts)
    yield from _opposites(sentence)


def _split(found: Sequence[Quantity], at: int, words: str) -> tuple[Quantity | None, list[Quantity]]:
    after = [each for each in found if each.start >= at]
    limit = next((m.start() for m in _AMONG.finditer(words, at)), len(words))
    measure = after[0].measure if after else ""
    before = [each for each in found if each.end <= at and each.measure == measure]
    return (before[-1] if before else None), [each for each in after if each.measure == measure and each.start < limit]


def _judge(sentence: Sentence, total: Quantity, parts: list[Quantity]) -> Iterator[Flag]:
    """Yield a flag: several plain parts make up the total, any single one is at most the total."""
    larger = [part for part in parts if part.value > total.value]
    plain = [part for part in parts if not _PROGRESS.search(part.lead + part.tail)]
    if larger:
        yield _flag(sentence, larger[0].shown, f"≤ {total.shown}")
    elif len(plain) > 1 and "等" not in sentence.words[parts[0].start :]:
        made = sum(part.value for part in plain)
        if made != total.value:
            sums = " + ".join(str(part.value) for part in plain)
            yield _flag(sentence, total.shown, f"{sums} = {made}{total.measure}")


def _opposites(sentence: Sentence) -> Iterator[Flag]:
    """合格29家、不合格2家 of 31家 checked: a thing and its opposite make up what stands before both."""
    for index, no in enumerate(sentence.quantities):
        opposite = _OPPOSITE.search(no.lead) or _OPPOSITE.match(no.tail)
        before = [each for each in sentence.quantities[:index] if each.measure == no.measure]
        if opposite is None or len(before) < 2:
            continue
        word = opposite[2]
        yes = next((q for q in reversed(before) if word in q.lead + q.tail and not _OPPOSITE.search(q.lead)), None)
        totals = [each for each in before if yes is not None and each.end <= yes.start]
        if yes is not None and totals and yes.value + no.value != totals[-1].value:
            yield _flag(sentence, totals[-1].shown, f"{yes.value} + {no.value} = {yes.value + no.value}{no.measure}")


def check_done(sentence: Sentence) -> Iterator[Flag]:
    """Yield a flag when everything is said to be done and a smaller count of done ones stands beside."""
    claim = _ALL_DONE.search(sentence.words)
    if claim is None:
        return
    before = [each for each in sentence.quantities if each.end <= claim.start()]
    if not before:
        return
    base = before[-1]
    done = [each for each in sentence.quantities if each.start >= claim.start() and each.measure == base.measure]
    done += [each for each in before[:-1] if re.search(r"(已|按期)?(办结|回复|整改)", each.lead[-4:])]
    for each in done:
        if each.value != base.value:
            yield Flag(sentence.line, Rule.DONE, each.shown, base.shown, sentence.words)


def _flag(sentence: Sentence, said: str, expected: str) -> Flag:
    return Flag(sentence.line, Rule.PARTS, said, expected, sentence.words)
