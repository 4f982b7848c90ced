"""Where this installation keeps originals, and apart from them what can be made anew."""

from pathlib import Path

from tracker.files.store import LocalStore, Store
from tracker.kit.host import host


def originals() -> Store:
    """Return the store of what people handed in."""
    return LocalStore(host().settings.data / "files")


def derived() -> Path:
    """Return the folder of previews; it may be emptied at any time and needs no backup."""
    return host().settings.data / "derived"
