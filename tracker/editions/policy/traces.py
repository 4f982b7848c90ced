"""Looking for deleted strings in finished files, by two ways that know nothing of each other.

Texts are read as the deletion reads them; besides, every text is squeezed to its letters and searched plainly. Bytes
are searched for each string in the encodings and escapes in which files hide text.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from urllib.parse import quote, unquote

from tracker.documents.residue import Carried
from tracker.editions.policy.deleting import Leaf, Mark, places
from tracker.editions.policy.folding import SIGNS, folded, in_digits, key, visible

SURE = 6
"""Fewer bytes than these may stand in packed data by chance; the unpacked data is searched for them."""
NUMBER = 7
"""A number of fewer digits is looked for in texts only: coordinates and tables are full of small numbers."""
_BLANKS = re.compile(r"[\s\x00-\x1f\u00ad\u200b-\u200f\ufeff·•・.\-_*/|'\"‘’“”()\[\]【】]+")
_SIGNS = re.compile(rf"[{SIGNS}\x00-\x1f\u00ad\u200b-\u200f\ufeff]+")
_WIDE = {ord("0") + n: 0xFF10 + n for n in range(10)}
_TAG = re.compile(r"<[^>]*>")
FIRST = 20
"""Traces named; one is enough to refuse the files."""


@dataclass(frozen=True)
class Trace:
    """A deleted string that is still there."""

    text: str
    where: str
    n: int


def traces(parts: Iterable[Carried], marks: list[Mark]) -> list[Trace]:
    """Return where deleted strings are still found; strings that were left in are no trace of those inside them."""
    gone = [mark.text for mark in marks if mark.out and key(mark.text)]
    kept = sorted({mark.text for mark in marks if not mark.out}, key=len, reverse=True)
    found: dict[Trace, None] = {}
    once = {(part.text, part.data): part for part in reversed(list(parts))}  # names recur in every object
    for part in reversed(once.values()):
        said = [*_read(part.text, marks), *_squeezed(part.text, gone, kept), *_bytes(part, gone, kept)]
        found |= {Trace(text, part.where, part.n): None for text in said}
    return list(found)[:FIRST]


def markup_parts(source: str, where: str) -> list[Carried]:
    """Return the readings of an HTML file: as it is, without tags, unescaped, with %-escapes undone; and its bytes."""
    bare = html.unescape(_TAG.sub("", source))
    texts = dict.fromkeys((html.unescape(source), bare, unquote(source)))
    return [Carried(where, data=source.encode()), *(Carried(where, text=text) for text in texts)]


def _read(text: str, marks: list[Mark]) -> Iterator[str]:
    if text:
        yield from (marks[place.mark].text for place in places([Leaf((), text)], marks) if marks[place.mark].out)


def _squeeze(text: str) -> str:
    return _SIGNS.sub("", in_digits(folded(visible(text))))


def _bare(text: str) -> str:
    return _BLANKS.sub("", folded(visible(text)))


def _squeezed(text: str, gone: list[str], kept: list[str]) -> Iterator[str]:
    """Yield what stands in the text when blanks are dropped; of numbers and addresses also signs, as they are typed."""
    if not text:
        return
    plain = {squeeze: squeeze(text) for squeeze in (_squeeze, _bare)}
    for each, squeeze in product(kept, plain):
        plain[squeeze] = plain[squeeze].replace(squeeze(each), "\x00")
    for each in gone:
        squeeze = _squeeze if each.isascii() or key(each).isdigit() else _bare
        wanted = squeeze(each)
        if wanted in plain[squeeze] and (not wanted.isdigit() or len(wanted) >= NUMBER):
            yield each


def _bytes(part: Carried, gone: list[str], kept: list[str]) -> Iterator[str]:
    if not part.data:
        return
    for each in gone:
        longer = [other for other in kept if key(each) in key(other)]
        if any(
            form in part.data and _stands(part, form, [forms(other).get(name, b"") for other in longer])
            for name, form in forms(each).items()
        ):
            yield each


def _stands(part: Carried, form: bytes, kept: list[bytes]) -> bool:
    """Tell whether bytes that were found are more than chance and more than a part of what was left in."""
    if part.dense and len(form) < SURE:
        return False
    data = part.data
    for longer in filter(None, kept):
        data = data.replace(longer, b"\x00")
    if form.isdigit():
        return len(form) >= NUMBER and bool(re.search(rb"(?<!\d)" + form + rb"(?!\d)", data))
    return form in data


@lru_cache(maxsize=2_000)
def forms(text: str) -> Mapping[str, bytes]:
    """Return the bytes by which a file may hold a string: as typed, plainly and full width, in each encoding."""
    plain = key(text)
    made: dict[str, bytes] = {}
    for how, said in {"typed": text, "plain": plain, "wide": plain.translate(_WIDE)}.items():
        for encoding in ("utf-8", "utf-16-be", "utf-16-le", "gb18030"):
            made[f"{how} {encoding}"] = said.encode(encoding, "ignore")
        for encoding in ("utf-8", "utf-16-be"):
            made[f"{how} {encoding} HEX"] = said.encode(encoding, "ignore").hex().upper().encode()
            made[f"{how} {encoding} hex"] = said.encode(encoding, "ignore").hex().encode()
        made[f"{how} url"] = quote(said).encode()
        made[f"{how} json"] = json.dumps(said)[1:-1].encode()
        made[f"{how} entities"] = "".join(f"&#{ord(char)};" for char in said).encode()
        made[f"{how} hex entities"] = "".join(f"&#x{ord(char):x};" for char in said).encode()
    return {name: form for name, form in made.items() if form}
