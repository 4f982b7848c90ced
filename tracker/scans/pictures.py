"""Page pictures as arrays: made smaller, laid straight, freed of shade and tint."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Page = NDArray[np.uint8]
"""Height x width x 3, RGB; a grey picture has three equal channels."""
Numbers = NDArray[np.float32]
Mask = NDArray[np.bool_]
Box = tuple[int, int, int, int]
"""Left, top, width, height in pixels of the page."""
SHADE = 8
"""The paper's own brightness is looked for in patches of so many pixels."""


def smaller(page: Page, long_side: int) -> tuple[Page, float]:
    """Return the page with at most this long side, and how many of its old pixels one new pixel is wide."""
    factor = max(page.shape[:2]) / long_side
    if factor <= 1:
        return page, 1.0
    size = max(1, round(page.shape[1] / factor)), max(1, round(page.shape[0] / factor))
    return np.asarray(Image.fromarray(page).resize(size, Image.Resampling.BOX, reducing_gap=2.0)), factor


def evenly_lit(page: Page) -> Numbers:
    """Return the page divided by its paper: 1.0 is white whatever the lamp, its shade and its tint."""
    height, width = page.shape[:2]
    small = Image.fromarray(page).resize((max(1, width // SHADE), max(1, height // SHADE)), Image.Resampling.BOX)
    paper = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(4))
    shade = np.asarray(paper.resize((width, height), Image.Resampling.BILINEAR), np.float32)
    lit: Numbers = np.clip(page.astype(np.float32) / np.maximum(shade, 40), 0, 1)
    return lit


def brightness(page: Page) -> Numbers:
    """Return the luma of each pixel, 0–255."""
    return page.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)


def box_means(values: NDArray[Any], side: int) -> Numbers:
    """Return the mean of every side x side square, at the square's upper left corner (integral image)."""
    total = np.zeros((values.shape[0] + 1, values.shape[1] + 1), np.float64)
    total[1:, 1:] = values.cumsum(0).cumsum(1)
    sums = total[side:, side:] - total[:-side, side:] - total[side:, :-side] + total[:-side, :-side]
    return (sums / (side * side)).astype(np.float32)
