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
from tracker.files.refusals import EMPTY, LOOKS_LIKE, NOT_KEPT, ONLY, REASONS, SEALED_OFFICE, TOO_LARGE, UNREADABLE
from tracker.kit.errors import Refused

CHUNK = 1 << 20
LARGEST = 20 * CHUNK
KINDS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png", b"PK\x03\x04": "zip"}
"""By the first bytes; what a ZIP holds (OFD, docx, xlsx) is looked up in the child."""
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
PROTECTED = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Office keeps a document with a password."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A file that came through the gate: its bytes (open, from the start), kind, pages, active content."""

    file: BinaryIO
    kind: str
    """pdf, jpeg, png, ofd, docx or xlsx."""
    pages: int
    """Nought for docx and xlsx."""
    active: tuple[str, ...]
    """What could run or hide in it (javascript, launch, embedded …), sorted; such a file is kept, marked."""


@contextmanager
def at_gate(stream: BinaryIO, largest: int = LARGEST) -> Iterator[Passed]:
    """Copy the stream aside, look at it in a child process, and lend the copy; it is gone when the block ends.

    :raises Refused: the file may not come in; the sentence says why and what to do.
    """
    with tempfile.TemporaryFile() as copy:
        start = _copy(stream, copy, largest)
        if start.startswith(OLD_OFFICE) and PROTECTED in copy.read():
            raise Refused(SEALED_OFFICE)
        kind, pages, active = _look(copy, kind_of(start))
        copy.seek(0)
        yield Passed(copy, kind, pages, active)


def kind_of(start: bytes) -> str:
    """Return pdf, jpeg, png or zip by the bytes at the very beginning.

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
    try:
        while chunk := stream.read(CHUNK):
            size += copy.write(chunk)
            if size > largest:
                raise Refused(TOO_LARGE, megabytes=largest // CHUNK)
        copy.flush()  # the child reads what the system has, not what we still hold
    except OSError as error:
        raise Refused(NOT_KEPT) from error
    if not size:
        raise Refused(EMPTY)
    copy.seek(0)
    start = copy.read(1024)
    copy.seek(0)
    return start


def _look(file: BinaryIO, kind: str) -> tuple[str, int, tuple[str, ...]]:
    try:
        verdict = json.loads(ask_child(file, "look", kind))
        if "refused" in verdict:
            raise Refused(REASONS[verdict["refused"]])
        return str(verdict["kind"]), int(verdict["pages"]), tuple(map(str, verdict["active"]))
    except (Failed, ValueError, KeyError, TypeError) as error:  # the child met the file: its answer may be nonsense
        raise Refused(UNREADABLE) from error
