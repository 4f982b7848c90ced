"""Whose turn it is at the child: one file per person at a time, and nobody waits for another person's bomb."""

import io
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from flask import Flask

from tests.files import hostile
from tests.files.conftest import Somebody
from tracker.files import child, slots
from tracker.files.operations import receive
from tracker.files.slots import turn
from tracker.kit.errors import Refused
from tracker.kit.host import host


def test_p21_a_person_has_one_turn_and_others_have_theirs(tmp_path: Path):
    with turn(tmp_path, 7):
        with pytest.raises(Refused, match="still being checked"), turn(tmp_path, 7, patience=0.1):
            pass
        with turn(tmp_path, 8, patience=0):
            pass
    with turn(tmp_path, 7, patience=0):
        pass


def test_p21_there_are_few_places_in_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(slots, "PLACES", 2)
    with turn(tmp_path, 1), turn(tmp_path, 2):
        with pytest.raises(Refused, match="Many files"), turn(tmp_path, 3, patience=0.1):
            pass
        with pytest.raises(Refused), turn(tmp_path, 3, patience=0):  # the one refused left no lock behind
            pass
    with turn(tmp_path, 3, patience=0):
        pass


def test_p21_a_turn_ends_with_the_process_that_held_it(tmp_path: Path):
    script = (
        "import sys, time; from pathlib import Path; from tracker.files.slots import turn\n"
        "with turn(Path(sys.argv[1]), 7): print('held', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
    try:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(Refused), turn(tmp_path, 7, patience=0):
            pass
    finally:
        other.kill()
        other.communicate()
    with turn(tmp_path, 7, patience=1):
        pass


def test_p15_another_persons_upload_passes_while_a_bomb_runs(
    installation: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """One person's file keeps its child busy; a second file of theirs waits, another person's is through meanwhile."""
    slow = child.SCRIPT.read_text().replace(
        "def look_into_pdf(", "def look_into_pdf(data): import time; time.sleep(60)\ndef _("
    )
    (tmp_path / "slow.py").write_text(slow)
    monkeypatch.setattr(child, "SCRIPT", tmp_path / "slow.py")
    monkeypatch.setattr(child, "SECONDS", 3)
    seen: list[str] = []

    def bomber() -> None:
        with installation.app_context(), pytest.raises(Refused):
            receive(io.BytesIO(hostile.pdf()), "bomb.pdf")
        seen.append("bomb ended")

    bombing = threading.Thread(target=bomber)
    bombing.start()
    time.sleep(0.3)
    for person, mark in ((8, "other through"), (7, "own second through")):
        host().current_actor = lambda person=person: Somebody(person)
        receive(io.BytesIO(hostile.png()), "scan.png")
        seen.append(mark)
    bombing.join()
    assert seen == ["other through", "bomb ended", "own second through"]
