"""From blocks to lines: what people changed is laid over what the ledger writes, and the numbering is put on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.bulletins.policy.annexes import annexes_of
from tracker.bulletins.policy.binding import Piece, compose, loaded
from tracker.bulletins.policy.facts import Facts
from tracker.bulletins.policy.wording import Block, Role

RECIPIENT = "各县、区人民政府，市政府各部门"
TENS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Line:
    """A paragraph of the draft: its number as printed, its pieces, and what the ledger would write there (or None)."""

    key: str
    role: Role
    number: str
    pieces: tuple[Piece, ...]
    source: tuple[Piece, ...] | None
    """None for a paragraph that a person added."""
    edited: bool


def numeral(n: int) -> str:
    """Return 1..99 in Chinese: 一, 十二, 二十."""
    tens, ones = divmod(n, 10)
    lead = ("" if tens == 0 else "十") if tens < 2 else TENS[tens - 1] + "十"
    return lead + (TENS[ones - 1] if ones else "")


def lay_out(blocks: Sequence[Block], edits: Mapping[str, Mapping[str, Any]]) -> list[Line]:
    """Return the draft's lines; `edits` by key: {pieces}, {dropped: true}, or {pieces, role, after} for an added one.

    An added line stands after the line it names; when that is gone, at the end.
    """
    kept = [block for block in blocks if not edits.get(block.key, {}).get("dropped")]
    rows = [_edited(block, edits.get(block.key)) for block in kept]
    for key, edit in edits.items():
        if "after" in edit:
            at = next((n + 1 for n, row in enumerate(rows) if row[0] == edit["after"]), len(rows))
            rows.insert(at, (key, Role(edit["role"]), tuple(loaded(edit["pieces"])), None, True))
    return list(_numbered(rows))


_Row = tuple[str, Role, tuple[Piece, ...], tuple[Piece, ...] | None, bool]


def _edited(block: Block, edit: Mapping[str, Any] | None) -> _Row:
    if edit and "pieces" in edit:
        return block.key, block.role, tuple(loaded(edit["pieces"])), block.pieces, True
    return block.key, block.role, block.pieces, block.pieces, False


def _numbered(rows: Iterable[_Row]) -> Iterable[Line]:
    part = section = item = 0
    for key, role, pieces, source, edited in rows:
        number = ""
        if role is Role.PART:
            part, section, item = part + 1, 0, 0
            number = f"{numeral(part)}、"
        elif role is Role.SECTION:
            section, item = section + 1, 0
            number = f"（{numeral(section)}）"
        elif role is Role.ITEM:
            item += 1
            number = f"{item}."
        yield Line(key, role, number, pieces, source, edited)


def text_of(lines: Iterable[Line], shown: Mapping[str, str]) -> str:
    """Return the text, a line a paragraph, with its numbers."""
    return "\n".join(line.number + compose(line.pieces, shown) for line in lines)


def annexes_line(facts: Facts) -> list[str]:
    """Return the lines that name the annexes: none, one without a number, or several with theirs (GB/T 9704 7.3.4)."""
    titles = [annex.title for annex in annexes_of(facts)]
    if len(titles) < 2:
        return [f"附件：{title}" for title in titles]
    return [f"附件：{n}.{title}" for n, title in enumerate(titles, 1)]
