"""Runs alone in a child process with few rights: looks into one hostile file on standard input.

    python -I inspect_child.py look KIND      → JSON: {"kind": k, "pages": n, "active": […]} or {"refused": code}
    python -I inspect_child.py page KIND N    → JPEG of page N (from 1)

KIND is pdf, jpeg, png or zip. It is a script, not a module of the product: nothing of ours is in its memory, only for
a ZIP the reader of archives.
Limits are set before any library is loaded. Whatever goes wrong here ends this process only.
"""

import io
import json
import os
import re
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MEGABYTE = 1 << 20
LIMITS = {
    resource.RLIMIT_AS: 900 * MEGABYTE,
    resource.RLIMIT_CPU: 15,
    resource.RLIMIT_FSIZE: 30 * MEGABYTE,
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_CORE: 0,
}
PAGES = 3000
POINTS = 14400
"""Largest side of a PDF page (ISO 32000 annex C: 200 inches)."""
PIXELS = 80_000_000
"""Largest picture: A3 at 600 dpi has 70 million."""
LONG_SIDE = 1600
QUALITY = 80
ACTIVE_KEYS = {
    "/JS": "javascript",
    "/JavaScript": "javascript",
    "/EmbeddedFiles": "embedded",
    "/EF": "embedded",
    "/XFA": "xfa",
    "/RichMediaContent": "media",
}
ACTIVE_NAMES = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/EmbeddedFile": "embedded",
    "/GoToE": "goto",
    "/SubmitForm": "submit",
    "/ImportData": "submit",
    "/RichMedia": "media",
    "/Rendition": "media",
}

FOREIGN = re.compile(
    rb"PK\x03\x04|Rar!|7z\xbc\xaf|\x7fELF|MZ.{58,}PE\0\0|<(html|script|svg|\?php|!doctype)", re.IGNORECASE | re.DOTALL
)
"""Another file behind the end of a PDF: harmless as long as nobody opens it as that."""


class Unfit(Exception):
    """The file is refused; the text is the code of the reason."""


def main() -> None:
    """Read the command, do it under the limits, write the answer."""
    for limit, value in LIMITS.items():
        resource.setrlimit(limit, (value, value))
    os.nice(10)  # pages that people wait for come first
    command, kind, *page = sys.argv[1:]
    data = os.pread(0, os.fstat(0).st_size, 0)  # the file's position is shared with the parent, and stays as it is
    try:
        answer = json.dumps(look(kind, data)).encode() if command == "look" else picture(kind, data, int(page[0]))
    except Unfit as unfit:
        answer = json.dumps({"refused": str(unfit)}).encode()
    sys.stdout.buffer.write(answer)


def look(kind: str, data: bytes) -> dict[str, Any]:
    """Return {"kind": what it is, "pages": number, "active": sorted kinds of active content}.

    :raises Unfit: the file is incomplete, encrypted, too large inside, or not what it says.
    """
    if kind == "pdf":
        return look_into_pdf(data)
    if kind == "zip":
        return look_into_zip(data)
    open_image(kind, data)
    return {"kind": kind, "pages": 1, "active": []}


def look_into_zip(data: bytes) -> dict[str, Any]:
    """See `look`; of the product only the reader of archives comes into memory."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from tracker.files.archives import look_into_archive  # noqa: PLC0415  (after the limits)

    found = look_into_archive(data)
    if "refused" in found:
        raise Unfit(found["refused"])
    return found


def look_into_pdf(data: bytes) -> dict[str, Any]:
    """See `look`; the first page is drawn as well, because a structure that reads may still not draw."""
    import pikepdf  # noqa: PLC0415  (after the limits)

    body = complete_part(data)
    try:
        # Strictly where something follows the end: there the repair would read an older state of the file.
        pdf = pikepdf.open(io.BytesIO(data if body is None else body), attempt_recovery=body is None)
        if pdf.is_encrypted:
            raise Unfit("encrypted")
        pages = len(pdf.pages)
        check_pages(pdf, pages)
        active = {mark for thing in pdf.objects for mark in marks_in(thing)}
        if "embedded" in active and only_plain_data(pdf):
            active.remove("embedded")  # as in our own papers, which carry their content along as JSON
    except pikepdf.PasswordError:
        raise Unfit("encrypted") from None
    except pikepdf.PdfError:
        raise Unfit("incomplete" if body is not None else "broken") from None
    draw_pdf_page(data, 1, long_side=200)
    if body is not None and FOREIGN.search(data, len(body) - 1):
        active.add("appended")
    return {"kind": "pdf", "pages": pages, "active": sorted(active)}


def only_plain_data(pdf: Any) -> bool:
    """Tell whether every attached file is text that no program runs, by the ending that decides what opens it.

    That is the name in each file's own description, wherever in the PDF that stands; the key of a list of files is
    only another one, which a program hides behind.
    """
    described = [each for thing in pdf.objects for each in dictionaries_in(thing) if "/EF" in each]
    names = [str(each[key]) for each in described for key in ("/UF", "/F", "/DOS", "/Mac", "/Unix") if key in each]
    named = all("/UF" in each or "/F" in each for each in described)
    plain = all(
        name.lower().endswith((".json", ".xml", ".txt", ".csv")) for name in [*names, *map(str, pdf.attachments)]
    )
    return bool(described) and named and plain and not any("/RF" in each for each in described)


def complete_part(data: bytes) -> bytes | None:
    """Return None for a file that ends where a PDF ends, otherwise the part up to its last end mark.

    :raises Unfit: there is no end mark, or a further part begins behind it and is cut off.
    """
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise Unfit("incomplete")
    rest = data[end + 5 :].lstrip(b"\r\n\0 ")
    if not rest:
        return None
    if rest[:1].isdigit() and b" obj" in rest[:40]:
        raise Unfit("incomplete")
    return data[: end + 5] + b"\n"


def check_pages(pdf: Any, pages: int) -> None:
    """Look at number and size of the pages.

    :raises Unfit: no page, too many, or one beyond the size a PDF page may have.
    """
    if not 0 < pages <= PAGES:
        raise Unfit("pages")
    for page in pdf.pages:
        left, bottom, right, top = (float(value) for value in page.mediabox)
        if max(abs(right - left), abs(top - bottom)) > POINTS:
            raise Unfit("page_size")


def marks_in(thing: Any) -> Iterator[str]:
    """Yield the kinds of active content in one indirect object and the direct objects nested in it."""
    return (mark for here in dictionaries_in(thing) for mark in marks_of_keys(here))


def dictionaries_in(thing: Any) -> Iterator[Any]:
    """Yield the dictionaries and streams in one indirect object: itself and the direct objects nested in it."""
    import pikepdf  # noqa: PLC0415

    open_ends = [thing]
    while open_ends:
        here = open_ends.pop()
        if isinstance(here, pikepdf.Array):
            children = list(here)
        elif isinstance(here, (pikepdf.Dictionary, pikepdf.Stream)):
            yield here
            children = [value for _key, value in here.items()]
        else:
            continue
        # An indirect child comes by itself among the file's objects; following it here could run in circles.
        open_ends += [child for child in children if isinstance(child, pikepdf.Object) and not child.is_indirect]


def marks_of_keys(here: Any) -> Iterator[str]:
    """Yield what a dictionary's own keys and type names say."""
    for key in here.keys():  # noqa: SIM118  (a pikepdf object, no mapping)
        if key in ACTIVE_KEYS:
            yield ACTIVE_KEYS[key]
        elif key in ("/S", "/Type", "/Subtype") and str(here[key]) in ACTIVE_NAMES:
            yield ACTIVE_NAMES[str(here[key])]


def picture(kind: str, data: bytes, page: int) -> bytes:
    """Return the page as a JPEG whose long side is 1600 pixels or the picture's own, without any metadata."""
    if kind not in ("pdf", "jpeg", "png"):
        raise Unfit("broken")
    image = draw_pdf_page(data, page, LONG_SIDE) if kind == "pdf" else upright(open_image(kind, data))
    image.thumbnail((LONG_SIDE, LONG_SIDE), reducing_gap=2.0)
    out = io.BytesIO()
    on_white(image).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def draw_pdf_page(data: bytes, number: int, long_side: int) -> Any:
    """Return the drawn page as a picture.

    :raises Unfit: there is no such page, or it cannot be drawn.
    """
    import pypdfium2  # noqa: PLC0415

    try:
        pdf = pypdfium2.PdfDocument(data)
        pdf.init_forms()  # seals of electronic signatures are form fields: without this they stay invisible
        page = pdf[number - 1]
        scale = long_side / max(*page.get_size(), 1)
        return page.render(scale=scale).to_pil()
    except (pypdfium2.PdfiumError, IndexError):
        raise Unfit("broken") from None


def open_image(kind: str, data: bytes) -> Any:
    """Return the fully decoded picture (the first of an animated one).

    :raises Unfit: too many pixels, cut off, or damaged.
    """
    from PIL import Image  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = None  # our own limit refuses before anything is decoded
    try:
        image = Image.open(io.BytesIO(data), formats=[kind.upper()])
        check_picture(image, kind, data)
        image.load()
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow's decoders raise, each meaning the same
        raise Unfit("incomplete" if "truncated" in str(error) else "broken") from None
    return image


def check_picture(image: Any, kind: str, data: bytes) -> None:
    """Look at the size the header claims, and whether the end is there.

    :raises Unfit: too many pixels, or no end mark.
    """
    if image.width * image.height > PIXELS:
        raise Unfit("pixels")
    if (b"\xff\xd9" if kind == "jpeg" else b"IEND") not in data:
        raise Unfit("incomplete")


def upright(image: Any) -> Any:
    """Return the picture turned as its EXIF says."""
    from PIL import ImageOps  # noqa: PLC0415

    image.thumbnail((LONG_SIDE, LONG_SIDE), reducing_gap=2.0)
    return ImageOps.exif_transpose(image)


def on_white(image: Any) -> Any:
    """Return the picture in RGB; what was transparent is white, as paper is."""
    from PIL import Image  # noqa: PLC0415

    if image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")  # a plain conversion cuts off
    if not image.has_transparency_data:
        return image if image.mode == "L" else image.convert("RGB")
    image = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


if __name__ == "__main__":
    main()
