"""Fonts of official papers: which are here, how wide their characters are, and what fontconfig may see.

Only three folders count: the office's own fonts, the fonts built at set-up and the fonts for rare characters. What else
is installed on the machine is invisible: the same content gives the same bytes on every machine with these fonts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTCollection, TTFont

from tracker.documents.folders import folders

STACKS = {
    "fang": ("FangSong_GB2312", "仿宋_GB2312", "GW Fang", "Noto Serif CJK SC"),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "GW Kai", "Noto Serif CJK SC"),
    "hei": ("SimHei", "黑体", "GW Hei", "Noto Sans CJK SC"),
    "title": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "GW XBSong", "Noto Serif CJK SC"),
    "song": ("SimSun", "宋体", "GW Song", "Noto Serif CJK SC"),
}
"""Face → families, first present one wins: the office's own, ours, then the one that knows rare characters."""
_SUFFIXES = frozenset({".ttf", ".otf", ".ttc"})


@dataclass
class Font:
    """One font file (one face of it) with the tables that line breaking needs, read when first asked for."""

    path: Path
    number: int = -1
    _inks: dict[str, tuple[float, float]] = field(default_factory=dict)

    @cached_property
    def file(self) -> TTFont:
        """The opened font."""
        return TTFont(self.path, fontNumber=self.number, lazy=True)

    @cached_property
    def characters(self) -> dict[int, str]:
        """Code point → glyph name."""
        return dict(self.file.getBestCmap())

    @cached_property
    def em(self) -> int:
        """Font units in one em."""
        return int(self.file["head"].unitsPerEm)

    @cached_property
    def vertical(self) -> tuple[float, float]:
        """Ascent and descent in em as the layout engine sees them, both positive."""
        table: Any = self.file["hhea"]
        return table.ascent / self.em, abs(table.descent) / self.em

    def has(self, character: str) -> bool:
        """Return whether the font shows the character."""
        return ord(character) in self.characters

    def advance(self, character: str) -> float:
        """Return the advance of a character in em; the font must have it."""
        return float(self.file["hmtx"][self.characters[ord(character)]][0] / self.em)

    def ink(self, character: str) -> tuple[float, float]:
        """Return lowest and highest ink of a character in em above the baseline."""
        if character not in self._inks:
            glyphs = self.file.getGlyphSet()
            pen = BoundsPen(glyphs)
            glyphs[self.characters[ord(character)]].draw(pen)
            low, high = (pen.bounds[1], pen.bounds[3]) if pen.bounds else (0, 0)
            self._inks[character] = low / self.em, high / self.em
        return self._inks[character]


def installed(places: Iterable[Path]) -> dict[str, Font]:
    """Return family name (any language) → font for every font file below `places`; the first file of a name wins."""
    found: dict[str, Font] = {}
    for folder in places:
        for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES):
            for name, font in _faces(path):
                found.setdefault(name, font)
    return found


def _faces(path: Path) -> Iterable[tuple[str, Font]]:
    if "Bold" in path.stem and path.suffix == ".ttc":
        return
    if path.suffix.lower() == ".ttc":
        members = [(number, font) for number, font in enumerate(TTCollection(path, lazy=True).fonts)]
    else:
        members = [(-1, TTFont(path, lazy=True))]
    for number, font in members:
        names: Any = font["name"]
        for record in names.names:
            if record.nameID in {1, 16}:
                yield record.toUnicode(errors="replace"), Font(path, number)


@dataclass
class Shelf:
    """The fonts at hand, by face; measures and missing characters are asked here."""

    families: dict[str, Font]
    _widths: dict[tuple[str, str], float] = field(default_factory=dict)

    def stack(self, face: str) -> list[str]:
        """Return the present families of a face, best first."""
        return [name for name in STACKS[face] if name in self.families]

    def css(self, face: str) -> str:
        """Return the value of font-family for a face."""
        return ", ".join(f'"{name}"' for name in self.stack(face))

    def font_for(self, face: str, character: str) -> Font | None:
        """Return the first font of the face's stack that has the character."""
        for name in self.stack(face):
            if ord(character) in self.families[name].characters:
                return self.families[name]
        return None

    def measure(self, face: str, character: str) -> float:
        """Return the advance in em of a character in the font that will really show it; 1 when no font has it."""
        key = (face, character)
        if key not in self._widths:
            font = self.font_for(face, character)
            self._widths[key] = font.advance(character) if font else 1.0
        return self._widths[key]

    def first(self, face: str) -> Font:
        """Return the leading font of a face, whose ascent and descent place the baseline."""
        return self.families[self.stack(face)[0]]

    def fallen_back(self, text: Iterable[str]) -> tuple[str, ...]:
        """Return the characters that the leading 仿宋 lacks and another font shows, in code point order."""
        leading = self.first("fang").characters
        return tuple(character for character in sorted(set(text)) if ord(character) not in leading)

    def missing(self, text: Iterable[str]) -> tuple[str, ...]:
        """Return the characters that no font of any stack has: printing them would leave a box."""
        return tuple(character for character in self.fallen_back(text) if not self.font_for("fang", character))


def shelf() -> Shelf:
    """Return the fonts found in `folders()`."""
    return Shelf(installed(folders()))
