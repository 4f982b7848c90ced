"""A made-up scan of a signed and sealed reply sheet: what a unit's scanner would deliver; marked as an example."""

import io
import math
import random
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from tracker.cli.bench.synthetic import ink
from tracker.documents.preview import page_images

RED, INK, PAPER = (200, 30, 40), (25, 30, 60), (253, 251, 246)
HEIGHT = 1600
"""Of a page, in pixels."""


def scanned(pdf: bytes, seed: int) -> bytes:
    """Return the sheet as a scanned PDF: slightly turned pages, a stroke and a round red seal on the last one."""
    return bound(scanned_pages(pdf, seed))


def scanned_pages(pdf: bytes, seed: int) -> list[Image.Image]:
    """Return the pages of such a scan, apart."""
    pages = [Image.open(io.BytesIO(page)).convert("RGB") for page in page_images(pdf, HEIGHT)]
    chance = random.Random(seed)  # noqa: S311  (a drawing, no secret)
    _sign(pages[-1], chance)
    pages[-1] = _sealed(pages[-1], chance)
    return [_turned(page, chance) for page in pages]


def letter(lines: Sequence[str], seed: int) -> Image.Image:
    """Return a scanned page of a unit's own letter: a title, its lines, a signature; no code and no seal."""
    chance = random.Random(seed)  # noqa: S311  (a drawing, no secret)
    page = Image.new("RGB", (round(HEIGHT / 297 * 210), HEIGHT), PAPER)
    draw = ImageDraw.Draw(page)
    for row, words in enumerate(lines):
        first = row == 0
        place = (page.width / 2, 220) if first else (150, 300 + row * 58)
        draw.text(place, words, "black", ink.font(40 if first else 29), anchor="mm" if first else "ls")
    _stroke(draw, chance, page.width * 0.6, page.height * 0.48)
    return _turned(page, chance)


def bound(pages: Sequence[Image.Image]) -> bytes:
    """Return the pages as the PDF that a scanner makes."""
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=137)
    return out.getvalue()


def _turned(page: Image.Image, chance: random.Random) -> Image.Image:
    return page.rotate(chance.uniform(-0.8, 0.8), fillcolor="white", resample=Image.Resampling.BICUBIC)


def _sign(page: Image.Image, chance: random.Random) -> None:
    draw = ImageDraw.Draw(page)
    width, height = page.size
    _stroke(draw, chance, width * 0.24, height * 0.80)


def _stroke(draw: ImageDraw.ImageDraw, chance: random.Random, left: float, top: float) -> None:
    x, y = left, top
    points = [(x, y)]
    for step in range(40):
        x += chance.uniform(1, 7)
        y = top + 24 * math.sin(step / 1.7) + chance.uniform(-9, 9)
        points.append((x, y))
    draw.line(points, fill=INK, width=4, joint="curve")


def _sealed(page: Image.Image, chance: random.Random) -> Image.Image:
    """Return the page with a round seal that names nobody, laid over what is printed."""
    paper = np.asarray(page, np.float32).copy()
    layer = ink.worn(ink.seal(chance, page.width / 210, 42, words="示例单位示例印章"), chance, 0.95)
    ink.lay(paper, layer, round(page.width * 0.62), round(page.height * 0.715), RED)
    return Image.fromarray(paper.astype(np.uint8))
