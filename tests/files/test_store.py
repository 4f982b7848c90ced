import hashlib
import io
import os
import stat
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.files.store import INCOMING, Absent, Damaged, LocalStore

DATA = b"%PDF-1.7 \x00\xff" * 1000
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "files"


def files_below(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


@given(data=st.binary(max_size=5000))
def test_p01_what_was_put_is_read_back_byte_for_byte(data: bytes, tmp_path_factory: pytest.TempPathFactory):
    store = LocalStore(tmp_path_factory.getbasetemp() / "property")
    sha256, size = store.put(io.BytesIO(data))
    with store.open(sha256) as file:
        assert (file.read(), size, sha256) == (data, len(data), hashlib.sha256(data).hexdigest())


def test_p01_a_file_lies_under_its_hash_read_only_and_alone(root: Path):
    assert LocalStore(root).put(io.BytesIO(DATA)) == (SHA256, len(DATA))
    path = root / SHA256[:2] / SHA256[2:4] / SHA256
    assert files_below(root) == [path]
    assert (stat.S_IMODE(path.stat().st_mode), path.stat().st_nlink) == (0o440, 1)


def test_the_same_bytes_again_are_one_file_never_written_anew(root: Path):
    store = LocalStore(root)
    store.put(io.BytesIO(DATA))
    before = files_below(root)[0].stat()
    assert store.put(io.BytesIO(DATA)) == (SHA256, len(DATA))
    after = files_below(root)[0].stat()
    assert len(files_below(root)) == 1
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_p01_altered_bytes_are_neither_served_nor_overwritten(root: Path):
    store = LocalStore(root)
    store.put(io.BytesIO(DATA))
    path = files_below(root)[0]
    path.chmod(0o640)
    path.write_bytes(b"other" + DATA[5:])
    with pytest.raises(Damaged):
        store.open(SHA256)
    with pytest.raises(Damaged):
        store.put(io.BytesIO(DATA))
    assert files_below(root) == [path]
    assert path.read_bytes()[:5] == b"other"


def test_p01_twelve_at_once_put_one_file(root: Path):
    store, answers = LocalStore(root), []
    threads = [threading.Thread(target=lambda: answers.append(store.put(io.BytesIO(DATA)))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(SHA256, len(DATA))] * 12
    assert len(files_below(root)) == 1


def test_p11_a_stream_that_breaks_leaves_nothing(root: Path):
    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError(28, "No space left on device")
            return super().read(10)

    with pytest.raises(OSError, match="No space"):
        LocalStore(root).put(Broken(DATA))
    assert files_below(root) == []


def test_p11_a_full_disk_leaves_nothing(root: Path, monkeypatch: pytest.MonkeyPatch):
    """The system itself says ENOSPC here: the draft's bytes go to /dev/full."""
    real = tempfile.mkstemp

    def on_a_full_disk(**options: Path) -> tuple[int, str]:
        handle, name = real(**options)
        os.dup2(os.open("/dev/full", os.O_WRONLY), handle)
        return handle, name

    monkeypatch.setattr(tempfile, "mkstemp", on_a_full_disk)
    with pytest.raises(OSError, match="No space"):
        LocalStore(root).put(io.BytesIO(DATA * 100))
    assert files_below(root) == []


def test_p01_bytes_and_folders_are_synced_before_put_returns(root: Path, monkeypatch: pytest.MonkeyPatch):
    """The order that survives a loss of power: bytes, then link, then the folder that names it."""
    story: list[str] = []
    real_sync, real_link = os.fsync, os.link

    def sync(handle: int) -> None:
        story.append("sync " + Path(os.readlink(f"/proc/self/fd/{handle}")).relative_to(root.parent).parts[-1])
        real_sync(handle)

    def link(source: Path, target: Path) -> None:
        story.append("link")
        real_link(source, target)

    LocalStore(root).put(io.BytesIO(b"first"))
    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "link", link)
    LocalStore(root).put(io.BytesIO(DATA))
    draft, *rest = story
    assert draft.startswith("sync tmp")
    assert rest == ["sync files", f"sync {SHA256[:2]}", "link", f"sync {SHA256[2:4]}"]


def test_stat_list_and_delete(root: Path):
    store = LocalStore(root)
    assert list(store.list()) == []
    store.put(io.BytesIO(DATA))
    (root / INCOMING / "tmpleft").write_bytes(b"of a crash")
    found = store.stat(SHA256)
    assert found.size == len(DATA)
    assert datetime.now(UTC) - found.kept_at < timedelta(minutes=1)
    assert list(store.list()) == [SHA256]
    (root / SHA256[:2] / SHA256[2:4] / "notes.txt").write_text("somebody's")
    assert list(store.list()) == [SHA256]
    store.delete(SHA256)
    store.delete(SHA256)
    store.delete("f" * 64)
    assert list(store.list()) == []
    for ask in (store.stat, store.open):
        with pytest.raises(Absent):
            ask(SHA256)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 63 + "/"])
def test_p15_only_a_hash_is_looked_up(root: Path, name: str):
    with pytest.raises(Absent):
        LocalStore(root).open(name)
