"""Finding what should not stand in public: telephone and identity numbers, addresses, names. A proposal.

Numbers are told by their form (mainland numbering: mobiles of eleven digits, area codes of three or four with seven or
eight digits; GB 11643 for identity numbers), names by who is registered here, by what stands before them, and by the
heading of their column.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.editions.models import Kind
from tracker.editions.policy.deleting import Leaf, Mark, Place, leaves, places, plain, public
from tracker.editions.policy.folding import COUNTRY, EDGE, GAP, folded, key

_GAP = GAP.replace("[", f"[{EDGE}", 1)
_NEAR = rf"[{EDGE}\s\-.()/·转分机]{{0,6}}"
"""Between area code and number: a comma rather separates two numbers (005，20211228)."""
_HAN = "㐀-䶿一-鿿𠀀-𲎯"
_EXT = r"(?:\s?(?:转|分机|ext\.?|-)\s?\d{1,5}(?!\d))?"
_SIGNS = r"[\s:：()\-]{0,3}"
PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.IDENTITY,
        re.compile(
            r"(?<![\da-z])[1-9]\d{5}\s?(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s?\d{3}[\dx](?![\da-z])"
        ),
    ),
    (
        Kind.EMAIL,
        re.compile(r"[a-z0-9][a-z0-9._%+\-]*\s?(?:@|\(at\)|\[at\])\s?[a-z0-9\-]+(?:\.[a-z0-9\-]+)*\.[a-z]{2,}"),
    ),
    (
        Kind.PHONE,
        re.compile(rf"(?<!\d){COUNTRY}1{_GAP}[3-9]{_GAP}" + _GAP.join([r"\d"] * 9) + r"(?![\da-z])"),
    ),
    (Kind.PHONE, re.compile(rf"(?<!\d)\(?0\d{{2,3}}\)?{_NEAR}[2-9]\d{{2,3}}[\s\-]?\d{{4}}(?!\d){_EXT}")),
    (Kind.PHONE, re.compile(r"(?<!\d)[48]00-?\d{3,4}-?\d{3,4}(?!\d)")),
    (
        Kind.PHONE,
        re.compile(
            rf"(?:电话|传真|手机|座机|热线|联系方式|tel|fax|拨打){_SIGNS}([2-9]\d{{2,3}}[\s\-]?\d{{4}}(?!\d){_EXT}|1\d{{4}}(?!\d))"
        ),
    ),
    (
        Kind.NAME,
        re.compile(
            rf"(?:联系人|联络员|经办人?|承办人|责任人|负责人|负责同志|签发人?|审核人?|填报人|填表人|报送人|校对|责任编辑|姓名)"
            rf"(?:姓名)?\s?[:：]\s?([{_HAN}](?:[ 　]{{0,2}}[{_HAN}·]){{1,3}})(?![{_HAN}])"
        ),
    ),
)
COLUMNS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"联系人|姓名|负责人|责任人|联络员|经办人"), Kind.NAME),
    (re.compile(r"电话|手机|传真|联系方式"), Kind.PHONE),
    (re.compile(r"邮箱|电子邮件|e-?mail"), Kind.EMAIL),
    (re.compile(r"身份证"), Kind.IDENTITY),
)
"""What a column holds, by its heading."""
HOLDS = {
    Kind.NAME: re.compile(rf"[{_HAN}]\s*[{_HAN}]"),
    Kind.PHONE: re.compile(r"(?:\d\D*){5}"),
    Kind.EMAIL: re.compile("@"),
    Kind.IDENTITY: re.compile(r"\d{5}"),
}
"""What a cell must hold to be what its heading says."""
_LANDLINE = re.compile(r"0(?:[12]\d\d{8}|[3-9]\d\d\d{7,8})")
_NAME = re.compile(rf"[{_HAN}][{_HAN}·]{{1,11}}")
TORN = 2
"""A number is torn over three cells at most; more cells of small figures are a table's row, not a telephone."""
AFTER = set("同志主任科局处副组书记等及和与或的为是在将已于负联电手说表签审，对向从被把")
"""What often follows a name without belonging to it."""


@dataclass(frozen=True)
class Found:
    """A string that is proposed for deletion, and what it is."""

    text: str
    kind: Kind


def find(content: Mapping[str, Any], people: Iterable[str]) -> list[Found]:
    """Return what is proposed for deletion in a document, each string once, in order of reading."""
    texts = leaves(_searched(content))
    joined = EDGE.join(leaf.text for leaf in texts)
    read = folded(joined)
    spans = [(found.span(found.lastindex or 0), kind) for kind, pattern in PATTERNS for found in pattern.finditer(read)]
    said = [
        Found(_one(joined[start:end]), kind)
        for (start, end), kind in sorted(spans, key=lambda each: each[0])
        if joined.count(EDGE, start, end) <= TORN
    ]
    names = [name for name in dict.fromkeys(people) if _NAME.fullmatch(key(name))]
    said_names = dict.fromkeys(place.mark for place in places(texts, [Mark(name) for name in names]))
    known = [Found(names[at], Kind.NAME) for at in said_names]
    found = _each_once([*said, *_in_columns(public(content)), *known, *_contact(content)])
    return [*found, *_without_area_code(texts, found)]


def _without_area_code(texts: list[Leaf], found: list[Found]) -> Iterator[Found]:
    """Yield a number without its area code where the document says it alone: 2821234 beside 0418-2821234."""
    whole = [key(each.text) for each in found if each.kind is Kind.PHONE and _LANDLINE.fullmatch(key(each.text))]
    alone = list(dict.fromkeys(number[3 if number[1] in "12" else 4 :] for number in whole))
    used = {place.mark for place in places(texts, [*(Mark(each.text) for each in found), *map(Mark, alone)])}
    yield from (Found(number, Kind.PHONE) for n, number in enumerate(alone, len(found)) if n in used)


def _searched(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is read for proposals: the contact line too, since what it says may stand elsewhere as well."""
    return public(content) | {"contact": plain(content.get("contact") or "")}


def _contact(content: Mapping[str, Any]) -> Iterator[Found]:
    """Yield the names in a contact line: 政务公开办 王丽."""
    for found in re.finditer(rf"\s([{_HAN}]{{2,4}})(?=[\s,，:：(（]|电|$)", str(content.get("contact") or "")):
        yield Found(found[1], Kind.NAME)


def _one(text: str) -> str:
    return " ".join(text.replace(EDGE, " ").split())


def _each_once(found: Iterable[Found]) -> list[Found]:
    """Keep the first of each string, however it is written the next time."""
    once: dict[str, Found] = {}
    for each in found:
        if key(each.text):
            once.setdefault(key(each.text), each)
    return list(once.values())


def _in_columns(content: Mapping[str, Any]) -> Iterator[Found]:
    for annex in content.get("annexes") or ():
        for n, column in enumerate(annex.get("columns") or ()):
            kind = next((kind for words, kind in COLUMNS if words.search(folded(str(column.get("name", ""))))), None)
            if kind is None:
                continue
            for row in annex["rows"]:
                cell = _one(str(row[n])) if n < len(row) else ""
                if HOLDS[kind].search(folded(cell)):
                    yield Found(cell, kind)


def longer(texts: list[Leaf], mark: str, found: Iterable[Place]) -> list[str]:
    """Return words that only begin with the mark: 张三丰 where 张三 is deleted. A person decides about each."""
    words = []
    for place in found:
        text = texts[place.leaf].text
        after = text[place.end : place.end + 1]
        if re.fullmatch(f"[{_HAN}]", after) and after not in AFTER and re.fullmatch(f"[{_HAN}]{{2,4}}", key(mark)):
            words.append(text[place.start : place.end + 1])
    return list(dict.fromkeys(words))
