"""Taking a file in: gate, store, row, in this order, so that no row ever names bytes that are not safely kept."""

from dataclasses import dataclass
from typing import BinaryIO

from tracker.files.antivirus import examine
from tracker.files.gate import at_gate
from tracker.files.models import StoredFile, VirusCheck
from tracker.files.names import label
from tracker.files.place import originals, turns
from tracker.files.refusals import NOT_A_SCAN, NOT_KEPT
from tracker.files.slots import turn
from tracker.kit.errors import Refused
from tracker.kit.host import host
from tracker.kit.unit_of_work import Actor, UnitOfWork

SCANS = frozenset({"pdf", "jpeg", "png", "ofd"})
"""What a signed and sealed paper may be: pages that show it."""
EVIDENCE = SCANS | {"docx", "xlsx"}


@dataclass(frozen=True, slots=True)
class Received:
    """A file that passed the gate and lies safely in the store, before any row names it."""

    sha256: str
    size: int
    kind: str
    name: str
    pages: int
    active_content: bool
    virus_check: VirusCheck = VirusCheck.NOT_ASKED


def receive(stream: BinaryIO, name: str, largest: int | None = None, kinds: frozenset[str] = EVIDENCE) -> Received:
    """Let the file through the gate and keep its bytes durably; touches no database. `largest` is in bytes.

    A person's files are looked at one after the other, whatever they open at once. Takes up to 40 seconds with a
    hostile file: call it before a writing transaction where that is possible.

    :raises Refused: the gate or the virus scanner refuses the file, it is none of `kinds`, it could not be stored, or
        the person's turn does not come.
    """
    settings, person = host().settings, host().current_actor().actor_id
    with turn(turns(), person), at_gate(stream, largest or settings.max_upload) as passed:
        if passed.kind not in kinds:
            raise Refused(NOT_A_SCAN)
        checked = examine(passed.file, settings.clamd_url, settings.scan_mode)
        passed.file.seek(0)
        try:
            sha256, size = originals().put(passed.file)
        except OSError as error:
            raise Refused(NOT_KEPT) from error
        named = label(name, passed.kind)
        return Received(sha256, size, passed.kind, named, passed.pages, bool(passed.active), checked)


def enter(work: UnitOfWork[Actor], received: Received) -> StoredFile:
    """Add the row of a received file, with who handed it in and when; stored when the transaction stands."""
    stored = StoredFile(
        sha256=received.sha256,
        size=received.size,
        kind=received.kind,
        name=received.name,
        pages=received.pages,
        active_content=received.active_content,
        virus_check=received.virus_check,
        uploaded_by=work.actor.actor_id,
        uploaded_at=work.now,
    )
    work.session.add(stored)
    work.session.flush()  # callers name the file by its id
    return stored


Source = BinaryIO | Received | Refused
"""Bytes still to be looked at, or what came of looking at them before the transaction."""


def keep(work: UnitOfWork[Actor], source: Source, name: str, kinds: frozenset[str] = EVIDENCE) -> StoredFile:
    """Receive a file, if that was not done before, and enter its row. See `receive` and `enter`.

    :raises Refused: the file may not come in here, or could not be stored; nothing is left of it.
    """
    if isinstance(source, Refused):
        raise source
    if not isinstance(source, Received):
        source = receive(source, name, kinds=kinds)
    if source.kind not in kinds:
        raise Refused(NOT_A_SCAN)
    return enter(work, source)
