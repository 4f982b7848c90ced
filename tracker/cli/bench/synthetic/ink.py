"""What people put on paper: seals, other red things, strokes of a pen. Laid on as ink, over what is printed."""

import math
from collections.abc import Callable
from functools import lru_cache
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tracker.documents.folders import folders

Layer = NDArray[np.float32]
"""How much ink lies on each pixel, 0–1."""
Colour = tuple[int, int, int]
RED: tuple[Colour, ...] = ((205, 30, 40), (190, 20, 30), (220, 50, 60), (170, 25, 40), (215, 30, 80))
BLUE: Colour = (40, 60, 170)
PENS: tuple[Colour, ...] = ((25, 25, 30), (30, 35, 80), (35, 50, 130), (60, 60, 70))
UNITS = ("示例市公安局", "示例市示例区人民政府", "示例市教育局", "示例县人力资源和社会保障局", "示例市大数据管理局")
FINER = 2
"""Ink is drawn so many times finer than the page, then made smaller."""


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return a Chinese font of this size in pixels."""
    files = [file for folder in folders() for file in sorted(folder.glob("*.[ot]t[fc]"))]
    return ImageFont.truetype(next((file for file in files if "XBSong" in file.name), files[0]), size)


class Sheet:
    """A blank to draw ink on, as large as the page's part of `wide` x `high` millimetres; lengths in millimetres."""

    def __init__(self, wide: float, high: float, per_mm: float) -> None:
        self.unit = per_mm * FINER
        self.size = round(wide * per_mm), round(high * per_mm)
        self.image = Image.new("L", (self.size[0] * FINER, self.size[1] * FINER))
        self.draw = ImageDraw.Draw(self.image)

    def at(self, *millimetres: float) -> list[float]:
        """Return lengths in pixels of the blank."""
        return [each * self.unit for each in millimetres]

    def pixels(self, millimetres: float) -> int:
        """Return a width of a line."""
        return max(1, round(millimetres * self.unit))

    def write(self, x: float, y: float, words: str, high: float) -> None:
        """Write words with their middle at x, y."""
        self.draw.text((x * self.unit, y * self.unit), words, 255, font(round(high * self.unit)), anchor="mm")

    def layer(self, turn: float = 0.0) -> Layer:
        """Return the ink, turned by so many degrees."""
        image = self.image.rotate(turn, Image.Resampling.BICUBIC) if turn else self.image
        return np.asarray(image.resize(self.size, Image.Resampling.BOX), np.float32) / np.float32(255)


def seal(chance: Random, per_mm: float, across: float, *, emblem: bool = False, words: str = "") -> Layer:
    """Return a round official seal: ring, a unit's name along it, a star or the national emblem's busy disc."""
    room = across + 3
    sheet = Sheet(room, room, per_mm)
    middle, radius = room / 2, across / 2
    width = sheet.pixels(chance.uniform(0.9, 1.4))
    sheet.draw.ellipse(sheet.at(1.5, 1.5, room - 1.5, room - 1.5), outline=255, width=width)
    _around(sheet, words or chance.choice(UNITS), middle, radius * 0.78, radius * 0.30)
    if emblem:
        _emblem(sheet, chance, middle, radius * 0.40)
    else:
        _star(sheet, middle, radius * chance.uniform(0.28, 0.36))
    if chance.random() < 0.3:
        _across(sheet, chance, middle, radius)
    return sheet.layer(chance.uniform(-25, 25))


def _around(sheet: Sheet, words: str, middle: float, radius: float, high: float) -> None:
    step = min(34.0, 250 / max(1, len(words) - 1))
    size = max(6, round(high * sheet.unit))
    for place, letter in enumerate(words):
        angle = (place - (len(words) - 1) / 2) * step
        glyph = Image.new("L", (size * 2, size * 2))
        ImageDraw.Draw(glyph).text((size, size), letter, 255, font(size), anchor="mm")
        glyph = glyph.rotate(-angle, Image.Resampling.BICUBIC)
        x = (middle + radius * math.sin(math.radians(angle))) * sheet.unit - size
        y = (middle - radius * math.cos(math.radians(angle))) * sheet.unit - size
        sheet.image.paste(255, (round(x), round(y)), glyph)


def _star(sheet: Sheet, middle: float, radius: float) -> None:
    points = []
    for tip in range(10):
        far = radius if tip % 2 == 0 else radius * 0.382
        points += sheet.at(middle + far * math.sin(math.pi * tip / 5), middle - far * math.cos(math.pi * tip / 5))
    sheet.draw.polygon(points, fill=255)


def _emblem(sheet: Sheet, chance: Random, middle: float, radius: float) -> None:
    sheet.draw.ellipse(sheet.at(*(middle - radius,) * 2, *(middle + radius,) * 2), outline=255, width=sheet.pixels(1.2))
    for _ in range(30):
        x, y = (middle + chance.uniform(-0.7, 0.7) * radius for _ in range(2))
        wide = chance.uniform(0.05, 0.22) * radius
        sheet.draw.ellipse(sheet.at(x - wide, y - wide, x + wide, y + wide), fill=chance.choice((0, 255, 255)))


def _across(sheet: Sheet, chance: Random, middle: float, radius: float) -> None:
    words = chance.choice(("公文专用章", "办公室", "2108000012345"))
    sheet.write(middle, middle + radius * 0.58, words, radius * 0.22)


def worn(layer: Layer, chance: Random, density: float, partly: bool = False) -> Layer:
    """Return ink laid on unevenly: blotches, dry specks, and of a badly pressed stamp one side missing."""
    noise = np.random.default_rng(chance.getrandbits(32))
    high, width = layer.shape
    blotches = noise.uniform(0.55, 1.25, (9, 9)).astype(np.float32)
    spread = np.asarray(Image.fromarray(blotches).resize((width, high), Image.Resampling.BICUBIC))
    specks = np.where(noise.random((high, width)) < 0.06, 0.35, 1).astype(np.float32)
    if partly:
        spread = spread * _pressed(width, high, chance)
    ink: Layer = np.clip(layer * spread * specks * density, 0, 1)
    return ink


def _pressed(width: int, high: int, chance: Random) -> Layer:
    angle, edge = chance.uniform(0, 2 * math.pi), chance.uniform(-0.1, 0.45)
    ys, xs = np.mgrid[:high, :width]
    along = ((xs / width - 0.5) * math.cos(angle) + (ys / high - 0.5) * math.sin(angle)) * 2
    pressed: Layer = np.clip((edge - along) * 6 + 0.5, 0, 1).astype(np.float32)
    return pressed


def lay(page: NDArray[np.float32], layer: Layer, left: int, top: int, colour: Colour) -> None:
    """Lay ink on the page (values 0–255, changed in place), over what is printed, as paper takes it."""
    x, y = max(0, left), max(0, top)
    part = page[y : max(0, top + layer.shape[0]), x : max(0, left + layer.shape[1])]
    ink = layer[y - top : y - top + part.shape[0], x - left : x - left + part.shape[1], None]
    part *= 1 - ink * (1 - np.array(colour, np.float32) / 255)


def rectangle(chance: Random, per_mm: float) -> Layer:
    """Return a long stamp in a frame, as 收文专用 stamps are."""
    wide, high = chance.uniform(36, 60), chance.uniform(12, 38)
    sheet = Sheet(wide, high, per_mm)
    sheet.draw.rectangle(sheet.at(1, 1, wide - 1, high - 1), outline=255, width=sheet.pixels(1))
    sheet.write(wide / 2, high / 2, "收文专用", wide / 6)
    return sheet.layer(chance.uniform(-12, 12))


def oval(chance: Random, per_mm: float) -> Layer:
    """Return an oval stamp of a mail room."""
    wide = chance.uniform(38, 46)
    high = wide * chance.uniform(0.62, 0.72)
    sheet = Sheet(wide + 2, wide + 2, per_mm)
    top = (wide + 2 - high) / 2
    sheet.draw.ellipse(sheet.at(1, top, wide + 1, top + high), outline=255, width=sheet.pixels(1))
    sheet.write(wide / 2 + 1, wide / 2 + 1, "收发室", 5)
    return sheet.layer(chance.uniform(-20, 20))


def chop(chance: Random, per_mm: float) -> Layer:
    """Return a square personal chop, 14–18 mm."""
    side = chance.uniform(14, 18)
    sheet = Sheet(side, side, per_mm)
    sheet.draw.rectangle(sheet.at(0.5, 0.5, side - 0.5, side - 0.5), outline=255, width=sheet.pixels(0.9))
    sheet.write(side / 2, side / 2, "王印", side * 0.4)
    return sheet.layer(chance.uniform(-10, 10))


def small_round(chance: Random, per_mm: float) -> Layer:
    """Return a small round stamp of 18 mm (校对章): no official seal."""
    sheet = Sheet(20, 20, per_mm)
    sheet.draw.ellipse(sheet.at(1, 1, 19, 19), outline=255, width=sheet.pixels(0.8))
    sheet.write(10, 10, "校对", 5)
    return sheet.layer(chance.uniform(-15, 15))


def scrawl(chance: Random, per_mm: float) -> Layer:
    """Return a reader's red pen: a loop around a place, a tick, a line."""
    sheet = Sheet(70, 50, per_mm)
    wide, high = chance.uniform(14, 28), chance.uniform(8, 20)
    points: list[float] = []
    for step in range(40):
        angle = step / 36 * 2 * math.pi
        wobble = 1 + 0.08 * math.sin(angle * 3 + 1) + step * 0.003
        points += sheet.at(35 + wide * wobble * math.cos(angle), 25 + high * wobble * math.sin(angle))
    sheet.draw.line(points, fill=255, width=sheet.pixels(0.6), joint="curve")
    sheet.draw.line(sheet.at(10, 30, 18, 42, 40, 12), fill=255, width=sheet.pixels(0.7), joint="curve")
    return sheet.layer(chance.uniform(-20, 20))


def loop(chance: Random, per_mm: float) -> Layer:
    """Return a nearly round loop drawn by hand, as large as a seal, with a word in it."""
    sheet = Sheet(60, 60, per_mm)
    radius, lean = chance.uniform(17, 24), chance.uniform(0, 6)
    points: list[float] = []
    for step in range(60):
        angle = step / 56 * 2 * math.pi
        wobble = radius * (1 + 0.05 * math.sin(2 * angle + lean) + 0.03 * math.sin(5 * angle + lean) + step * 0.001)
        points += sheet.at(30 + wobble * math.cos(angle), 30 + wobble * math.sin(angle))
    sheet.draw.line(points, fill=255, width=sheet.pixels(chance.uniform(0.5, 1)), joint="curve")
    sheet.write(30, 30, chance.choice(("已阅", "速办", "")), 8)
    return sheet.layer(chance.uniform(-20, 20))


def disc(chance: Random, per_mm: float) -> Layer:
    """Return a filled round logo with a white figure in it."""
    across = chance.uniform(18, 42)
    sheet = Sheet(across + 2, across + 2, per_mm)
    sheet.draw.ellipse(sheet.at(1, 1, across + 1, across + 1), fill=255)
    half = across * 0.25
    middle = across / 2 + 1
    low = middle + half
    sheet.draw.polygon(sheet.at(middle, middle - half, low, low, middle - half, low), fill=0)
    return sheet.layer()


def flag(chance: Random, per_mm: float) -> Layer:
    """Return a red flag with blank stars, as on letter heads."""
    wide = chance.uniform(24, 45)
    sheet = Sheet(wide, wide * 2 / 3, per_mm)
    sheet.draw.rectangle(sheet.at(0, 0, wide, wide), fill=255)
    for x, y, half in ((0.2, 0.2, 0.07), (0.36, 0.1, 0.025), (0.42, 0.18, 0.025), (0.42, 0.28, 0.025)):
        left, top, size = x * wide, y * wide, half * wide
        sheet.draw.ellipse(sheet.at(left - size, top - size, left + size, top + size), fill=0)
    return sheet.layer()


def underlines(chance: Random, per_mm: float) -> Layer:
    """Return red lines and a red box around words."""
    sheet = Sheet(120, 60, per_mm)
    for _ in range(chance.randint(2, 5)):
        y = chance.uniform(2, 58)
        line = sheet.at(chance.uniform(0, 20), y, chance.uniform(60, 118), y)
        sheet.draw.line(line, fill=255, width=sheet.pixels(0.6))
    frame = sheet.at(20, 10, 20 + chance.uniform(30, 60), 10 + chance.uniform(30, 45))
    sheet.draw.rectangle(frame, outline=255, width=sheet.pixels(0.8))
    return sheet.layer()


NEGATIVES: dict[str, Callable[[Random, float], Layer]] = {
    "rectangle": rectangle,
    "oval": oval,
    "chop": chop,
    "small round": small_round,
    "scrawl": scrawl,
    "loop": loop,
    "disc": disc,
    "flag": flag,
    "underlines": underlines,
}


def handwriting(chance: Random, per_mm: float, wide: float, high: float) -> Layer:
    """Return a name of two or three characters written with a pen, filling about wide x high millimetres."""
    sheet = Sheet(wide, high, per_mm)
    letters = chance.randint(2, 3)
    cell, width = wide / letters, sheet.pixels(chance.uniform(0.4, 0.9))
    for letter in range(letters):
        for _ in range(chance.randint(4, 8)):
            x, y = letter * cell + chance.uniform(0.1, 0.8) * cell, chance.uniform(0.1, 0.8) * high
            points = sheet.at(x, y)
            bend, angle = chance.uniform(-0.5, 0.5), chance.choice((0.1, 1.5, 0.8, 2.3)) + chance.uniform(-0.2, 0.2)
            for _ in range(8):
                x = min(max(x + math.cos(angle) * cell * 0.08, 0.3), wide - 0.3)
                y = min(max(y + math.sin(angle) * high * 0.08, 0.3), high - 0.3)
                angle += bend * 0.3
                points += sheet.at(x, y)
            sheet.draw.line(points, fill=255, width=width, joint="curve")
    return sheet.layer(chance.uniform(-8, 8))


def soft(layer: Layer, pixels: float) -> Layer:
    """Return ink that ran a little into the paper."""
    image = Image.fromarray((layer * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(pixels))
    return np.asarray(image, np.float32) / np.float32(255)
