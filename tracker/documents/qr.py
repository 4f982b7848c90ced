"""QR codes as rows of dark modules; drawn by whoever prints them."""

import segno


def modules(payload: str) -> list[list[bool]]:
    """Return the matrix of a QR code, level Q (a quarter of it may be lost to a pen stroke), without its quiet zone."""
    code = segno.make(payload, error="q", micro=False, boost_error=False)
    return [[bool(module) for module in row] for row in code.matrix]
