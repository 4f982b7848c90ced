"""A bulletin's text as lines, sentences and counted quantities."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

MEASURES = "条个家份件次人篇项处起户名期批"
_NUMBER = rf"(?<![\d.])(?P<value>\d+(?:,\d{{3}})*(?:\.\d+)?)(?:余|多)?(?P<measure>万?[{MEASURES}])"
_QUANTITY = re.compile(_NUMBER)
_SENTENCE = re.compile(r"[^。；;！？!?\n]+")
_ORDINAL = re.compile(r"(第|〔\d{4}〕|【\d{4}】|\[\d{4}\])$")
_VAGUE = re.compile(r"(超过|不少于|不低于|不足|约|近|逾|至少|至多|达到|累计[^\d]*)$")


class Line(NamedTuple):
    """One line: its number from 1 and its words with ordinary digits, commas, brackets."""

    number: int
    words: str


class Quantity(NamedTuple):
    """A counted thing in a sentence: value, measure word, where it stands, and the words that lead to it."""

    value: int
    measure: str
    start: int
    end: int
    lead: str
    tail: str

    @property
    def shown(self) -> str:
        """Return it as it is said in a flag."""
        return f"{self.value}{self.measure}"


class Sentence(NamedTuple):
    """A sentence with its line's number and the quantities in it."""

    line: int
    words: str
    quantities: tuple[Quantity, ...]


def lines(text: str) -> list[Line]:
    """Return the lines that hold words; numbers count all lines of the text."""
    rows = enumerate(unicodedata.normalize("NFKC", text).splitlines(), start=1)
    return [Line(number, row.strip()) for number, row in rows if row.strip()]


def sentences(found: list[Line]) -> Iterator[Sentence]:
    """Yield the sentences of the lines; a full stop or a semicolon ends one, a comma does not."""
    for line in found:
        for match in _SENTENCE.finditer(line.words):
            yield Sentence(line.number, match[0], tuple(quantities(match[0])))


def quantities(words: str) -> Iterator[Quantity]:
    """Yield the whole numbers that count something; ordinals, vague ones (约30家), 百分点 are none."""
    end = 0
    for match in _QUANTITY.finditer(words):
        lead = words[end : match.start()]
        rest = words[match.end() :]
        if rest.startswith("百分点") or "." in match["value"] or match["measure"].startswith("万"):
            end = match.end()
            continue
        if _ORDINAL.search(lead) or _VAGUE.search(lead):
            end = match.end()
            continue
        tail = re.match(r"[^\d,、:]*", rest)
        value = int(match["value"].replace(",", ""))
        yield Quantity(value, match["measure"], match.start(), match.end(), lead, tail[0] if tail else "")
        end = match.end()
