"""Build the type of the official papers from Debian's Fandol: 仿宋, 楷体, 黑体, 小标宋 and the page numbers' digits.

    python tools/build_fonts.py [--force]

Fandol comes inside Debian's texlive-lang-chinese, which is unpacked into a temporary folder and not installed.
Each font is cut down to GB 2312 and turned into TrueType (a subset of a CID-keyed OpenType font shows blanks in some
viewers), and gets a family name of its own (two of the originals share one). Result: `var/fonts/*.ttf`, or the folder
named by RECTIFY_FONTS. Without network: put the .deb into `var/`.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from debian import download
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "texlive-lang-chinese"
FANDOL = Path("usr/share/texlive/texmf-dist/fonts/opentype/public/fandol")
LICENCE = Path("usr/share/doc/texlive-doc/fonts/fandol/COPYING.gz")
RECIPE = "2"  # raise when the result changes: set-up then builds again
PAGE_NUMBER = "0123456789-—– "
# Two readings of the same code points (— and · against ― and ・), ASCII, and signs that papers use beyond GB 2312.
EXTRA = "“”‘’—–…·•¥￥№℃‰×÷±≤≥≠〇㎡□■☐☑✓\u00a0\u3000"
UNHINTED = "TwilightPoints Storage FunctionDefs InstructionDefs StackElements SizeOfInstructions ComponentElements"
TOLERANCE = 1.0  # thousandths of an em between the cubic outline and ours
EXCEPTION = """
The fonts in this folder are modified copies of the Fandol fonts (Fandol Team, 2013): cut down to GB 2312, converted
from CFF to TrueType outlines, renamed. They are, as Fandol is, under the GNU General Public License version 3 (text
below) with the font exception: a document that embeds these fonts, or any part of them, is not by that alone covered
by the licence. As the modifiers we extend that exception to these modified versions.
The unmodified fonts are in Debian's package texlive-lang-chinese; the whole change is tools/build_fonts.py.

"""


@dataclass(frozen=True)
class Cut:
    """One font to build: source file, our family name, and the characters kept."""

    source: str
    family: str
    characters: str

    @property
    def file(self) -> str:
        """Return the result's file name: GW-Fang.ttf for GW Fang."""
        return f"{self.family.replace(' ', '-')}.ttf"


def gb2312() -> str:
    """Return ASCII, the 7445 characters of GB/T 2312-1980 in both readings, and EXTRA; each once."""
    cells = [bytes((row, cell)) for row in range(0xA1, 0xFF) for cell in range(0xA1, 0xFF)]
    simple = "".join(cell.decode("gb2312", "ignore") for cell in cells)
    other_reading = "".join(cell.decode("gbk", "ignore") for cell in cells[: 9 * 94])
    ascii_signs = "".join(map(chr, range(0x20, 0x7F)))
    return "".join(sorted(set(ascii_signs + simple + other_reading + EXTRA)))


def cuts() -> list[Cut]:
    """Return the five fonts, the slowest first so that two cores end together."""
    full = gb2312()
    return [
        Cut("FandolKai-Regular.otf", "GW Kai", full),
        Cut("FandolFang-Regular.otf", "GW Fang", full),
        Cut("FandolHei-Regular.otf", "GW Hei", full),
        Cut("FandolSong-Bold.otf", "GW XBSong", full),
        Cut("FandolSong-Regular.otf", "GW Song", PAGE_NUMBER),
    ]


def build(cut: Cut, source: Path, target: Path) -> None:
    """Write one font; the same source and recipe give the same bytes."""
    font = TTFont(source / cut.source, recalcTimestamp=False)
    options = Options(name_IDs=["*"], name_languages=["*"], notdef_outline=True, hinting=False, glyph_names=False)
    subsetter = Subsetter(options)
    subsetter.populate(text=cut.characters)
    subsetter.subset(font)
    _to_truetype(font)
    _rename(font, cut.family)
    draft = target / f".{cut.file}"
    font.save(draft)
    draft.replace(target / cut.file)


def _to_truetype(font: TTFont) -> None:
    """Replace the cubic outlines (CFF) by quadratic ones (glyf); metrics, vertical ones too, stay as they are."""
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    outlines = newTable("glyf")
    outlines.glyphOrder = order
    outlines.glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, TOLERANCE, reverse_direction=True))
        outlines.glyphs[name] = pen.glyph()
    for table in ("CFF ", "VORG"):
        if table in font:
            del font[table]
    font["loca"], font["glyf"] = newTable("loca"), outlines
    _describe_outlines(font)
    font.sfntVersion = "\x00\x01\x00\x00"


def _describe_outlines(font: TTFont) -> None:
    """Fill the tables that only TrueType has: maxp 1.0 (counts are taken at saving), post 3.0 (no glyph names)."""
    limits = font["maxp"] = newTable("maxp")
    limits.tableVersion = 0x00010000
    limits.numGlyphs = len(font.getGlyphOrder())
    limits.maxZones = 1
    for count in UNHINTED.split():
        setattr(limits, f"max{count}", 0)
    font["post"].formatType = 3.0
    font["hhea"].descent = -abs(font["hhea"].descent)  # FandolSong has it without its sign
    font["glyf"].compile(font)  # finds each outline's bounds
    advances = font["hmtx"].metrics
    for name, (width, _bearing) in list(advances.items()):
        advances[name] = (width, getattr(font["glyf"][name], "xMin", 0))


def _rename(font: TTFont, family: str) -> None:
    """Give the font its own family in regular weight, and say in it what it is made from."""
    names = font["name"]
    origin = names.getDebugName(0) or "Copyright Fandol Team"
    names.names = []
    for number, text in {
        0: origin,
        1: family,
        2: "Regular",
        3: f"{family}; Rectify recipe {RECIPE}",
        4: family,
        5: "Version 1.000",
        6: family.replace(" ", "-"),
        10: f"Modified copy of Fandol for official papers. {' '.join(EXCEPTION.split())}",
        13: "GNU General Public License version 3 with font exception",
    }.items():
        names.setName(text, number, 3, 1, 0x409)
    style = font["OS/2"]
    style.usWeightClass, style.fsSelection = 400, 0x40
    font["head"].macStyle = 0


@contextmanager
def fandol() -> Iterator[tuple[Path, Path] | None]:
    """Give the folder of Fandol's fonts and the licence file: installed, from var/*.deb, or downloaded; else None."""
    if (Path("/") / FANDOL).is_dir():
        yield Path("/") / FANDOL, Path("/") / LICENCE
        return
    with tempfile.TemporaryDirectory(prefix="rectify-fonts-") as folder:
        place = Path(folder)
        archive = next(iter((ROOT / "var").glob(f"{PACKAGE}_*.deb")), None) or download(PACKAGE, place)
        if archive is None:
            yield None
            return
        subprocess.run(["dpkg", "-x", str(archive), str(place / "tree")], check=True)
        yield place / "tree" / FANDOL, place / "tree" / LICENCE


def write_licence(licence: Path, target: Path) -> None:
    """Put the licence and the note about our changes beside the fonts."""
    text = gzip.decompress(licence.read_bytes()).decode("utf-8", "replace") if licence.exists() else ""
    (target / "LICENCE.txt").write_text(EXCEPTION.lstrip() + text, "utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Build the fonts that are not there yet; return 1 with a plain sentence when Fandol cannot be had."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--force", action="store_true", help="build even if this recipe's fonts are there")
    force = parser.parse_args(arguments).force
    target = Path(os.environ.get("RECTIFY_FONTS") or ROOT / "var" / "fonts")
    stamp = target / ".recipe"
    if not force and stamp.exists() and stamp.read_text() == RECIPE:
        return 0
    target.mkdir(parents=True, exist_ok=True)
    with fandol() as found:
        if found is None or not shutil.which("dpkg"):
            print(
                f"The official type could not be built: Debian's package {PACKAGE} could not be downloaded. Papers use "
                f"Noto for now. On a machine with network type: apt-get download {PACKAGE}   then copy the .deb into "
                f"{ROOT / 'var'} and type: make fonts",
                file=sys.stderr,
            )
            return 1
        source, licence = found
        with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
            for done in [pool.submit(build, cut, source, target) for cut in cuts()]:
                done.result()
        write_licence(licence, target)
    stamp.write_text(RECIPE)
    print(f"Fonts of the papers: {', '.join(cut.family for cut in cuts())} in {target}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
