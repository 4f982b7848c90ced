"""What the columns of a sheet are called and how their cells are read.

A parser takes a cell's text (never empty) and returns its value; it refuses with `Refused(msgid, …)`, a sentence about
this cell. Headings, notes and examples are Chinese as they stand: they are the sheet that the office hands out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from unicodedata import normalize

from tracker.kit.errors import Refused
from tracker.kit.plain_text import clean
from tracker.kit.words import N_

DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
WHOLE = re.compile(r"[+-]?\d{1,12}")
DECIMAL = re.compile(r"[+-]?\d{1,12}(\.\d{1,12})?")
BRACKETS = re.compile(r"[(【\[].*?[)】\]]|[\s*:]")
HEADING = 500
"""Characters of a heading with its remark, or of a word from a list, at most."""


def plain(text: str) -> str:
    """Return a cell's text cleaned; line ends stay."""
    return clean(text)


@dataclass(frozen=True)
class SheetColumn:
    """One column: the key its values get, its heading, and how a cell is read.

    `aliases` are other headings that mean it; blanks, stars, colons and what stands in brackets never matter.
    `choices` are offered as a list by the template.
    """

    key: str
    label: str
    required: bool = False
    parse: Callable[[str], Any] = plain
    aliases: Sequence[str] = ()
    example: str = ""
    note: str = ""
    choices: Sequence[str] = ()
    width: int = 18

    @property
    def headings(self) -> frozenset[str]:
        """Return every heading that means this column, in the form in which headings are compared."""
        return frozenset(heading(text) for text in (self.label, *self.aliases))


def heading(text: str) -> str:
    """Return a heading as it is compared: full-width folded, no blanks, stars, colons or remarks in brackets.

    A text too long for a heading is none: looking for brackets in a cell of nothing but brackets takes seconds.
    """
    return BRACKETS.sub("", normalize("NFKC", text)).casefold() if len(text) <= HEADING else text


def text(longest: int) -> Callable[[str], str]:
    """Return a parser of one line of at most so many characters."""

    def parse(said: str) -> str:
        line = " ".join(clean(said).split())
        if len(line) > longest:
            raise Refused(N_("At most %(n)s characters; this has %(have)s."), n=longest, have=len(line))
        return line

    return parse


def day(said: str) -> date:
    """Return a date typed as 2026-01-05, 2026/1/5, 2026.1.5, 2026年1月5日 or 20260105, or kept as one by the sheet.

    :raises Refused: it is none, or its year lies outside 2000–2099.
    """
    found = DAY.fullmatch(normalize("NFKC", said).strip())
    try:
        value = date(*(int(part) for part in found.groups() if part)) if found else None
    except ValueError:
        value = None
    if value is None:
        raise Refused(N_("This is no date. Enter it like 2026-01-05."))
    if not 2000 <= value.year <= 2099:
        raise Refused(N_("Check the year of this date."))
    return value


def whole(said: str) -> int:
    """Return a whole number; commas between thousands are tolerated.

    :raises Refused: it is none.
    """
    typed = normalize("NFKC", said).replace(",", "").strip()
    if not WHOLE.fullmatch(typed):
        raise Refused(N_("This is no whole number."))
    return int(typed)


def decimal(said: str) -> float:
    """Return a number, a percentage as its fraction.

    :raises Refused: it is none.
    """
    typed = normalize("NFKC", said).replace(",", "").strip()
    number, percent = (typed[:-1].strip(), 100) if typed.endswith("%") else (typed, 1)
    if not DECIMAL.fullmatch(number):
        raise Refused(N_("This is no number."))
    return float(number) / percent


def one_of(names: Mapping[str, Any], *, most: int = 12) -> Callable[[str], Any]:
    """Return a parser of a fixed set of words: what stands for each word; the refusal names the first `most`."""
    folded = {heading(name): value for name, value in names.items()}
    shown = "、".join(list(names)[:most])

    def parse(said: str) -> Any:
        if heading(said) not in folded:
            raise Refused(N_("Only these are known here: %(names)s."), names=shown)
        return folded[heading(said)]

    return parse
