"""Runs alone in a child process with few rights: reads pages of one hostile scan on standard input, or copies them.

    python -I child.py read KIND FIRST LAST     → JSON: one object per page (pages from 1), see `tracker.scans.read`
    python -I child.py split [[[PAGE, TURN], …], …] → PDFs of chosen pages, each behind its length

Limits are set before any library is loaded; of the product only this folder, plain measures of the paper and marked
words come into its memory.
"""

import base64
import io
import json
import os
import resource
import struct
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

MEGABYTE = 1 << 20
LIMITS = {
    resource.RLIMIT_AS: 900 * MEGABYTE,
    resource.RLIMIT_CPU: 30,
    resource.RLIMIT_FSIZE: 80 * MEGABYTE,
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_CORE: 0,
}
LONG_SIDE = 2340
"""Pixels: A4 at 200 dpi; the code is read down to 75."""
CROP_SIDE = 420
PIXELS = 80_000_000


def main() -> None:
    """Read the command, do it under the limits, write the answer."""
    for limit, value in LIMITS.items():
        resource.setrlimit(limit, (value, value))
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # its threads would reserve more memory than the limit leaves
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    command, *rest = sys.argv[1:]
    data = os.pread(0, os.fstat(0).st_size, 0)
    if command == "read":
        answer = json.dumps(read(rest[0], data, int(rest[1]), int(rest[2]))).encode()
    else:
        answer = split(data, json.loads(rest[0]))
    sys.stdout.buffer.write(answer)


def read(kind: str, data: bytes, first: int, last: int) -> list[dict[str, Any]]:
    """Return what stands on pages first … last (from 1, both included)."""
    draw = _drawer(kind, data)
    return [read_page(number, *draw(number)) for number in range(first, last + 1)]


def _drawer(kind: str, data: bytes) -> Any:
    if kind != "pdf":
        return lambda _number: _picture(kind, data)
    import pypdfium2  # noqa: PLC0415  (after the limits)

    pdf = pypdfium2.PdfDocument(data)
    pdf.init_forms()  # seals of electronic signatures are form fields: without this they stay invisible
    return lambda number: _drawn(pdf[number - 1])


def _drawn(page: Any) -> tuple[Any, int | None]:
    """Return a PDF page as a picture at about 200 dpi, and the short side of the scan in it where it is one picture."""
    import pypdfium2.raw as raw  # noqa: PLC0415

    scale = LONG_SIDE / max(*page.get_size(), 1)
    pictures = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2))
    native = min(pictures[0].get_px_size()) if len(pictures) == 1 else None
    return page.render(scale=scale).to_pil().convert("RGB"), native


def _picture(kind: str, data: bytes) -> tuple[Any, int | None]:
    """Return a picture file as its preview shows it (turned as its EXIF says), at most 2340 pixels; its short side."""
    from PIL import Image, ImageOps  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = PIXELS
    image: Any = Image.open(io.BytesIO(data), formats=[kind.upper()])
    native = min(image.size)
    image.thumbnail((LONG_SIDE, LONG_SIDE), reducing_gap=2.0)
    image = ImageOps.exif_transpose(image)
    if not image.has_transparency_data:
        return image.convert("RGB"), native
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.convert("RGBA").getchannel("A"))
    return paper, native


def read_page(number: int, picture: Any, native: int | None) -> dict[str, Any]:
    """Return what stands on one page; every judgement is made on the upright page."""
    import numpy as np  # noqa: PLC0415

    from tracker.scans import codes, register, seal, sharpness, signature  # noqa: PLC0415

    page = np.asarray(picture)
    found, turn = codes.find(page)
    upright = np.ascontiguousarray(np.rot90(page, -turn // 90))
    found = [codes.turned(code, turn, page.shape[1], page.shape[0]) for code in found]
    registration = register.register(upright, found[0].corners) if len(found) == 1 else None
    said: dict[str, Any] = {"seal": seal.judge(upright, registration), "sharpness": sharpness.judge(upright, native)}
    signs = len(found) != 1 or found[0].page == found[0].of  # a sheet is signed on its last page
    said["signature"] = signature.judge(upright, registration) if signs else None
    reading = {"n": number, "turn": turn, "width": upright.shape[1], "height": upright.shape[0]}
    reading["codes"] = [{k: v for k, v in asdict(code).items() if k != "corners"} for code in found]
    reading["page_crop"] = _small(upright)
    for name, hint in said.items():
        reading[name] = asdict(hint) if hint is not None else None
        box = getattr(hint, "box", None)
        if box:
            reading[f"{name}_crop"] = _crop(upright, box)
    return reading


def _crop(page: Any, box: Any) -> str:
    """Return what lies in the box, and a little around it, as a small JPEG in base64."""
    left, top, width, height = (float(side) for side in box)
    margin = 0.12 * max(width, height)
    limits = (max(left - margin, 0), max(top - margin, 0), left + width + margin, top + height + margin)
    x, y, to_x, to_y = (int(limit) for limit in limits)
    return _small(page[y:to_y, x:to_x])


def _small(picture: Any) -> str:
    """Return a picture (array) as a small JPEG in base64."""
    from PIL import Image  # noqa: PLC0415

    image = Image.fromarray(picture)
    image.thumbnail((CROP_SIDE, CROP_SIDE), reducing_gap=2.0)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return base64.b64encode(out.getvalue()).decode()


def split(data: bytes, parts: list[list[list[int]]]) -> bytes:
    """Return one PDF per part with its pages copied unaltered, only turned upright by their /Rotate entry."""
    import pikepdf  # noqa: PLC0415

    whole = pikepdf.open(io.BytesIO(data))
    answer = io.BytesIO()
    for part in parts:
        copy = pikepdf.new()
        for number, turn in part:
            copy.pages.append(whole.pages[number - 1])
            copy.pages[-1].rotate(turn, relative=True)
        out = io.BytesIO()
        copy.remove_unreferenced_resources()
        copy.save(out, deterministic_id=True)
        answer.write(struct.pack(">I", out.tell()) + out.getvalue())
    return answer.getvalue()


if __name__ == "__main__":
    main()
