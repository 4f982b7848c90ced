"""Small pictures of scanned pages and of what stands in their boxes: apart from originals, made anew when lost."""

import os
import tempfile
from pathlib import Path

PARTS = ("page", "seal", "signature")


def place(folder: Path, sha256: str, page: int, name: str) -> Path:
    """Return where the picture of a scan's page (from 1) lies, or of one box on it: "page", "seal" or "signature"."""
    return folder / sha256[:2] / f"{sha256}-{page}-{name}.jpg"


def keep(path: Path, picture: bytes) -> None:
    """Put the picture in place in one step; it is not synced, because it can be made anew."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(picture)
    Path(draft).replace(path)
