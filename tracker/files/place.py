"""Where this installation keeps originals, and apart from them what can be made anew."""

from pathlib import Path
from urllib.parse import urlsplit

from tracker.files.store import LocalStore, Store
from tracker.kit.host import host


def originals() -> Store:
    """Return the store of what people handed in: a folder, or a bucket where the settings name one."""
    settings = host().settings
    if not settings.files_url:
        return LocalStore(settings.data / "files")
    from tracker.files.s3 import store_at  # noqa: PLC0415  (loaded only where it is used)

    return store_at(settings.files_url)


def exports() -> Store:
    """Return the store of files written for somebody to fetch; apart from the originals, since they are deleted."""
    settings = host().settings
    if not settings.files_url:
        return LocalStore(settings.data / "exports")
    from tracker.files.s3 import store_at  # noqa: PLC0415  (loaded only where it is used)

    address = urlsplit(settings.files_url)
    return store_at(address._replace(path=f"{address.path.rstrip('/')}-exports").geturl())


def turns() -> Path:
    """Return the folder of locked files that say whose turn at the gate it is."""
    return host().settings.data / "turns"


def derived() -> Path:
    """Return the folder of previews; it may be emptied at any time and needs no backup."""
    return host().settings.data / "derived"
