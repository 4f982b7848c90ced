"""Pages of reply sheets as a scanner delivers them: a code where the real sheet has it, a little writing."""

import io

import segno
from PIL import Image, ImageDraw

from tracker.files.operations import Received
from tracker.files.place import originals
from tracker.scans.read import PageReading

WIDTH, HEIGHT = 827, 1170
"""A4 at 100 dpi: small and quick, and well above what the code needs."""
PER_MM = WIDTH / 210


def page(token: str = "", version: int = 1, k: int = 1, of: int = 1, turn: int = 0) -> Image.Image:
    """One page, lying turned clockwise by `turn` degrees; without a code where no token is given."""
    paper = Image.new("RGB", (WIDTH, HEIGHT), (252, 251, 248))
    draw = ImageDraw.Draw(paper)
    for line in range(14):
        draw.rectangle((120, 220 + 40 * line, 700 - 13 * (line % 5), 230 + 40 * line), fill=(60, 60, 60))
    if token:
        paper.paste(code(f"http://localhost/r/{token}/{version}/P{k}of{of}"), (round(160 * PER_MM), round(12 * PER_MM)))
    return paper.rotate(-turn, expand=True)


def code(payload: str) -> Image.Image:
    """The code, 26 mm wide."""
    out = io.BytesIO()
    segno.make(payload, error="q", micro=False).save(out, kind="png", scale=4, border=0)
    side = round(26 * PER_MM)
    return Image.open(out).convert("RGB").resize((side, side), Image.Resampling.LANCZOS)


def received(file: bytes, pages: int) -> Received:
    """A PDF as if it had come through the gate, which has its own tests and takes half a second."""
    sha256, size = originals().put(io.BytesIO(file))
    return Received(sha256, size, "pdf", "回执.pdf", pages, active_content=False)


def pdf(pages: list[Image.Image]) -> bytes:
    """The pages as a scanner's PDF: one JPEG each."""
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=100)
    return out.getvalue()


def seen(n: int, token: str = "", version: int = 1, k: int = 1, of: int = 1, turn: int = 0) -> PageReading:
    """What the machine says of a page; without a code where no token is given."""
    code = {"token": token, "version": version, "page": k, "of": of}
    nothing = {"seal": None, "signature": None, "sharpness": None}
    return {"n": n, "turn": turn, "width": 1, "height": 1, "codes": [code] if token else [], **nothing}
