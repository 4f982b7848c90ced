"""The picture of a seal, drawn anew: nothing of the bytes in the file reaches a page."""

from base64 import b64encode
from io import BytesIO

FORMATS = ["PNG", "JPEG", "BMP", "GIF"]
SIDE = 240
"""Longest side of what is shown, in pixels."""
PIXELS = 8_000_000
LARGEST = 1 << 20


def as_data_uri(picture: bytes) -> str:
    """Return a seal's picture as a small PNG in a data URI; "" when it is too large or an OFD itself."""
    from PIL import Image  # noqa: PLC0415  (after the child's limits)

    if len(picture) > LARGEST:
        return ""
    try:
        with Image.open(BytesIO(picture), formats=FORMATS) as image:
            if image.width * image.height > PIXELS:
                return ""
            image.seek(0)
            drawn = image.convert("RGBA")
        drawn.thumbnail((SIDE, SIDE))
        out = BytesIO()
        drawn.save(out, "PNG", optimize=True)
    except Exception:  # a hostile picture fails in many ways, none of which matters to the verdict
        return ""
    return "data:image/png;base64," + b64encode(out.getvalue()).decode()
