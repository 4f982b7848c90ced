"""The parent's side of reading scans: starts the child, believes its answer no further than its shape.

A page as read (`PageReading`, plain values, kept as JSON):
  n, turn (degrees clockwise that bring it upright), width, height (pixels, upright),
  codes [{token, version, page, of}],
  seal, signature, sharpness (what tracker.scans.seal … say, or None), unreadable (True: the child died of this page).
Beside it come small JPEGs: the page, and what stands in the boxes of seal and signature.
"""

import base64
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from tracker.kit.confined import Failed as Failed
from tracker.kit.confined import ask

SCRIPT = Path(__file__).with_name("child.py")
SECONDS = 60
"""Wall time of one child; its processor time is limited inside."""
AT_ONCE = 6
"""Pages that one child reads: an answer is kept every few seconds, and a killed reader loses only these."""
LONGEST_ANSWER = 120 << 20
CROPS = ("seal", "signature", "page")
HINTS = ("seal", "signature", "sharpness")
LEVELS = ("found", "suspected", "absent", "unknown", "fine", "low", "blurred")
JPEG = b"\xff\xd8\xff"
PageReading = dict[str, Any]


@dataclass
class Seen:
    """Pages as read, and small pictures by (page, "page" | "seal" | "signature")."""

    pages: list[PageReading] = field(default_factory=list)
    crops: dict[tuple[int, str], bytes] = field(default_factory=dict)


def read(file: BinaryIO, kind: str, first: int, last: int) -> Seen:
    """Return what stands on pages first … last (from 1, both included) of a pdf, jpeg or png.

    A page that kills its reader is noted as unreadable, the others are read all the same; never raises for a file.
    """
    try:
        return _understood(_ask(file, "read", kind, str(first), str(last)), first, last)
    except Failed:
        if first == last:
            return Seen([unreadable(first)])
    seen = Seen()
    for number in range(first, last + 1):
        one = read(file, kind, number, number)
        seen.pages += one.pages
        seen.crops |= one.crops
    return seen


def unreadable(number: int) -> PageReading:
    """Return the reading of a page that nothing can be said of."""
    nothing: PageReading = {"seal": None, "signature": None, "sharpness": None}
    return {"n": number, "turn": 0, "width": 0, "height": 0, "codes": [], "unreadable": True, **nothing}


def split(file: BinaryIO, parts: list[list[tuple[int, int]]]) -> list[bytes]:
    """Return one PDF per part: its pages, given as (number from 1, turn in degrees), copied from the PDF.

    :raises Failed: the file cannot be taken apart within the limits.
    """
    answer = _ask(file, "split", json.dumps(parts))
    found, at = [], 0
    while at + 4 <= len(answer):
        (size,) = struct.unpack_from(">I", answer, at)
        found.append(answer[at + 4 : at + 4 + size])
        at += 4 + size
    if len(found) != len(parts) or not all(pdf.startswith(b"%PDF-") for pdf in found):
        raise Failed("answer")
    return found


def _understood(answer: bytes, first: int, last: int) -> Seen:
    """Return the child's answer, whose shape is checked: it met the file, and may say anything."""
    seen = Seen()
    try:
        for expected, page in zip(range(first, last + 1), json.loads(answer), strict=True):
            if page["n"] != expected or page["turn"] not in (0, 90, 180, 270):
                raise Failed("answer")
            for name in CROPS:
                picture = base64.b64decode(page.pop(f"{name}_crop", ""), validate=True)
                if picture.startswith(JPEG):
                    seen.crops[expected, name] = picture
            page["codes"] = [_code(each) for each in page["codes"]]
            for name in HINTS:
                if page[name] is not None and page[name]["level"] not in LEVELS:
                    raise Failed("answer")
            seen.pages.append(page)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failed("answer") from error
    return seen


def _code(told: dict[str, Any]) -> dict[str, Any]:
    return {"token": str(told["token"])[:64]} | {key: int(told[key]) for key in ("version", "page", "of")}


def _ask(file: BinaryIO, *command: str) -> bytes:
    return ask(SCRIPT, file, *command, seconds=SECONDS, longest=LONGEST_ANSWER)
