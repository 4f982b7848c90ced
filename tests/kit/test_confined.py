"""A confined script sees the file and nothing else, and whatever becomes of it is an answer or a failure."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tracker.kit.confined import Failed, ask

TELL = "import json, os, sys; print(json.dumps([sys.stdin.read(), dict(os.environ), os.getcwd(), sys.argv[1:]]))"


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], Path]:
    def write(source: str) -> Path:
        path = tmp_path / "script.py"
        path.write_text(source, encoding="utf-8")
        (tmp_path / "file").write_text("字节", encoding="utf-8")
        return path

    return write


def asked(path: Path, *command: str, seconds: int = 20, longest: int = 10_000) -> bytes:
    with (path.parent / "file").open("rb") as file:
        return ask(path, file, *command, seconds=seconds, longest=longest)


def test_it_gets_the_file_without_a_name_an_environment_or_a_folder(
    script: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTIFY_SECRET_KEY", "secret")
    text, environment, folder, command = json.loads(asked(script(TELL), "read"))
    assert (text, folder, command) == ("字节", "/", ["read"])
    assert set(environment) <= {"LC_CTYPE"}  # Python's own


def test_an_answer_is_cut_at_its_length(script: Callable[[str], Path]) -> None:
    assert asked(script("print('x' * 5000, end='')"), longest=7) == b"x" * 7


@pytest.mark.parametrize("source", ["raise SystemExit(3)", "import os; os.abort()"])
def test_a_script_that_dies_has_failed(script: Callable[[str], Path], source: str) -> None:
    with pytest.raises(Failed):
        asked(script(source))


def test_a_script_that_does_not_end_has_failed(script: Callable[[str], Path]) -> None:
    with pytest.raises(Failed, match="time"):
        asked(script("import time; time.sleep(30)"), seconds=1)
