"""Where a millimetre of the printed sheet lies in its picture: the code tells roughly, the corner squares exactly."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tracker.documents import geometry
from tracker.scans.pictures import Box, Numbers, Page, box_means, brightness

Point = tuple[float, float]
Corners = tuple[Point, ...]
"""Upper left, upper right, lower right, lower left corner of the code, in the code's own order; pixels of the page."""
Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in millimetres of the sheet."""

PIXELS_PER_MM = 4.0
"""Squares are looked for at about 100 dpi."""
REACH = (7.0, 14.0, 18.0)
"""How far (mm) a square may lie from where it is expected: the one beside the code, the next two, the last."""
DARK, STEP = 0.6, 60.0
"""A square is at most this part of its surroundings' brightness, and at least this many of 255 darker."""
ENOUGH = 3
_CODE = tuple(
    (geometry.QR_LEFT + x * geometry.QR_SIDE, geometry.QR_TOP + y * geometry.QR_SIDE)
    for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))
)
_NEAR = geometry.SQUARE_INSET + geometry.SQUARE / 2
SQUARES = tuple(product((_NEAR, geometry.PAGE_WIDTH - _NEAR), (_NEAR, geometry.PAGE_HEIGHT - _NEAR)))
"""Middles of the four corner squares in millimetres."""


@dataclass(frozen=True)
class Registration:
    """Millimetres of the sheet → pixels of the page; `squares` is how many corner squares bear it out."""

    matrix: NDArray[np.float64]
    squares: int

    @property
    def exact(self) -> bool:
        """Tell whether a box on the sheet can be cut out with confidence."""
        return self.squares >= ENOUGH

    def point(self, x: float, y: float) -> Point:
        """Return where a point of the sheet lies in the picture."""
        across, down, weight = self.matrix @ (x, y, 1.0)
        return float(across / weight), float(down / weight)

    def box(self, rect: Rect) -> Box:
        """Return the upright box around a rectangle of the sheet."""
        left, top, right, bottom = rect
        xs, ys = zip(*(self.point(x, y) for x, y in product((left, right), (top, bottom))), strict=True)
        return round(min(xs)), round(min(ys)), round(max(xs) - min(xs)), round(max(ys) - min(ys))

    def patch(self, page: Page, rect: Rect, per_mm: float) -> Page:
        """Return a rectangle of the sheet cut out of its picture and laid straight; what lies outside is white."""
        left, top, right, bottom = rect
        size = round((right - left) * per_mm), round((bottom - top) * per_mm)
        straight = self.matrix @ np.array([[1 / per_mm, 0, left], [0, 1 / per_mm, top], [0, 0, 1]])
        straight /= straight[2, 2]
        coefficients = [float(value) for value in straight.ravel()[:8]]
        picture = Image.fromarray(page).transform(
            size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BILINEAR, fillcolor=(255, 255, 255)
        )
        return np.asarray(picture)


def register(page: Page, corners: Corners) -> Registration | None:
    """Return where the sheet's millimetres lie in its upright picture, from its code's corners; None when nowhere."""
    if len(corners) != len(_CODE):
        return None
    known = list(zip(_CODE, corners, strict=True))
    matrix = _affine(known)
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    if not 0.5 < scale < 100:
        return None
    factor = max(1, round(scale / PIXELS_PER_MM))
    sight = _Sight(brightness(_reduced(page, factor)), scale / factor)
    found = 0
    for at, reach in zip(_by_distance(), (REACH[0], REACH[1], REACH[1], REACH[2]), strict=True):
        guess = Registration(matrix, found).point(*at)
        place = sight.square_near((guess[0] / factor, guess[1] / factor), reach)
        if place is not None:
            found += 1
            known.append((at, ((place[0] + 0.5) * factor - 0.5, (place[1] + 0.5) * factor - 0.5)))
            matrix = _projective(known) if found >= ENOUGH else _affine(known)
    return Registration(matrix, found)


def _reduced(page: Page, factor: int) -> Page:
    return np.asarray(Image.fromarray(page).reduce(factor)) if factor > 1 else page


def _by_distance() -> list[Point]:
    middle = geometry.QR_LEFT + geometry.QR_SIDE / 2, geometry.QR_TOP + geometry.QR_SIDE / 2
    return sorted(SQUARES, key=lambda at: (at[0] - middle[0]) ** 2 + (at[1] - middle[1]) ** 2)


@dataclass(frozen=True)
class _Sight:
    grey: Numbers
    per_mm: float

    def square_near(self, at: Point, reach: float) -> Point | None:
        """Return the middle of the dark square nearest to a place, in pixels of `grey`."""
        margin = round((reach + geometry.SQUARE) * self.per_mm)
        left, top = max(0, round(at[0]) - margin), max(0, round(at[1]) - margin)
        window = self.grey[top : max(0, round(at[1]) + margin + 1), left : max(0, round(at[0]) + margin + 1)]
        inner, outer = max(3, round(5.4 * self.per_mm)), round(10.6 * self.per_mm)
        if min(window.shape, default=0) <= outer:
            return None
        best = self._darkest(window, inner, outer)
        return None if best is None else (left + best[0], top + best[1])

    def _darkest(self, window: Numbers, inner: int, outer: int) -> Point | None:
        rim = (outer - inner) // 2
        dark = box_means(window, inner)
        around = box_means(window, inner + 2 * rim)
        dark = dark[rim : rim + around.shape[0], rim : rim + around.shape[1]]
        gap = max(0, round((8.4 * self.per_mm - inner) / 2))
        near = box_means(window, inner + 2 * gap)[rim - gap :, rim - gap :][: around.shape[0], : around.shape[1]]
        outer_area, near_area = (inner + 2 * rim) ** 2, (inner + 2 * gap) ** 2
        surround = (around * outer_area - near * near_area) / (outer_area - near_area)
        score = surround - dark
        row, column = (int(each) for each in np.unravel_index(int(score.argmax()), score.shape))
        if score[row, column] < STEP or dark[row, column] > DARK * surround[row, column]:
            return None
        return self._middle(window, column + rim + inner / 2, row + rim + inner / 2, float(surround[row, column]))

    def _middle(self, window: Numbers, x: float, y: float, light: float) -> Point | None:
        half = round(4.8 * self.per_mm)
        left, top = max(0, round(x) - half), max(0, round(y) - half)
        part = np.clip(0.75 * light - window[top : top + 2 * half, left : left + 2 * half], 0, None)
        weight = float(part.sum())
        area = float((part > 0).sum()) / self.per_mm**2
        if not 0.6 * geometry.SQUARE**2 < area < 1.5 * geometry.SQUARE**2:
            return None
        ys, xs = np.mgrid[: part.shape[0], : part.shape[1]]
        return left + float((part * xs).sum()) / weight, top + float((part * ys).sum()) / weight


def _affine(known: list[tuple[Point, Point]]) -> NDArray[np.float64]:
    sheet = np.array([(*each, 1.0) for each, _ in known])
    solved = np.linalg.lstsq(sheet, np.array([each for _, each in known]), rcond=None)[0]
    return np.vstack([solved.T, [0, 0, 1]])


def _projective(known: list[tuple[Point, Point]]) -> NDArray[np.float64]:
    """Return the least-squares homography (direct linear transform on scaled points)."""
    sheet, picture = (np.array([pair[side] for pair in known]) for side in (0, 1))
    (here, sheet), (there, picture) = _scaled(sheet), _scaled(picture)
    rows = []
    for (x, y), (u, v) in zip(sheet, picture, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y, -u], [0, 0, 0, x, y, 1, -v * x, -v * y, -v]]
    solved = np.linalg.svd(np.array(rows))[2][-1].reshape(3, 3)
    matrix: NDArray[np.float64] = np.linalg.inv(there) @ solved @ here
    matrix /= matrix[2, 2]
    return matrix


def _scaled(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    middle, spread = points.mean(0), max(float(points.std()), 1e-6)
    matrix = np.array([[1 / spread, 0, -middle[0] / spread], [0, 1 / spread, -middle[1] / spread], [0, 0, 1]])
    return matrix, (points - middle) / spread
