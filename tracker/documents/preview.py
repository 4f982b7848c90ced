"""Pages of a PDF as pictures, for seeing a paper on a screen."""

from io import BytesIO
from threading import Lock

import pypdfium2

one_at_a_time = Lock()
"""PDFium is not safe for threads."""


def page_images(pdf: bytes, long_side: int, limit: int = 60) -> list[bytes]:
    """Return the first `limit` pages as JPEG files, first page first, the longer side `long_side` pixels.

    :raises pypdfium2.PdfiumError: when the bytes are no PDF.
    """
    with one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [_picture(document[number], long_side) for number in range(min(len(document), limit))]
        finally:
            document.close()


def _picture(page: pypdfium2.PdfPage, long_side: int) -> bytes:
    scale = long_side / max(page.get_size())
    out = BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(out, "JPEG", quality=82)
    page.close()
    return out.getvalue()
