import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.files import hostile
from tracker.files import child
from tracker.files.child import Failed, ask_child


def asked(script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    (tmp_path / "child.py").write_text(script)
    monkeypatch.setattr(child, "SCRIPT", tmp_path / "child.py")
    with tempfile.TemporaryFile() as file:
        return ask_child(file, "look", "pdf")


def test_p15_the_child_has_no_environment_and_no_way_to_our_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RECTIFY_SECRET_KEY", "secret")
    script = "import json, os, sys; print(json.dumps([sorted(os.environ), os.getcwd(), 'tracker' in str(sys.path)]))"
    environment, folder, ours = json.loads(asked(script, tmp_path, monkeypatch))
    assert "RECTIFY_SECRET_KEY" not in environment
    assert (set(environment) <= {"LC_CTYPE"}, folder, ours) == (True, "/", False)


def test_p15_a_child_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(child, "SECONDS", 1)
    with pytest.raises(Failed):
        asked("while True: pass", tmp_path, monkeypatch)


def test_p15_limits_hold_in_the_real_child():
    script = child.SCRIPT.read_text().replace("    command, kind, *page = sys.argv[1:]\n", "    bytearray(950 << 20)\n")
    assert "bytearray" in script
    done = subprocess.run([sys.executable, "-I", "-c", script], input=b"", capture_output=True, check=False)
    assert b"MemoryError" in done.stderr


def test_the_callers_place_in_the_file_is_left_alone():
    with tempfile.TemporaryFile() as file:
        file.write(hostile.pdf())
        file.flush()
        file.seek(5)
        assert json.loads(ask_child(file, "look", "pdf")) == {"kind": "pdf", "pages": 1, "active": []}
        assert file.read(3) == hostile.pdf()[5:8]


def test_a_child_that_stumbles_is_a_failure_not_an_answer():
    with tempfile.TemporaryFile() as file, pytest.raises(Failed):
        ask_child(file, "look")  # no kind
