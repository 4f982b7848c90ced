"""Where the bytes lie: a content-addressed folder behind five calls, so that another back end can take its place."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

CHUNK = 1 << 20
INCOMING = "incoming"
DIGITS = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Stat:
    """What is known of a stored file without reading it: bytes and the moment it came (UTC)."""

    size: int
    kept_at: datetime


class Absent(Exception):
    """The store has no file of that hash."""


class Damaged(Exception):
    """The bytes stored under a hash no longer have that hash."""


class Store(Protocol):
    """Bytes addressed by their SHA-256 (64 lower-case hex digits)."""

    def put(self, stream: BinaryIO) -> tuple[str, int]:
        """Keep what the stream holds, durably, and return (sha256, bytes).

        :raises OSError: it could not be kept; nothing is left behind.
        :raises Damaged: other bytes lie under that hash.
        """
        ...

    def open(self, sha256: str) -> BinaryIO:
        """Return the stored bytes as an open stream, whose hash has been checked.

        :raises Absent: no such file.  :raises Damaged: the bytes were altered.
        """
        ...

    def stat(self, sha256: str) -> Stat:
        """Return size and age.

        :raises Absent: no such file.
        """
        ...

    def list(self) -> Iterator[str]:
        """Yield the hash of every stored file, in no order."""
        ...

    def delete(self, sha256: str) -> None:
        """Remove a file (retention only; the caller has made sure that no row names it). An absent one is no error."""
        ...


class LocalStore:
    """A folder: `ab/cd/<sha256>`, each file read-only, written once, never over another."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, stream: BinaryIO) -> tuple[str, int]:
        """Write a temporary file, fsync, make it read-only, link it to its hash exclusively, fsync the folders.

        See `Store.put`.
        """
        incoming = self._root / INCOMING
        _make_folder(incoming)
        handle, name = tempfile.mkstemp(dir=incoming)
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                sha256, size = _copy(stream, file)
                file.flush()
                os.fchmod(file.fileno(), 0o440)
                os.fsync(file.fileno())
            self._link(draft, sha256)
        finally:
            draft.unlink()
        return sha256, size

    def _link(self, draft: Path, sha256: str) -> None:
        final = self._path(sha256)
        _make_folder(final.parent)
        try:
            os.link(draft, final)
        except FileExistsError:
            self.open(sha256).close()  # the same bytes were kept before: make sure that they still are the same
        # Also for a file found: whoever linked it may not have come to this line yet, and our row will rely on it.
        _sync_folder(final.parent)

    def open(self, sha256: str) -> BinaryIO:
        """Return the checked stream. See `Store.open`."""
        try:
            file = self._path(sha256).open("rb")
        except FileNotFoundError:
            raise Absent(sha256) from None
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            file.close()
            raise Damaged(sha256)
        file.seek(0)
        return file

    def stat(self, sha256: str) -> Stat:
        """Return size and age. See `Store.stat`."""
        try:
            found = self._path(sha256).stat()
        except FileNotFoundError:
            raise Absent(sha256) from None
        return Stat(found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def list(self) -> Iterator[str]:
        """Yield every hash. See `Store.list`."""
        for path in self._root.glob("??/??/*"):
            if is_hash(path.name):
                yield path.name

    def delete(self, sha256: str) -> None:
        """Remove a file. See `Store.delete`."""
        path = self._path(sha256)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            _sync_folder(path.parent)

    def _path(self, sha256: str) -> Path:
        if not is_hash(sha256):
            raise Absent(sha256)
        return self._root / sha256[:2] / sha256[2:4] / sha256


def is_hash(text: str) -> bool:
    """Tell whether a text may name a stored file."""
    return len(text) == 64 and DIGITS.issuperset(text)


def _copy(source: BinaryIO, target: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        size += target.write(chunk)
    return digest.hexdigest(), size


def _make_folder(folder: Path) -> None:
    """Make a folder with its parents, each durably: a file is only as safe as every entry on the way to it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
