"""Whether the scan is fit to be read by people."""

from dataclasses import dataclass

import numpy as np

from tracker.scans.levels import SHARPNESS_REASONS, Sharpness
from tracker.scans.pictures import Page, brightness, smaller

SHORT_SIDE = 1000
"""Pixels: A4 at 120 dpi."""
BLURRED = 0.055
SEEN = 1400
"""Sharpness is measured at this long side, whatever the scan's own."""


@dataclass(frozen=True)
class SharpnessHint:
    """Level, its sentence (msgid), and how steep the edges are (0–1)."""

    level: str
    reason: str
    score: float


def judge(page: Page, native_short_side: int | None = None) -> SharpnessHint:
    """Return the hint; `native_short_side` is the original picture's, where the page was drawn larger than it is."""
    score = edge_steepness(page)
    short = min(page.shape[:2]) if native_short_side is None else native_short_side
    level = Sharpness.LOW if short < SHORT_SIDE else Sharpness.BLURRED if score < BLURRED else Sharpness.FINE
    return SharpnessHint(level.value, SHARPNESS_REASONS[level], round(score, 3))


def edge_steepness(page: Page) -> float:
    """Return the strongest edges' curvature (Laplacian) as a part of the page's contrast; 1.0 for an empty page."""
    grey = brightness(smaller(page, SEEN)[0])
    dark, light = np.percentile(grey[::4, ::4], (1, 90))
    # An empty page has no contrast to speak of: there is nothing that could be blurred.
    if light - dark < 40:
        return 1.0
    middle = grey[1:-1, 1:-1] * 4
    curved = np.abs(middle - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]) / 4
    return float(np.percentile(curved, 98) / (light - dark))
