"""A made-up scan of a signed and sealed reply sheet: what a unit's scanner would deliver; marked as an example."""

import io
import math
import random

from PIL import Image, ImageDraw

from tracker.documents.preview import page_images

RED, INK = (200, 30, 40), (25, 30, 60)


def scanned(pdf: bytes, seed: int) -> bytes:
    """Return the sheet as a scanned PDF: slightly turned pages, a stroke and a round red seal on the last one."""
    pages = [Image.open(io.BytesIO(page)).convert("RGB") for page in page_images(pdf, 1600)]
    chance = random.Random(seed)  # noqa: S311  (a drawing, no secret)
    _sign(pages[-1], chance)
    turned = [
        page.rotate(chance.uniform(-0.8, 0.8), fillcolor="white", resample=Image.Resampling.BICUBIC) for page in pages
    ]
    out = io.BytesIO()
    turned[0].save(out, "PDF", save_all=True, append_images=turned[1:], resolution=137)
    return out.getvalue()


def _sign(page: Image.Image, chance: random.Random) -> None:
    draw = ImageDraw.Draw(page)
    width, height = page.size
    _stroke(draw, chance, width * 0.24, height * 0.80)
    _seal(draw, width * 0.72, height * 0.79, width * 0.1)


def _stroke(draw: ImageDraw.ImageDraw, chance: random.Random, left: float, top: float) -> None:
    x, y = left, top
    points = [(x, y)]
    for step in range(40):
        x += chance.uniform(1, 7)
        y = top + 24 * math.sin(step / 1.7) + chance.uniform(-9, 9)
        points.append((x, y))
    draw.line(points, fill=INK, width=4, joint="curve")


def _seal(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=RED, width=8)
    star = [
        (x + r * math.sin(a), y - r * math.cos(a))
        for i in range(10)
        for r, a in [(radius * (0.42 if i % 2 == 0 else 0.17), math.pi * i / 5)]
    ]
    draw.polygon(star, fill=RED)
