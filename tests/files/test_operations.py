import hashlib
import io
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.files import hostile
from tests.files.conftest import NOW, Somebody
from tracker.files import operations
from tracker.files.fsck import check_files
from tracker.files.models import StoredFile, VirusCheck
from tracker.files.operations import Received, enter, keep
from tracker.files.place import originals
from tracker.files.queries import file_by_sha256, file_by_token
from tracker.files.refusals import NOT_KEPT
from tracker.files.store import LocalStore
from tracker.kit.clock import FixedClock
from tracker.kit.db import db
from tracker.kit.errors import Missing, Refused
from tracker.kit.unit_of_work import unit_of_work

HandIn = Callable[..., StoredFile]


class PowerLost(Exception):
    pass


def keep_and_crash(data: bytes) -> None:
    with unit_of_work(Somebody(), FixedClock(NOW)) as work:
        keep(work, io.BytesIO(data), "a.png")
        raise PowerLost


def test_keep_stores_bytes_and_facts(handed_in: HandIn):
    data = hostile.pdf(2)
    stored = handed_in(data, "..\\整改 报告.pdf")
    facts = (stored.size, stored.kind, stored.name, stored.pages, stored.active_content, stored.uploaded_by)
    assert facts == (len(data), "pdf", "整改 报告.pdf", 2, False, 7)
    assert (stored.sha256, stored.uploaded_at) == (hashlib.sha256(data).hexdigest(), NOW)
    with originals().open(stored.sha256) as file:
        assert file.read() == data


def test_p15_active_content_is_kept_and_marked(handed_in: HandIn):
    assert handed_in(hostile.inline_javascript()).active_content is True


def test_the_same_scan_twice_is_two_rows_of_one_file(handed_in: HandIn):
    scan = hostile.png()
    first, second = handed_in(scan, "a.png"), handed_in(scan, "b.png")
    assert (first.sha256, first.token == second.token) == (second.sha256, False)
    assert list(originals().list()) == [first.sha256]


def test_token_is_unguessable_and_finds_its_file(handed_in: HandIn):
    stored = handed_in(hostile.png())
    assert len(stored.token) == 22
    assert file_by_token(db.session(), stored.token) is stored
    with pytest.raises(Missing):
        file_by_token(db.session(), "x" * 22)


def test_p15_a_refused_file_leaves_neither_bytes_nor_row(handed_in: HandIn):
    with pytest.raises(Refused):
        handed_in(b"<html>")
    assert db.session.query(StoredFile).count() == 0
    assert list(originals().list()) == []


def test_p01_a_crash_before_the_commit_leaves_only_an_orphan(installation: Flask):
    with pytest.raises(PowerLost):
        keep_and_crash(hostile.png())
    assert db.session.query(StoredFile).count() == 0
    assert len(list(originals().list())) == 1
    assert check_files(db.session(), originals(), NOW).sound


def killed_after(act: Callable[[], None]) -> None:
    """Do something in a copy of this process, which is killed as `kill -9` does right after it, or inside it."""
    db.session.remove()
    db.engine.dispose()
    pid = os.fork()
    if pid == 0:
        try:
            act()
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL


def files_first() -> None:
    with unit_of_work(Somebody(), FixedClock(NOW)) as work:
        keep(work, io.BytesIO(hostile.png()), "a.png")
        os.kill(os.getpid(), signal.SIGKILL)  # the link stands, the row was sent, nothing is committed


def row_first() -> None:
    """What we do not do: the row is committed while its bytes are still on their way."""
    data = hostile.png()
    with unit_of_work(Somebody(), FixedClock(NOW)) as work:
        enter(work, Received(hashlib.sha256(data).hexdigest(), len(data), "png", "a.png", 1, active_content=False))
    os.kill(os.getpid(), signal.SIGKILL)


def test_p01_kill_9_between_link_and_commit_leaves_only_an_orphan(installation: Flask):
    killed_after(files_first)
    later = datetime.now(UTC) + timedelta(hours=25)
    found = check_files(db.session(), originals(), later)
    assert (found.sound, found.checked, len(found.orphan)) == (True, 0, 1)


def test_p01_control_row_first_and_kill_9_loses_an_acknowledged_file(installation: Flask):
    killed_after(row_first)
    found = check_files(db.session(), originals(), datetime.now(UTC))
    assert (found.sound, found.checked, len(found.missing)) == (False, 1, 1)


def test_p01_control_row_before_file_breaks_the_promise(installation: Flask):
    """With the order turned round, the same crash leaves a row that names nothing: the check must see it."""
    row = StoredFile(
        sha256="0" * 64, size=1, kind="png", name="a.png", pages=1, active_content=False, uploaded_by=7, uploaded_at=NOW
    )
    with unit_of_work(Somebody(), FixedClock(NOW)) as work:
        work.session.add(row)
    found = check_files(db.session(), originals(), NOW)
    assert (found.sound, found.missing) == (False, ["0" * 64])


def test_p11_a_full_disk_is_a_plain_sentence(handed_in: HandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    class FullStore(LocalStore):
        def put(self, stream: io.BytesIO) -> tuple[str, int]:
            raise OSError(28, f"No space left on device for {stream!r}")

    monkeypatch.setattr(operations, "originals", lambda: FullStore(tmp_path))
    with pytest.raises(Refused) as refused:
        handed_in(hostile.png())
    assert refused.value.msgid == NOT_KEPT
    assert db.session.query(StoredFile).count() == 0


def test_a_copy_that_somebody_hands_in_does_not_speak_for_the_paper(installation: Flask):
    session = db.session()
    sha256 = hashlib.sha256(b"paper").hexdigest()
    told = {"sha256": sha256, "size": 5, "kind": "pdf", "pages": 1, "uploaded_at": NOW}
    session.add(StoredFile(**told, name="阜政办公开改〔2021〕1号.pdf"))
    session.flush()
    session.add(StoredFile(**told, name="作废.pdf", uploaded_by=7, virus_check=VirusCheck.INFECTED))
    session.flush()
    found = file_by_sha256(session, sha256)
    assert (found.name, found.held_back) == ("阜政办公开改〔2021〕1号.pdf", False)
