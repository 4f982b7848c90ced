"""Returned pages by number: printed, signed, sealed or not, captured; the same seed gives the same pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tracker.cli.bench.synthetic import ink
from tracker.cli.bench.synthetic.capture import capture
from tracker.documents import geometry
from tracker.documents.preview import page_images
from tracker.documents.render import render

PER_MM = 200 / 25.4
SIZE = round(geometry.PAGE_WIDTH * PER_MM), round(geometry.PAGE_HEIGHT * PER_MM)
SHEETS = 6
"""Different printed sheets."""
SEALS = ("full", "full", "full", "mid", "mid", "pale", "partly", *("none",) * 6)


@dataclass(frozen=True)
class Case:
    """One page and the truth about it: `seal` names its sort ("none" without), `red` what else is red on it."""

    picture: Image.Image
    way: str
    form: str
    seal: str
    red: str
    signed: bool | None
    """None on a letter, which has no box."""
    token: str
    turned: int

    @property
    def sealed(self) -> bool:
        """Tell whether an official seal was put on it."""
        return self.seal != "none"

    @property
    def coloured(self) -> bool:
        """Tell whether it came back in colour."""
        return self.way in ("scan", "photo")


def cases(seed: str, count: int) -> Iterator[Case]:
    """Yield `count` made-up pages; about a sixth grey or fax, a quarter photos, a third letters without a code."""
    for number in range(count):
        yield one(Random(f"{seed}-{number}"))  # noqa: S311  (a drawing, no secret)


def one(chance: Random) -> Case:
    """Return one page."""
    way = chance.choices(("scan", "photo", "grey", "fax"), (58, 26, 11, 5))[0]
    form = "sheet" if chance.random() < 0.66 else "letter"
    page, token = _sheet(chance) if form == "sheet" else (_letter(chance), "")
    signed = _sign(page, chance) if form == "sheet" else None
    kind = chance.choice(SEALS)
    red = "none" if kind != "none" else chance.choice(("none", "none", "none", "blue", *ink.NEGATIVES))
    if kind != "none":
        _seal(page, chance, kind, form)
    elif red != "none":
        _other(page, chance, red)
    picture = capture(page, way, chance)
    turned = chance.choice((0, 0, 0, 0, 90, 180))
    return Case(picture.rotate(-turned, expand=True), way, form, kind, red, signed, token, turned)


@lru_cache(maxsize=SHEETS)
def printed(number: int) -> NDArray[np.uint8]:
    """Return the last page of a reply sheet as our own printing room prints it."""
    pdf = render("reply_sheet", _content(number)).pdf
    return np.asarray(Image.open(BytesIO(page_images(pdf, SIZE[1])[-1])).convert("RGB").resize(SIZE))


def token_of(number: int) -> str:
    """Return the token of a sheet."""
    return f"SYNTHETIC{number:03d}"


def _content(number: int) -> dict[str, Any]:
    item = {
        "subject": "示例派出所　微信公众号",
        "description": "2周内未更新，" * (1 + number % 3),
        "result": "已整改",
        "measure": "已恢复更新，明确专人负责，建立日常巡查台账。" * (1 + number % 4),
        "finished_on": "2021-12-29",
        "responsible": "王×",
        "evidence": ["更新截图.png"],
    }
    return {
        "draft": False,
        "unit": ink.UNITS[number % len(ink.UNITS)],
        "issuer": "阜新市人民政府办公室",
        "notice_number": f"阜政办公开改〔2021〕{number + 1}号",
        "notice_title": "关于限期整改有关问题的通知",
        "round": 1,
        "deadline_words": "2022年1月10日前",
        "items": [{"seq": each + 1, **item} for each in range(1 + number % 3)],
        "url_base": "https://rectify.example",
        "token": token_of(number),
        "version": 1,
        "printed_on": "2022-01-05",
    }


def _sheet(chance: Random) -> tuple[NDArray[np.float32], str]:
    number = chance.randrange(SHEETS)
    return printed(number).astype(np.float32), token_of(number)


def _letter(chance: Random) -> NDArray[np.float32]:
    """Return a unit's own letter: often with a red head and line, sometimes with a red logo."""
    image = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(image)

    def write(x: float, y: float, words: str, high: float, colour: str | ink.Colour = "black") -> None:
        draw.text((x * PER_MM, y * PER_MM), words, colour, ink.font(round(high * PER_MM)), anchor="mm")

    red = chance.choice(ink.RED)
    if chance.random() < 0.75:
        write(105, 45, f"{chance.choice(ink.UNITS)}文件"[:14], 12, red)
        draw.rectangle([28 * PER_MM, 70 * PER_MM, 184 * PER_MM, 70.8 * PER_MM], fill=red)
        if chance.random() < 0.4:
            write(105, 70.4, "★", 9, red)
    write(105, 90, "关于整改情况的报告", 7.5)
    for line in range(chance.randint(6, 15)):
        words = "按照通知要求我局立即组织核查对照问题逐项整改现将有关情况报告如下"
        place = 28 * PER_MM, (105 + line * 10) * PER_MM
        draw.text(place, words[line % 5 :][:27], "black", ink.font(round(5.5 * PER_MM)))
    write(150, 235, chance.choice(ink.UNITS), 5.5)
    write(150, 246, "2022年1月6日", 5.5)
    page = np.asarray(image, np.float32).copy()
    if chance.random() < 0.2:
        logo = ink.flag(chance, PER_MM) if chance.random() < 0.5 else ink.disc(chance, PER_MM)
        _put(page, logo, chance.uniform(30, 180), 28, red)
    return page


def _put(page: NDArray[np.float32], layer: ink.Layer, x: float, y: float, colour: ink.Colour) -> None:
    """Lay ink with its middle at x, y (millimetres)."""
    ink.lay(page, layer, round(x * PER_MM - layer.shape[1] / 2), round(y * PER_MM - layer.shape[0] / 2), colour)


def _sign(page: NDArray[np.float32], chance: Random) -> bool:
    """Sign the sheet (a little more often than not) and date it (often); return whether it was signed."""
    pen, left, top = chance.choice(ink.PENS), geometry.LEFT, geometry.SIGN_TOP
    signed = chance.random() < 0.6
    if signed:
        wide, high = chance.uniform(18, 45), chance.uniform(9, 20)
        name = ink.worn(ink.handwriting(chance, PER_MM, wide, high), chance, chance.uniform(0.75, 1.1))
        _put(page, name, left + chance.uniform(30, 52), top + chance.uniform(14, 38), pen)
    if chance.random() < (0.7 if signed else 0.3):
        day = ink.worn(ink.handwriting(chance, PER_MM, 30, 5), chance, 1)
        _put(page, day, left + 50, top + 51.5, pen)
    return signed


def _seal(page: NDArray[np.float32], chance: Random, kind: str, form: str) -> None:
    density = {"full": (0.85, 1.1), "mid": (0.5, 0.85), "pale": (0.25, 0.45), "partly": (0.6, 1.0)}[kind]
    stamp = ink.seal(chance, PER_MM, chance.uniform(38, 45), emblem=chance.random() < 0.25)
    stamp = ink.worn(ink.soft(stamp, chance.uniform(0.3, 1.2)), chance, chance.uniform(*density), kind == "partly")
    if form == "sheet":
        x = geometry.LEFT + geometry.SIGN_WIDTH * 1.5 + chance.uniform(-14, 12)
        y = geometry.SIGN_TOP + 30 + chance.uniform(-8, 8)
    else:
        x, y = 150 + chance.uniform(-15, 15), 240 + chance.uniform(-8, 8)
    _put(page, stamp, x, y, chance.choice(ink.RED))


def _other(page: NDArray[np.float32], chance: Random, red: str) -> None:
    x, y = chance.uniform(50, 160), chance.uniform(80, 250)
    if red == "blue":
        _put(page, ink.worn(ink.seal(chance, PER_MM, 40), chance, 0.9), 145, 230, ink.BLUE)
        return
    layer = ink.worn(ink.NEGATIVES[red](chance, PER_MM), chance, chance.uniform(0.5, 1.1))
    _put(page, layer, x, y, chance.choice(ink.RED))
