"""How paper comes back: by a colour scanner, a grey one, a fax, a telephone's camera; always as a JPEG."""

import math
from collections.abc import Callable
from io import BytesIO
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Pixels = NDArray[np.float32]
WAYS = ("scan", "photo", "grey", "fax")
PHOTO = (1500, 2000)


def capture(page: Pixels, way: str, chance: Random) -> Image.Image:
    """Return the page (values 0–255, about 200 dpi) as it comes back, in RGB."""
    image = Image.fromarray(np.clip(page, 0, 255).astype(np.uint8))
    return _WAYS[way](image, chance)


def _scan(image: Image.Image, chance: Random) -> Image.Image:
    dpi = chance.choice((100, 120, 150, 150, 200, 200))
    image = _tilted(image, chance)
    image = image.resize((round(8.27 * dpi), round(11.69 * dpi)), Image.Resampling.LANCZOS)
    image = image.filter(ImageFilter.GaussianBlur(chance.uniform(0.2, 0.9)))
    pixels = np.asarray(image, np.float32) * _tint(chance, 0.04)
    return _jpeg(_noisy(pixels, chance, chance.uniform(1, 5)), chance.randint(40, 92))


def _grey(image: Image.Image, chance: Random) -> Image.Image:
    dpi = chance.choice((100, 150, 200))
    image = _tilted(image, chance).convert("L")
    image = image.resize((round(8.27 * dpi), round(11.69 * dpi)), Image.Resampling.LANCZOS)
    image = image.filter(ImageFilter.GaussianBlur(chance.uniform(0.2, 0.9)))
    noise = _noisy(np.asarray(image, np.float32), chance, chance.uniform(1, 5))
    return _jpeg(noise, chance.randint(40, 92))


def _fax(image: Image.Image, chance: Random) -> Image.Image:
    dpi = chance.choice((150, 200))
    image = _tilted(image, chance).convert("L")
    image = image.resize((round(8.27 * dpi), round(11.69 * dpi)), Image.Resampling.LANCZOS)
    pixels = _noisy(np.asarray(image, np.float32), chance, 12)
    edge = chance.randint(120, 170)
    return Image.fromarray(np.where(np.asarray(pixels) > edge, 255, 0).astype(np.uint8)).convert("RGB")


def _photo(image: Image.Image, chance: Random) -> Image.Image:
    width, height = PHOTO
    margin = chance.uniform(0.01, 0.07)
    corners: list[tuple[float, float]] = [
        (width * (x + (margin if x == 0 else -margin)) + chance.uniform(-35, 35), y)
        for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))
    ]
    tall = (corners[1][0] - corners[0][0]) * 1.414 / height
    inset = max(0.0, (1 - tall) / 2)
    corners = [(x, height * (y + (inset if y == 0 else -inset)) + chance.uniform(-35, 35)) for x, y in corners]
    table = np.full((height, width, 3), chance.choice(((120, 95, 70), (70, 70, 75), (160, 155, 150))), np.float32)
    grain = np.random.default_rng(chance.getrandbits(32)).normal(0, 6, (height // 20, width // 20))
    table += grain.repeat(20, 0).repeat(20, 1)[..., None]
    back = _perspective(corners, image.size)
    laid = image.transform(PHOTO, Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC)
    white = Image.new("L", image.size, 255)
    mask = white.transform(PHOTO, Image.Transform.PERSPECTIVE, back, Image.Resampling.BILINEAR)
    there = np.asarray(mask, np.float32)[..., None] / 255
    pixels = (np.asarray(laid, np.float32) * there + table * (1 - there)) * _shade(chance) * _tint(chance, 0.16)
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    image = image.filter(ImageFilter.GaussianBlur(chance.uniform(0.4, 1.5)))
    return _jpeg(_noisy(np.asarray(image, np.float32), chance, chance.uniform(2, 7)), chance.randint(35, 88))


_WAYS: dict[str, Callable[[Image.Image, Random], Image.Image]] = {
    "scan": _scan,
    "photo": _photo,
    "grey": _grey,
    "fax": _fax,
}


def _tilted(image: Image.Image, chance: Random) -> Image.Image:
    return image.rotate(chance.uniform(-2.5, 2.5), Image.Resampling.BICUBIC, fillcolor=(250, 250, 250))


def _tint(chance: Random, much: float) -> Pixels:
    warm = chance.uniform(-much * 0.5, much)
    return np.array([1 - max(0.0, -warm), 1 - abs(warm) * 0.4, 1 - max(0.0, warm)], np.float32)


def _shade(chance: Random) -> Pixels:
    """Return light that falls off across the picture, and the shadow of a hand or telephone."""
    width, height = PHOTO
    angle, fall = chance.uniform(0, 2 * math.pi), chance.uniform(0.05, 0.4)
    ys, xs = np.mgrid[:height:10, :width:10]
    along = (xs / width - 0.5) * math.cos(angle) + (ys / height - 0.5) * math.sin(angle)
    light = 0.95 - fall * (along + 0.5)
    if chance.random() < 0.4:
        x, y, wide = chance.uniform(0, width), chance.uniform(0, height), chance.uniform(300, 700)
        light = light * (1 - chance.uniform(0.1, 0.3) * np.exp(-(((xs - x) ** 2 + (ys - y) ** 2) / wide**2)))
    small = Image.fromarray(light.astype(np.float32))
    return np.asarray(small.resize(PHOTO, Image.Resampling.BILINEAR), np.float32)[..., None]


def _noisy(pixels: Pixels, chance: Random, strength: float) -> Image.Image:
    noise = np.random.default_rng(chance.getrandbits(32))
    pixels = pixels + noise.normal(0, strength, pixels.shape).astype(np.float32)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _jpeg(image: Image.Image, quality: int) -> Image.Image:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(out).convert("RGB")


def _perspective(corners: list[tuple[float, float]], size: tuple[int, int]) -> list[float]:
    """Return the coefficients that take a pixel of the photo back to the page."""
    targets = [(0, 0), (size[0], 0), size, (0, size[1])]
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, targets, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return [float(value) for value in np.linalg.solve(np.array(rows), np.array(right))]
