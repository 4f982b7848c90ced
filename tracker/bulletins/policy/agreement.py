"""One thing, one count: totals said twice, changes since the last period, and what the annex must hold."""

import re
from collections.abc import Iterator
from decimal import Decimal

from tracker.bulletins.policy.flags import Flag, Rule
from tracker.bulletins.policy.text import Line, Sentence

_BEFORE = re.compile(r"(?P<noun>政府网站|政务新媒体(?:账号)?)[^\d。;,、和]{0,12}?(?P<value>\d+)[个家]")
_AFTER = re.compile(r"(?P<value>\d+)[个家](?P<noun>政府网站|政务新媒体(?:账号)?)")
_PARTIAL = re.compile(r"不合格|不达标|合格|抽查|关停|注销|未|新增|减少|其中|问题|例如")
_LAST = "(?:上期|上月|上季度|上半年|上年下半年|上年|去年)"
_NOW = r"(?P<now>\d+)(?P<m>[条个家份件次]).{0,20}?(?:较|比)" + _LAST
_MOVED = r"(?P<word>增加|上升|减少|下降)(?:了)?(?P<by>\d+)(?P=m)"
_CHANGE = re.compile(_NOW + r"(?:的)?(?P<then>\d+)(?P=m)" + _MOVED)
_CHANGE_FIRST = re.compile(_NOW + _MOVED + r"\(" + _LAST + r"[为是]?(?P<then>\d+)(?P=m)\)")
"""1份,比上半年增加1份(上半年为0份)."""
_POINTS = re.compile(
    r"(?P<now>\d+(?:\.\d+)?)%[^。;%]{0,12}?(?:较|比)(?:上期|上月|上季度|上半年|上年下半年|上年|去年|去年同期)(?:的)?"
    r"(?P<then>\d+(?:\.\d+)?)%(?P<word>上升|提高|提升|下降|降低|减少)(?:了)?(?P<by>\d+(?:\.\d+)?)个百分点"
)
_RISE = ("增加", "上升", "提高", "提升")
_ANNEX = re.compile(r"^附件\d?[:：]?(?:\d{1,2}\.)?")
_FIGURE = re.compile(r"(?<![\d.])(?P<value>\d+)(?P<what>[^\d\s]{4})")
_ROW = re.compile(r"^(\d{1,4})[\s\t,.、|]+\S")
_ANNOUNCED = re.compile(r"(?P<value>\d+)[个家](?P<noun>[^\d。,;()]{0,20})[(（](?:具体)?名单?[^()（）]{0,6}附件")


def check_same(found: list[Sentence]) -> Iterator[Flag]:
    """Yield a flag when all sites, or all accounts, are given in two different totals."""
    first: dict[str, int] = {}
    for sentence in found:
        for match in (*_BEFORE.finditer(sentence.words), *_AFTER.finditer(sentence.words)):
            lead = sentence.words[max(0, match.start() - 12) : match.start("value")]
            clause = re.split(r"[,、]", lead)[-1]
            if not re.search(r"全[市省县区州]|登记", sentence.words[: match.end()]) or _PARTIAL.search(clause):
                continue
            noun, value = match["noun"].removesuffix("账号"), int(match["value"])
            known = first.setdefault(noun, value)
            if known != value:
                yield Flag(sentence.line, Rule.SAME, f"{noun}{value}", f"{noun}{known}", sentence.words)


def check_changes(found: list[Sentence]) -> Iterator[Flag]:
    """Yield a flag when a change since the last period is not the difference of the two counts beside it."""
    for sentence in found:
        for match in (*_CHANGE.finditer(sentence.words), *_CHANGE_FIRST.finditer(sentence.words)):
            sign = 1 if match["word"] in _RISE else -1
            difference = int(match["now"]) - int(match["then"])
            if difference != sign * int(match["by"]):
                word = "增加" if difference >= 0 else "减少"
                yield Flag(
                    sentence.line,
                    Rule.CHANGE,
                    f"{match['word']}{match['by']}{match['m']}",
                    f"{word}{abs(difference)}{match['m']}",
                    sentence.words,
                )
        yield from _points(sentence)


def _points(sentence: Sentence) -> Iterator[Flag]:
    """85.09%，比上月的82.78%上升2.31个百分点: the difference of the two percentages as they are printed."""
    for match in _POINTS.finditer(sentence.words):
        moved = Decimal(match["now"]) - Decimal(match["then"])
        said = Decimal(match["by"]) * (1 if match["word"] in _RISE else -1)
        if moved != said:
            word = "上升" if moved >= 0 else "下降"
            shown, right = f"{match['word']}{match['by']}个百分点", f"{word}{abs(moved)}个百分点"
            yield Flag(sentence.line, Rule.CHANGE, shown, right, sentence.words)


def check_annex(found: list[Line]) -> Iterator[Flag]:
    """Yield a flag when the text points to an annex that is not named, or an annex's rows are not as many as said."""
    points = next((line for line in found if re.search(r"[详见]{1,2}附件", line.words)), None)
    named = [line for line in found if _ANNEX.match(line.words)]
    if points and not named:
        yield Flag(points.number, Rule.ANNEX, "详见附件", "附件：……", points.words[:60])
    yield from _titles(found, named)
    said = [(line, match) for line in found for match in _ANNOUNCED.finditer(line.words)]
    rows = _rows(found, named)
    if len(said) == 1 and rows and int(said[0][1]["value"]) != rows:
        line, match = said[0]
        yield Flag(line.number, Rule.ANNEX, f"{match['value']}", f"{rows}", line.words[:60])


def _titles(found: list[Line], named: list[Line]) -> Iterator[Flag]:
    """Yield a flag when an annex's title gives another figure than the text it belongs to ("2周内未更新")."""
    text = "\n".join(line.words for line in found if line not in named)
    for line in named:
        for match in _FIGURE.finditer(_ANNEX.sub("", line.words)):
            elsewhere = set(re.findall(rf"(?<![\d.])(\d+){re.escape(match['what'])}", text))
            if elsewhere and match["value"] not in elsewhere:
                expected = "、".join(sorted(elsewhere))
                yield Flag(line.number, Rule.ANNEX, match[0], expected + match["what"], line.words[:60])


def _rows(found: list[Line], named: list[Line]) -> int:
    """Return the numbered rows after the last line that begins an annex; 0 when the annex itself is not in the text."""
    if not named:
        return 0
    start = named[-1].number
    numbers = [int(m[1]) for line in found if line.number > start and (m := _ROW.match(line.words))]
    return max(numbers, default=0) if list(numbers) == list(range(1, len(numbers) + 1)) else len(numbers)
