"""Taking a file in: gate, store, row, in this order, so that no row ever names bytes that are not safely kept."""

from dataclasses import dataclass
from typing import BinaryIO

from tracker.files.gate import at_gate
from tracker.files.models import StoredFile
from tracker.files.names import label
from tracker.files.place import originals
from tracker.kit.errors import Refused
from tracker.kit.host import host
from tracker.kit.unit_of_work import Actor, UnitOfWork
from tracker.kit.words import N_

NOT_KEPT = N_(
    "The file could not be stored (the server's disk may be full). Nothing was saved."
    " Tell the system administrator, then upload it again."
)


@dataclass(frozen=True, slots=True)
class Received:
    """A file that passed the gate and lies safely in the store, before any row names it."""

    sha256: str
    size: int
    kind: str
    name: str
    pages: int
    active_content: bool


def receive(stream: BinaryIO, name: str) -> Received:
    """Let the file through the gate and keep its bytes durably; touches no database.

    Takes up to 40 seconds with a hostile file: call it before a writing transaction where that is possible.

    :raises Refused: the gate refuses the file, or it could not be stored.
    """
    with at_gate(stream, host().settings.max_upload) as passed:
        try:
            sha256, size = originals().put(passed.file)
        except OSError as error:
            raise Refused(NOT_KEPT) from error
        return Received(sha256, size, passed.kind, label(name, passed.kind), passed.pages, bool(passed.active))


def enter(work: UnitOfWork[Actor], received: Received) -> StoredFile:
    """Add the row of a received file, with who handed it in and when; stored when the transaction stands."""
    stored = StoredFile(
        sha256=received.sha256,
        size=received.size,
        kind=received.kind,
        name=received.name,
        pages=received.pages,
        active_content=received.active_content,
        uploaded_by=work.actor.actor_id,
        uploaded_at=work.now,
    )
    work.session.add(stored)
    work.session.flush()  # callers name the file by its id
    return stored


Source = BinaryIO | Received | Refused
"""Bytes still to be looked at, or what came of looking at them before the transaction."""


def keep(work: UnitOfWork[Actor], source: Source, name: str) -> StoredFile:
    """Receive a file, if that was not done before, and enter its row. See `receive` and `enter`.

    :raises Refused: the file may not come in, or could not be stored; nothing is left of it.
    """
    if isinstance(source, Refused):
        raise source
    return enter(work, source if isinstance(source, Received) else receive(source, name))
