"""Reading a string in all the ways in which it may be written: full width, spaced, hyphenated, other case, in words."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

SIGNS = r"\s\-.()\[\]【】/·•・,、:_*+|'\"‘’“”转分机"
GAP = rf"[{SIGNS}]{{0,6}}"
"""What may stand between the digits of one number."""
BETWEEN = r"[\s·•・.\-_*/|'\"‘’“”]{0,3}"
"""What may stand between the characters of one word: 张　三, 张·三, or a line that turns."""
NUMERALS = dict(
    zip(
        "0123456789", ("〇零○", "一壹幺", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"), strict=True
    )
)
"""How a digit of a number is written in words."""
AT, DOT = r"\s{0,3}(?:@|\(at\)|\[at\]|#|\sat\s)\s{0,3}", r"\s{0,3}[.。]\s{0,3}"
"""How an address is written so that no machine finds it."""
COUNTRY = rf"(?:\(?(?:\+|00)?86\)?{GAP})?"
SHORT = 7
"""A number of fewer digits is looked for inside one text only: neighbouring cells make such numbers by chance."""
LANDLINE = 10
"""Digits of the shortest number with an area code: 010 and seven, or 0418 and seven less the nought."""
EDGE = "\x1e"
"""Between two texts of a document; only a long number is read over it."""
HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012–—\u2015\u2212\ufe63\u30fc~"), "-")
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
"""Categories of characters that no ink shows; a line end and a tab are white space and stay."""
INKLESS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""What shows nothing though no category says so: fillers, variation selectors (Default_Ignorable), blank braille."""
_NUMBER = re.compile(rf"[\d{SIGNS}]+")


def visible(text: str) -> str:
    """Return the text composed (NFC), with plain line ends, without characters that nobody sees."""
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in plain if each in "\n\t" or not _unseen(each))


def _unseen(char: str) -> bool:
    return bool(INKLESS.match(char)) or unicodedata.category(char) in INVISIBLE


def folded(text: str) -> str:
    """Return the text, character for character, in its plainest form: half width, lower case, one kind of hyphen.

    A mark over, under or around the character before it (1̲3̲8̲) counts as a blank.
    """
    return "".join(map(_folded, text))


@lru_cache(maxsize=20_000)
def _folded(char: str) -> str:
    if char == EDGE:
        return char
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return " "
    if (digit := unicodedata.digit(char, None)) is not None:  # of any script, and ⑴ ⒈ ①
        return str(digit)
    plain = unicodedata.normalize("NFKC", char).lower().translate(HYPHENS)
    return plain if len(plain) == 1 else char


def in_digits(text: str) -> str:
    """Return folded text with the numerals of words as digits: 幺三八 as 138."""
    return text.translate({ord(char): digit for digit, chars in NUMERALS.items() for char in chars})


def is_number(text: str) -> bool:
    """Tell whether a string is a number that people write with signs between its digits (a telephone's)."""
    plain = folded(text)
    return bool(_NUMBER.fullmatch(plain)) and sum(map(str.isdigit, plain)) >= 5


@lru_cache(maxsize=5_000)
def key(text: str) -> str:
    """Return what two ways of writing the same string have in common; "" for a string of blanks and signs only."""
    plain = folded(visible(text))
    if is_number(plain):
        digits = "".join(filter(str.isdigit, plain))
        return re.sub(r"^(?:00)?86(?=1[3-9]\d{9}$)", "", digits)
    return "".join(plain.split())


def expression(wanted: str) -> str:
    """Return the regular expression that finds a key in folded text, however it is written there."""
    if wanted.isdigit() and len(wanted) >= 5:
        return _number(wanted)
    if "@" in wanted:
        return "".join(AT if char == "@" else DOT if char == "." else rf"{re.escape(char)}\s{{0,3}}" for char in wanted)
    left = r"(?<!\d)" if wanted[0].isdigit() else ""
    right = r"(?!\d)" if wanted[-1].isdigit() else ""
    return left + BETWEEN.join(map(re.escape, wanted)) + right


def _number(wanted: str) -> str:
    long = len(wanted) >= SHORT
    gap = GAP.replace("[", f"[{EDGE}", 1) if long else GAP
    digits = [f"[{digit}{NUMERALS[digit]}]" if long else digit for digit in wanted]
    first = ""
    if re.fullmatch(r"1[3-9]\d{9}", wanted):
        first = COUNTRY
    elif wanted[0] == "0" and len(wanted) >= LANDLINE:  # +86-418-… and (418)… are 0418-…
        first = rf"{COUNTRY}(?:\((?=\d{{2,4}}\)))?(?:{digits.pop(0)}{gap})?"
    return rf"(?<!\d){first}{gap.join(digits)}(?!\d)"


def search_for(keys: Sequence[str]) -> re.Pattern[str] | None:
    """Return one expression for many keys, the longest first, each as its own group; None without keys."""
    parts = [f"({expression(each)})" for each in keys]
    return re.compile("|".join(parts)) if parts else None
