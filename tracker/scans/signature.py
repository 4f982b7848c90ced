"""Is there handwriting in the sheet's signature box? It cannot tell who wrote, nor a typed name from a written one."""

from dataclasses import dataclass

import numpy as np

from tracker.documents import geometry
from tracker.scans.levels import SIGNATURE_REASONS, SignatureLevel
from tracker.scans.pictures import Box, Mask, Numbers, Page, box_means, evenly_lit
from tracker.scans.register import Rect, Registration

PER_MM = 5.0
EDGE = 1.6
"""Millimetres inside the box's lines."""
DARK, REDDISH = 0.72, 0.10
"""Ink is darker than this part of its paper, and not redder than this."""
INK, WIDE, HIGH = 0.0035, 8.0, 4.0
"""Handwriting covers at least this part of the box, and so many millimetres."""
BOX: Rect = (
    geometry.LEFT,
    geometry.SIGN_TOP,
    geometry.LEFT + geometry.SIGN_WIDTH,
    geometry.SIGN_TOP + geometry.SIGN_HEIGHT,
)


@dataclass(frozen=True)
class SignatureHint:
    """What was seen: level, its sentence (msgid), and the box in pixels of the page."""

    level: str
    reason: str
    box: Box | None = None


def judge(page: Page, registration: Registration | None) -> SignatureHint:
    """Return the hint for the sheet's last page, the one with the boxes."""
    if registration is None or not registration.exact:
        return _hint(SignatureLevel.UNKNOWN)
    signed = is_handwriting(ink_in_box(page, registration))
    return _hint(SignatureLevel.FOUND if signed else SignatureLevel.ABSENT, registration.box(BOX))


def _hint(level: SignatureLevel, box: Box | None = None) -> SignatureHint:
    return SignatureHint(level.value, SIGNATURE_REASONS[level], box)


def ink_in_box(page: Page, registration: Registration) -> Mask:
    """Return the ink in the box that is neither printed nor red nor a ruled line, PER_MM pixels a millimetre."""
    left, top, right, bottom = BOX
    inside = (left + EDGE, top + EDGE, right - EDGE, bottom - EDGE)
    lit = evenly_lit(registration.patch(page, inside, PER_MM))
    ink = _dark(lit)
    for rect in geometry.SIGN_PRINTED:
        x0, y0, x1, y1 = (max(0, round((each - EDGE) * PER_MM)) for each in rect)
        ink[y0:y1, x0:x1] = False
    return _solid(_without_lines(ink))


def _dark(lit: Numbers) -> Mask:
    grey = lit @ np.array([0.299, 0.587, 0.114], np.float32)
    redness = lit[..., 0] - np.maximum(lit[..., 1], lit[..., 2])
    dark: Mask = (grey < DARK) & (redness < REDDISH)
    return dark


def _without_lines(ink: Mask) -> Mask:
    """Take out rows and columns that are dark nearly all along: the box's own lines, folds."""
    ink = ink.copy()
    ink[ink.mean(1) > 0.5] = False
    ink[:, ink.mean(0) > 0.5] = False
    return ink


def _solid(ink: Mask) -> Mask:
    """Take out specks: keep ink whose 3 x 3 neighbourhood is mostly ink."""
    kept = np.zeros_like(ink)
    kept[1:-1, 1:-1] = box_means(ink, 3) > 0.5
    return kept & ink


def is_handwriting(ink: Mask) -> bool:
    """Tell whether the ink is enough, and spread enough, to be handwriting."""
    if ink.mean() < INK:
        return False
    rows, columns = np.nonzero(ink)
    high = float(np.ptp(np.percentile(rows, (2, 98)))) / PER_MM
    wide = float(np.ptp(np.percentile(columns, (2, 98)))) / PER_MM
    return wide > WIDE and high > HIGH
