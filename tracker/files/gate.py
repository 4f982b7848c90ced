"""The gate: what a file is by its bytes, and whether it may come in. Every refusal says what, why, and what to do.

The name and the type that the browser claims are ignored.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from tracker.files.child import Failed, ask_child
from tracker.kit.errors import Refused
from tracker.kit.words import N_

CHUNK = 1 << 20
LARGEST = 20 * CHUNK
KINDS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png"}

ONLY = N_(
    "This file is neither a PDF nor a JPEG or PNG picture. Scan the paper as PDF, JPEG or PNG and upload that file."
)
LOOKS_LIKE = (
    (b"<svg", N_("This file is an SVG drawing, which can carry programs. Save it as PNG or PDF and upload that file.")),
    (b"<", N_("This file is a web page or another text file, not a scan. Upload the scan itself as PDF, JPEG or PNG.")),
    (b"MZ", N_("This file is a program. Only PDF, JPEG and PNG are taken; upload the scan itself.")),
    (b"\x7fELF", N_("This file is a program. Only PDF, JPEG and PNG are taken; upload the scan itself.")),
    (b"GIF8", N_("This file is a GIF picture. Save it as PNG or JPEG and upload that file.")),
    (
        b"PK\x03\x04",
        N_("This file is an Office document, an OFD or an archive. Export it as PDF and upload that file."),
    ),
    (b"\xd0\xcf\x11\xe0", N_("This file is an old Office document. Export it as PDF and upload that file.")),
)
UNREADABLE = N_(
    "The file could not be opened safely: it may be damaged or unusually built."
    " Scan or export it again and upload the new file; if that fails too, call the office."
)
REASONS = {
    "incomplete": N_("The file is incomplete: its end is missing. Copy or scan it again and upload the new file."),
    "encrypted": N_("The PDF is protected by a password. Remove the protection and upload it again."),
    "broken": UNREADABLE,
    "pages": N_("The PDF has no page, or more than 3,000. Upload the signed and sealed pages only."),
    "page_size": N_(
        "A page of the PDF is larger than five metres. Print it to an ordinary paper size and upload that file."
    ),
    "pixels": N_("The picture has more than 80 million pixels. Scan it at 300 dpi and upload the new file."),
}
EMPTY = N_("The file is empty. Choose the scan again and upload it.")
TOO_LARGE = N_(
    "The file is larger than %(megabytes)s MB. Scan it at 300 dpi in grey or colour, or split it, and upload again."
)


@dataclass(frozen=True, slots=True)
class Passed:
    """A file that came through the gate: its bytes (open, from the start), kind, pages, active content."""

    file: BinaryIO
    kind: str
    """pdf, jpeg or png."""
    pages: int
    active: tuple[str, ...]
    """What could run or hide in it (javascript, launch, embedded …), sorted; such a file is kept, marked."""


@contextmanager
def at_gate(stream: BinaryIO, largest: int = LARGEST) -> Iterator[Passed]:
    """Copy the stream aside, look at it in a child process, and lend the copy; it is gone when the block ends.

    :raises Refused: the file may not come in; the sentence says why and what to do.
    """
    with tempfile.TemporaryFile() as copy:
        start = _copy(stream, copy, largest)
        kind = kind_of(start)
        pages, active = _look(copy, kind)
        copy.seek(0)
        yield Passed(copy, kind, pages, active)


def kind_of(start: bytes) -> str:
    """Return pdf, jpeg or png by the bytes at the very beginning.

    :raises Refused: anything else, named where it is recognised.
    """
    for magic, kind in KINDS.items():
        if start.startswith(magic):
            return kind
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<") and b"<svg" in text.lower():
        raise Refused(LOOKS_LIKE[0][1])
    for magic, sentence in LOOKS_LIKE:
        if text.startswith(magic):
            raise Refused(sentence)
    raise Refused(ONLY)


def _copy(stream: BinaryIO, copy: BinaryIO, largest: int) -> bytes:
    """Copy at most `largest` bytes and return the first 1024; the length a request claims proves nothing."""
    size = 0
    while chunk := stream.read(CHUNK):
        size += copy.write(chunk)
        if size > largest:
            raise Refused(TOO_LARGE, megabytes=largest // CHUNK)
    if not size:
        raise Refused(EMPTY)
    copy.flush()  # the child reads what the system has, not what we still hold
    copy.seek(0)
    return copy.read(1024)


def _look(file: BinaryIO, kind: str) -> tuple[int, tuple[str, ...]]:
    try:
        verdict = json.loads(ask_child(file, "look", kind))
        if "refused" in verdict:
            raise Refused(REASONS[verdict["refused"]])
        return int(verdict["pages"]), tuple(map(str, verdict["active"]))
    except (Failed, ValueError, KeyError, TypeError) as error:  # the child met the file: its answer may be nonsense
        raise Refused(UNREADABLE) from error
