"""Where things stand on official A4 paper: GB/T 9704-2012, in millimetres and points."""

from dataclasses import dataclass

POINTS_PER_MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
TOP, LEFT, RIGHT, BOTTOM = 37.0, 28.0, 26.0, 35.0
"""White margins 天头, 订口, 切口, 地脚 (5.2.1); the type area 版心 between them is 156 mm x 225 mm."""
TEXT_WIDTH, TEXT_HEIGHT = PAGE_WIDTH - LEFT - RIGHT, PAGE_HEIGHT - TOP - BOTTOM
LINES, CHARACTERS = 22, 28
"""Lines a page and characters a line (5.2.3)."""

LETTER_HEAD, LETTER_FOOT = 30.0, 270.62
"""A letter (10.1): upper edge of the issuer's name; where the last line of its first page may end, 7/8 of a character
above the second red line, whose lower edge stands 20 mm from the foot of the page."""
TIGHTEST = 0.9
"""Line pitch of a page whose signature would not find room, as part of the grid's (7.3.5.4: 可以采取调整行距的措施)."""

SQUARE, SQUARE_INSET = 7.0, 12.0
"""Registration squares of sheets that come back scanned: side, and their distance from the paper's edges."""
QR_LEFT, QR_TOP, QR_SIDE = 160.0, 12.0, 26.0
"""The code on every page of such a sheet: upper left corner of its first module, side without the quiet zone."""
SIGN_TOP, SIGN_HEIGHT, SIGN_WIDTH = 200.0, 58.0, TEXT_WIDTH / 2
"""The boxes 主要领导签字 (left half of the type area) and 单位盖章 (right half) at the foot of a sheet's last page."""
SIGN_PRINTED = ((0.0, 0.0, 46.0, 10.0), (24.0, 47.0, SIGN_WIDTH, SIGN_HEIGHT))
"""What is printed in each of the two boxes, its label and the day to be filled in: left, top, right, bottom from the
box's corner. Whoever looks for ink in a box leaves these out."""


def points(millimetres: float) -> float:
    """Return a length in points."""
    return millimetres * POINTS_PER_MM


@dataclass(frozen=True)
class Grid:
    """One reading of "22 lines of 28 characters"; lengths in points, `top` and `bottom` page margins in millimetres."""

    name: str
    size: float
    pitch: float
    top: float
    bottom: float

    @property
    def track(self) -> float:
        """Space after each character that makes exactly 28 of them as wide as the type area."""
        return (points(TEXT_WIDTH) - CHARACTERS * self.size) / (CHARACTERS - 1)

    @property
    def leading(self) -> float:
        """Blank above and below a character in its line, in millimetres."""
        return (self.pitch - self.size) / 2 / POINTS_PER_MM

    @property
    def cell(self) -> float:
        """Advance of one character on the grid, the unit of "left two characters blank"."""
        return self.size + self.track


def _strict() -> Grid:
    size = 15.75
    pitch = (points(TEXT_HEIGHT) - size) / (LINES - 1)
    leading = (pitch - size) / 2 / POINTS_PER_MM
    return Grid("strict", size, pitch, TOP - leading, BOTTOM - leading)


GRIDS = {
    "word": Grid("word", 16.0, points(TEXT_HEIGHT) / LINES, TOP, BOTTOM),
    "strict": _strict(),
}
"""`word`: 16 pt on a pitch of 225 mm / 22, what Word and WPS print with a 22 x 28 document grid.
`strict`: the standard's own arithmetic, 15.75 pt, first em box at 37 mm and last one ending at 262 mm."""
