"""A made-up scan of a signed and sealed reply sheet: what a unit's scanner would deliver; marked as an example."""

import io
import math
import random

import numpy as np
from PIL import Image, ImageDraw

from tracker.cli.bench.synthetic import ink
from tracker.documents.preview import page_images

RED, INK = (200, 30, 40), (25, 30, 60)


def scanned(pdf: bytes, seed: int) -> bytes:
    """Return the sheet as a scanned PDF: slightly turned pages, a stroke and a round red seal on the last one."""
    pages = [Image.open(io.BytesIO(page)).convert("RGB") for page in page_images(pdf, 1600)]
    chance = random.Random(seed)  # noqa: S311  (a drawing, no secret)
    _sign(pages[-1], chance)
    pages[-1] = _sealed(pages[-1], chance)
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
