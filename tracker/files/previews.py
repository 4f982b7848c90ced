"""Pictures of the pages of stored files: made in the child process, kept apart, rebuilt when lost."""

import os
import tempfile
from pathlib import Path

from tracker.files.child import Failed, ask_child
from tracker.files.models import StoredFile
from tracker.files.place import turns
from tracker.files.slots import turn
from tracker.files.store import Store
from tracker.kit.errors import Missing
from tracker.kit.host import host

JPEG = b"\xff\xd8\xff"
EDITION = "1600"
"""Part of the name: a change of size or manner makes new previews instead of serving old ones."""


def preview(stored: StoredFile, page: int, store: Store, folder: Path) -> bytes:
    """Return page `page` (from 1) as a JPEG of at most 1600 pixels, without metadata.

    :raises Missing: the file has no such page, or the page cannot be drawn within the child's limits.
    :raises Refused: the person's turn at the child does not come.
    """
    if not 1 <= page <= stored.pictures:
        raise Missing(f"page {page}")
    kept = folder / stored.sha256[:2] / f"{stored.sha256}-{page}-{EDITION}.jpg"
    try:
        return kept.read_bytes()
    except FileNotFoundError:
        picture = _draw(stored, page, store)
    _keep(kept, picture)
    return picture


def _draw(stored: StoredFile, page: int, store: Store) -> bytes:
    try:
        person = host().current_actor().actor_id
        with turn(turns(), person), store.open(stored.sha256) as file:
            picture = ask_child(file, "page", stored.kind, str(page))
    except Failed as error:
        raise Missing(f"page {page}") from error
    if not picture.startswith(JPEG):
        raise Missing(f"page {page}")
    return picture


def _keep(kept: Path, picture: bytes) -> None:
    """Put the picture in place in one step; it is not synced, because it can be made anew."""
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=kept.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(picture)
    Path(draft).replace(kept)
