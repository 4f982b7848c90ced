"""Finding stored files by the name that URLs use. Whether somebody may see one is asked in the room that owns it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.files.models import StoredFile
from tracker.kit.errors import Missing


def file_by_token(session: Session, token: str) -> StoredFile:
    """Return the file of that token.

    :raises Missing: there is none.
    """
    stored = session.scalar(select(StoredFile).where(StoredFile.token == token))
    if stored is None:
        raise Missing(token)
    return stored


def file_by_sha256(session: Session, sha256: str) -> StoredFile:
    """Return the newest row of a paper that was made here, by its bytes.

    A copy that somebody handed in comes last: its name is theirs, and so is what the virus scanner said of it.

    :raises Missing: there is none.
    """
    made_here_first = (StoredFile.uploaded_by.is_not(None), StoredFile.id.desc())
    stored = session.scalars(
        select(StoredFile).where(StoredFile.sha256 == sha256).order_by(*made_here_first).limit(1)
    ).first()
    if stored is None:
        raise Missing(sha256)
    return stored
