"""From the upload of a sheet to its storing: read before the transaction, kept until the person has decided.

An importer's pages: GET/POST its upload (the route has `before=sheet_of(COLUMNS)`; the view gets `upload`), then by
token the page of problems or of the preview, the marked copy, and the POST that stores.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import request
from sqlalchemy import delete, or_, select

from tracker.files.names import label
from tracker.files.place import turns
from tracker.files.slots import turn
from tracker.kit.errors import Missing, Refused
from tracker.kit.host import host
from tracker.kit.unit_of_work import Actor, UnitOfWork
from tracker.kit.words import N_
from tracker.sheets import refusals
from tracker.sheets.columns import SheetColumn
from tracker.sheets.models import KeptSheet
from tracker.sheets.read import Sheet, read_sheet

KEPT = timedelta(days=1)
CHOOSE = N_("Choose the sheet to upload.")


@dataclass(frozen=True)
class Upload:
    """A sheet that came in and could be read."""

    name: str
    content: bytes


def sheet_of(columns: Callable[[], Sequence[SheetColumn]], field: str = "sheet") -> Callable[[], dict[str, Any]]:
    """Return the step before a route's transaction: the field's file, read once, as the argument `upload`.

    The argument is an `Upload`, or the `Refused` that says why it is none, for the form to show.
    """

    def take() -> dict[str, Any]:
        try:
            return {"upload": _taken(field, columns())}
        except Refused as refusal:
            return {"upload": refusal}

    return take


def _taken(field: str, columns: Sequence[SheetColumn]) -> Upload:
    posted = request.files.get(field)
    if posted is None or not posted.filename:
        raise Refused(CHOOSE)
    content = posted.stream.read(refusals.LARGEST + 1)
    upload = Upload(label(posted.filename, "xlsx" if content.startswith(b"PK") else "csv"), content)
    with turn(turns(), host().current_actor().actor_id):
        read_sheet(io.BytesIO(content), upload.name, columns)
    return upload


def keep(work: UnitOfWork[Actor], purpose: str, upload: Upload, note: str = "") -> KeptSheet:
    """Keep an upload for the person's next pages; their earlier one of this import, and everybody's old ones, go."""
    mine = (KeptSheet.person_id == work.actor.actor_id) & (KeptSheet.purpose == purpose)
    work.session.execute(delete(KeptSheet).where(or_(mine, KeptSheet.kept_at < work.now - KEPT)))
    person_id = work.actor.actor_id or 0
    kept = KeptSheet(
        purpose=purpose,
        person_id=person_id,
        name=upload.name,
        content=upload.content,
        note=note,
        kept_at=work.now,
    )
    work.session.add(kept)
    work.session.flush()
    return kept


def kept_sheet(work: UnitOfWork[Actor], purpose: str, token: str) -> KeptSheet:
    """Return somebody's own kept sheet.

    :raises Missing: absent, stored already, too old, another person's, or of another import.
    """
    mine = (KeptSheet.person_id == work.actor.actor_id) & (KeptSheet.purpose == purpose)
    found = work.session.scalar(select(KeptSheet).where(mine, KeptSheet.token == token))
    if found is None or found.kept_at < work.now - KEPT:
        raise Missing(token)
    return found


def drop(work: UnitOfWork[Actor], kept: KeptSheet) -> None:
    """Forget a kept sheet, because it was stored.

    :raises Missing: it was stored in this very moment by another tab; the whole transaction is lost.
    """
    gone = work.session.execute(delete(KeptSheet).where(KeptSheet.id == kept.id).returning(KeptSheet.id))
    if gone.first() is None:
        raise Missing(kept.token)


def reread(kept: KeptSheet, columns: Sequence[SheetColumn]) -> Sheet:
    """Return the rows of a kept sheet.

    :raises Refused: it cannot be read any more.
    """
    return read_sheet(io.BytesIO(kept.content), kept.name, columns)
