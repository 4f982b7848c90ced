import io
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.files import hostile
from tracker.files.fsck import Findings, check_files
from tracker.files.models import StoredFile
from tracker.files.place import originals
from tracker.kit.db import db
from tracker.kit.host import host

HandIn = Callable[..., StoredFile]


def test_a_sound_store(handed_in: HandIn):
    handed_in(hostile.png())
    assert check_files(db.session(), originals(), datetime.now(UTC)) == Findings(checked=1)


def test_p06_missing_altered_and_orphan_are_named(handed_in: HandIn):
    hashes = [handed_in(hostile.png(width), f"{width}.png").sha256 for width in (20, 30, 40)]
    gone, altered, _sound = hashes
    orphan, _ = originals().put(io.BytesIO(b"no row"))
    claimed, _ = originals().put(io.BytesIO(b"another table's"))
    originals().delete(gone)
    path = host().settings.data / "files" / altered[:2] / altered[2:4] / altered
    path.chmod(0o640)
    path.write_bytes(path.read_bytes()[:-1] + b"x")  # one byte

    later = datetime.now(UTC) + timedelta(hours=25)
    found = check_files(db.session(), originals(), later, also_claimed=[claimed])
    assert found == Findings(checked=4, missing=[gone], wrong=[altered], orphan=[orphan])
    assert not found.sound


def test_a_young_orphan_may_belong_to_a_request_under_way(handed_in: HandIn):
    orphan, _ = originals().put(io.BytesIO(b"no row"))
    assert check_files(db.session(), originals(), datetime.now(UTC)).orphan == []
    path = host().settings.data / "files" / orphan[:2] / orphan[2:4] / orphan
    old = (datetime.now(UTC) - timedelta(hours=25)).timestamp()
    os.utime(path, (old, old))
    assert check_files(db.session(), originals(), datetime.now(UTC)).orphan == [orphan]
