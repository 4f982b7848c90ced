"""The code on every page of a reply sheet: which case, which version, which page of how many, and how the page lies."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

PAYLOAD = re.compile(r"https?://[^/\s]+/(?:[^\s]*/)?r/([A-Za-z0-9_-]{8,64})/(\d{1,4})/P(\d{1,4})of(\d{1,4})")
Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """One code: the case's token, version of the sheet, page `page` (from 1) of `of`, where it stands."""

    token: str
    version: int
    page: int
    of: int
    corners: Corners = ()
    """(x, y) in pixels, in the symbol's own order: top left, top right, bottom right, bottom left."""


def parse(payload: str) -> Code | None:
    """Return what a code of ours says, or None for any other text; the host is not looked at, since offices move."""
    found = PAYLOAD.fullmatch(payload.strip())
    if found is None:
        return None
    version, page, of = (int(number) for number in found.groups()[1:])
    return Code(found[1], version, page, of) if 1 <= page <= of and version else None


def find(picture: Any) -> tuple[list[Code], int]:
    """Return the codes on a page (array H × W × 3 of bytes) and the quarter turns that bring it upright.

    The turn is in degrees clockwise: 0, 90, 180 or 270; 0 where no code tells. A code printed twice counts once.
    """
    # Only the child process reads pictures.
    from zxingcpp import BarcodeFormat, BarcodeFormats, Binarizer, read_barcodes  # noqa: PLC0415

    seen: dict[str, Any] = {}
    for binarizer in (Binarizer.LocalAverage, Binarizer.GlobalHistogram, Binarizer.FixedThreshold):
        for barcode in read_barcodes(picture, formats=BarcodeFormats(BarcodeFormat.QRCode), binarizer=binarizer):
            if parse(barcode.text) is not None:
                seen.setdefault(barcode.text, barcode)
        if seen:
            break  # other manners of telling ink from paper are for pages on which the usual one finds nothing
    found = [_placed(barcode) for barcode in seen.values()]
    turns = Counter(_turn(code.corners) for code in found)
    return found, turns.most_common(1)[0][0] if turns else 0


def _placed(barcode: Any) -> Code:
    place = barcode.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    code = parse(barcode.text)
    assert code is not None  # noqa: S101  (only such texts come here)
    return Code(code.token, code.version, code.page, code.of, tuple((float(p.x), float(p.y)) for p in corners))


def _turn(corners: Corners) -> int:
    """Return the clockwise turn that makes the code's upper edge run to the right."""
    (x, y), (to_x, to_y) = corners[0], corners[1]
    across, down = to_x - x, to_y - y
    if abs(across) >= abs(down):
        return 0 if across > 0 else 180
    return 270 if down > 0 else 90


def turned(code: Code, turn: int, width: int, height: int) -> Code:
    """Return the code as it stands after the page (width × height pixels before) was turned clockwise."""
    moves = {
        0: lambda x, y: (x, y),
        90: lambda x, y: (height - y, x),
        180: lambda x, y: (width - x, height - y),
        270: lambda x, y: (y, width - x),
    }
    return Code(code.token, code.version, code.page, code.of, tuple(moves[turn](x, y) for x, y in code.corners))
