"""Everything a finished PDF carries, for whoever must prove that something is not in it.

What a reader sees, and what only a tool finds: compressed objects, metadata, attachments, bookmarks, descriptions of
pictures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2

from tracker.documents.preview import one_at_a_time
from tracker.kit.words import N_

PAGE, OBJECT, WHOLE = N_("PDF, text of page %(n)s"), N_("PDF, object %(n)s"), N_("PDF, the file as it lies there")
FONTS = ("/FontFile", "/FontFile2", "/FontFile3")


@dataclass(frozen=True)
class Carried:
    """A part of a file: where (msgid and number), its text or its bytes; `dense` bytes are no text (type, pictures)."""

    where: str
    n: int = 0
    text: str = ""
    data: bytes = b""
    dense: bool = False


def carried(pdf: bytes) -> list[Carried]:
    """Return every part of a PDF: its bytes, the text of its pages, the strings and unpacked streams of all objects.

    :raises pikepdf.PdfError: it is none.
    """
    return [Carried(WHOLE, data=pdf, dense=True), *_pages(pdf), *_objects(pdf)]


def _pages(pdf: bytes) -> list[Carried]:
    with one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [Carried(PAGE, n + 1, _text(document[n])) for n in range(len(document))]
        finally:
            document.close()


def _text(page: pypdfium2.PdfPage) -> str:
    layer = page.get_textpage()
    said = str(layer.get_text_bounded())
    layer.close()
    page.close()
    return said


def _objects(pdf: bytes) -> list[Carried]:
    found: list[Carried] = []
    with pikepdf.open(BytesIO(pdf)) as document:
        fonts = {each[name].objgen for each in document.objects if _is_map(each) for name in FONTS if name in each}
        for n, each in enumerate(document.objects, 1):
            found += [Carried(OBJECT, n, text, data) for text, data in _strings(each)]
            if isinstance(each, pikepdf.Stream):
                data = each.read_bytes() if _readable(each) else each.read_raw_bytes()
                dense = each.objgen in fonts or each.get("/Subtype") == "/Image"
                found.append(Carried(OBJECT, n, "" if dense else data.decode("utf-8", "ignore"), data, dense))
        found += [Carried(OBJECT, 0, text, data) for text, data in _strings(document.trailer)]
    return found


def _is_map(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Dictionary | pikepdf.Stream)


def _readable(stream: Any) -> bool:
    try:
        stream.read_bytes()
    except pikepdf.PdfError:
        return False
    return True


def _strings(thing: Any, deep: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield what strings and names of an object say, and their bytes; other objects are visited by themselves."""
    if isinstance(thing, pikepdf.String):
        yield str(thing), bytes(thing)
    elif isinstance(thing, pikepdf.Name):
        yield str(thing), str(thing).encode()
    elif _is_map(thing) and deep < 20:
        yield from ((name, name.encode()) for name in list(thing.keys()))
        yield from _of_own([thing[name] for name in list(thing.keys())], deep)
    elif isinstance(thing, pikepdf.Array) and deep < 20:
        yield from _of_own(list(thing), deep)


def _of_own(things: list[Any], deep: int) -> Iterator[tuple[str, bytes]]:
    for each in things:
        if not getattr(each, "is_indirect", False):
            yield from _strings(each, deep + 1)
