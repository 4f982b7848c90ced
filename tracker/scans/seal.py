"""Is there a red round seal on the page? A hint, never a verdict: a printed copy of a seal passes as well.

A mask of red ink (Lab, after the paper's own tint is divided out), rings of every seal's size laid over it by FFT, and
around the best places an ellipse through the outermost red: rectangles, ovals and scrawls fail there.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tracker.scans.levels import SEAL_REASONS, SealLevel
from tracker.scans.pictures import Box, Mask, Numbers, Page, evenly_lit, smaller
from tracker.scans.register import Registration

LONG_SIDE = 700
"""Pixels: 60 dpi on A4."""
COARSE = 2
"""Rings are laid over a mask reduced by this factor."""
RADII = tuple(np.linspace(0.052, 0.098, 9))
"""Parts of the long side: diameters of 31–58 mm on A4 (38–50 mm are stamped)."""
RED_LEAST = 0.0006
"""With a smaller part of red pixels than this, pale red counts too, and can only be suspected."""
GREY_SPREAD, GREY_PART = 3, 0.0005
PLACES = 6
SECTORS = 60
SMALLEST, LARGEST, FILLED, CROWDED, EMPTY = 0.045, 0.102, 0.5, 0.2, 0.17
"""Radii as parts of the long side. Parts covered with red: more inside is a logo, more just outside a letter head, less
in the middle a pen's loop."""
BROKEN_CROWDED = 0.09
"""The same just outside a broken ring: pieces of a letter head and its line may look like one."""
WRITTEN, SURELY_WRITTEN = 0.20, 0.30
"""Parts of the circle with the unit's name inside the ring; ovals, frames and loops have none there."""
FIT = (0.22, 0.13, 0.08, 0.06)
"""Tolerance of the four rounds of the ellipse fit, as parts of the radius."""


@dataclass(frozen=True)
class SealHint:
    """What was seen: level, its sentence (msgid), where (pixels of the page), the part of the ring that is there."""

    level: str
    reason: str
    box: Box | None = None
    score: float = 0.0


@dataclass(frozen=True)
class Ring:
    """An ellipse through red ink: middle and half axes (pixels); which part of it is there, what else is red."""

    x: float
    y: float
    long: float
    short: float
    coverage: float
    outside: float
    centre: float
    fill: float
    written: float

    @property
    def aspect(self) -> float:
        """Short by long axis."""
        return self.short / self.long


def judge(page: Page, registration: Registration | None = None) -> SealHint:
    """Return the hint for one upright or turned page of about 100–200 dpi.

    `registration` is not needed; it is taken so that all judges are asked alike.
    """
    del registration
    if is_grey(page):
        return _hint(SealLevel.UNKNOWN)
    small, factor = smaller(page, LONG_SIDE)
    strong, pale = red_masks(evenly_lit(small))
    plenty = strong.mean() >= RED_LEAST
    ring = best_ring(strong if plenty else pale)
    if ring is None:
        return _hint(SealLevel.ABSENT)
    level = level_of(ring)
    if level is SealLevel.FOUND and not plenty:
        level = SealLevel.SUSPECTED
    if level is SealLevel.ABSENT:
        return _hint(level, score=ring.coverage)
    return _hint(level, _box(ring, factor, page), ring.coverage)


def _hint(level: SealLevel, box: Box | None = None, score: float = 0.0) -> SealHint:
    return SealHint(level.value, SEAL_REASONS[level], box, round(score, 3))


def _box(ring: Ring, factor: float, page: Page) -> Box:
    left, top = max(0, round((ring.x - ring.long) * factor)), max(0, round((ring.y - ring.long) * factor))
    side = round(2 * ring.long * factor)
    return left, top, min(side, page.shape[1] - left), min(side, page.shape[0] - top)


def is_grey(page: Page) -> bool:
    """Tell whether the picture holds no colour at all (grey scan, fax), not even a scanner's noise."""
    part = page[::3, ::3].astype(np.int16)
    spread = part.max(2) - part.min(2)
    return bool((spread > GREY_SPREAD).mean() < GREY_PART)


def red_masks(lit: Numbers) -> tuple[Mask, Mask]:
    """Return the pixels of red ink, and those of red ink however pale."""
    a, b = _lab(lit)
    red = (b > -0.55 * a - 4) & (b < 1.6 * a + 6)
    return (a > 9) & red, (a > 5) & red


def _lab(lit: Numbers) -> tuple[Numbers, Numbers]:
    """Return a* and b* (D65) of sRGB values 0–1."""
    linear = _CURVE[(lit * 1023).astype(np.int32)]
    xyz = linear @ _XYZ
    x, y, z = (_ROOT[np.clip(xyz[..., each] * 1023, 0, 1023).astype(np.int32)] for each in range(3))
    return 500 * (x - y), 200 * (y - z)


_STEPS = np.linspace(0, 1, 1024, dtype=np.float32)
_CURVE = np.where(_STEPS <= 0.04045, _STEPS / 12.92, ((_STEPS + 0.055) / 1.055) ** 2.4).astype(np.float32)
_ROOT = np.where(_STEPS > 0.008856, np.cbrt(_STEPS), 7.787 * _STEPS + 16 / 116).astype(np.float32)
_XYZ = (
    np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    / np.array([[0.95047], [1.0], [1.08883]])
).T.astype(np.float32)


def level_of(ring: Ring) -> SealLevel:
    """Return how sure a ring makes us: a seal has a name along its ring, a stamped middle, and paper in between."""
    if ring.fill > FILLED or ring.outside > CROWDED or ring.centre < EMPTY:
        return SealLevel.ABSENT
    if ring.written < WRITTEN:  # a name too worn to be seen: only a whole and quite round ring is worth a look
        return SealLevel.SUSPECTED if ring.coverage >= 0.90 and ring.aspect >= 0.94 else SealLevel.ABSENT
    if ring.coverage < 0.45 or ring.aspect < 0.70 or (ring.coverage < 0.75 and ring.outside > BROKEN_CROWDED):
        return SealLevel.ABSENT
    sure = ring.coverage >= 0.75 and ring.aspect >= 0.80 and ring.written >= SURELY_WRITTEN
    return SealLevel.FOUND if sure else SealLevel.SUSPECTED


def best_ring(mask: Mask) -> Ring | None:
    """Return the ring that speaks most for a seal; None when there is next to no red."""
    if mask.sum() < 60:
        return None
    rings = [ring for place in _places(mask) if (ring := _fit(mask, *place)) is not None]
    rings = [ring for ring in rings if SMALLEST <= ring.long / max(mask.shape) <= LARGEST]
    order = {SealLevel.FOUND: 2, SealLevel.SUSPECTED: 1, SealLevel.ABSENT: 0, SealLevel.UNKNOWN: 0}
    return max(rings, key=lambda ring: (order[level_of(ring)], ring.coverage), default=None)


def _places(mask: Mask) -> list[tuple[float, float, float]]:
    """Return the places (x, y, radius in pixels of the mask) where rings lie best."""
    height, width = (side // COARSE for side in mask.shape)
    coarse = mask[: height * COARSE, : width * COARSE].reshape(height, COARSE, width, COARSE).mean((1, 3))
    shape = _roomy(height), _roomy(width)
    spectrum = np.fft.rfft2(coarse, shape)
    radii = [part * max(mask.shape) / COARSE for part in RADII]
    layers = [np.fft.irfft2(spectrum * _ring_spectrum(shape, round(r, 2)), shape)[:height, :width] for r in radii]
    scores = np.stack(layers)
    found = []
    for _ in range(PLACES):
        layer, row, column = (int(each) for each in np.unravel_index(int(scores.argmax()), scores.shape))
        if scores[layer, row, column] <= 0.1:
            break
        found.append(((column + 0.5) * COARSE, (row + 0.5) * COARSE, radii[layer] * COARSE))
        near = max(3, round(radii[layer] * 0.35))
        scores[:, max(0, row - near) : row + near + 1, max(0, column - near) : column + near + 1] = 0
    return found


def _roomy(side: int) -> int:
    """Return a length that FFT likes, with room for half a ring beyond the edge."""
    return -(-(side + side // 8) // 32) * 32


@lru_cache(maxsize=36)
def _ring_spectrum(shape: tuple[int, int], radius: float) -> NDArray[np.complex128]:
    """Return the conjugate spectrum of a ring: +1 on it, negative beside it: filled red gains nothing."""
    rows = np.minimum(np.arange(shape[0]), shape[0] - np.arange(shape[0]))[:, None]
    columns = np.minimum(np.arange(shape[1]), shape[1] - np.arange(shape[1]))[None, :]
    distance = np.hypot(rows, columns) - radius
    on = np.clip(1.8 - np.abs(distance), 0, 1)
    beside = np.clip(1 - np.abs(np.abs(distance - 1.2) - 3.4), 0, 1)
    ring = on / on.sum() - 0.7 * beside / beside.sum()
    return np.conj(np.fft.rfft2(ring))


def _fit(mask: Mask, x: float, y: float, radius: float) -> Ring | None:
    """Fit an ellipse through the outermost red of each sector around a place, and measure it."""
    left, top = max(0, int(x - 1.5 * radius)), max(0, int(y - 1.5 * radius))
    part = mask[top : int(y + 1.5 * radius) + 1, left : int(x + 1.5 * radius) + 1]
    rows, columns = np.nonzero(part)
    points = np.column_stack([columns + left, rows + top]).astype(np.float64)
    shape = np.array([x, y, radius, radius, 0.0])
    for tolerance in FIT:
        rim = _outermost(points, shape, 1 + tolerance)
        rim = rim[np.abs(_radial(rim, shape) - 1) < tolerance]
        if len(rim) < 12:
            return None
        solved = _ellipse(rim)
        if solved is None or not 0.6 * radius < solved[2] < 1.5 * radius or solved[3] < 0.5 * solved[2]:
            break
        shape = solved
    return _measured(points, shape)


def _radial(points: NDArray[np.float64], shape: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each point's distance from the middle, the ellipse being 1."""
    distance: NDArray[np.float64] = np.hypot(*_turned(points, shape).T)
    return distance


def _turned(points: NDArray[np.float64], shape: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y, long, short, angle = shape
    cos, sin = np.cos(angle), np.sin(angle)
    away = points - (x, y)
    return np.column_stack([(away @ (cos, sin)) / long, (away @ (-sin, cos)) / short])


def _sectors(points: NDArray[np.float64], shape: NDArray[np.float64]) -> NDArray[np.int64]:
    across, down = _turned(points, shape).T
    turn = (np.arctan2(down, across) + np.pi) / (2 * np.pi)
    number: NDArray[np.int64] = np.minimum((turn * SECTORS).astype(np.int64), SECTORS - 1)
    return number


def _outermost(points: NDArray[np.float64], shape: NDArray[np.float64], limit: float) -> NDArray[np.float64]:
    """Return the farthest red point of each sector that lies within the limit."""
    radial = _radial(points, shape)
    points, radial = points[radial < limit], radial[radial < limit]
    order = np.argsort(radial)
    last = np.full(SECTORS, -1)
    last[_sectors(points, shape)[order]] = order
    rim: NDArray[np.float64] = points[last[last >= 0]]
    return rim


def _ellipse(points: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return middle, half axes (long first) and angle of the least-squares ellipse through the points."""
    middle, scale = points.mean(0), float(points.std()) or 1.0
    x, y = ((points - middle) / scale).T
    terms = np.column_stack([x * x, x * y, y * y, x, y])
    a, b, c, d, e = np.linalg.lstsq(terms, np.ones(len(x)), rcond=None)[0]
    form = np.array([[a, b / 2], [b / 2, c]])
    values, axes = np.linalg.eigh(form)
    if values[0] <= 1e-6:
        return None
    place = np.linalg.solve(2 * form, [-d, -e])
    size = 1 + place @ form @ place
    if size <= 0:
        return None
    long, short = np.sqrt(size / values) * scale
    return np.array([*(place * scale + middle), long, short, np.arctan2(axes[1, 0], axes[0, 0])])


def _measured(points: NDArray[np.float64], shape: NDArray[np.float64]) -> Ring:
    radial, sectors = _radial(points, shape), _sectors(points, shape)
    x, y, long, short, _ = (float(each) for each in shape)

    def part(inner: float, outer: float) -> float:
        """Return how much of the paper between two ellipses is red."""
        red = float(((radial >= inner) & (radial < outer)).sum())
        return red / (np.pi * long * short * (outer**2 - inner**2))

    ring = np.unique(sectors[np.abs(radial - 1) < 0.05])
    name = np.intersect1d(ring, sectors[(radial > 0.5) & (radial < 0.85)])
    covered, written = ring.size / SECTORS, name.size / SECTORS
    return Ring(x, y, long, short, covered, part(1.08, 1.25), part(0, 0.30), part(0, 0.85), written)
