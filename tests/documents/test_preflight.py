"""What papers lack is told with the command that mends it: in the terminal, on /readyz, on the office's home page."""

import subprocess
import sys

import pytest

from tests import factories as f
from tracker.documents import press_room
from tracker.documents.preflight import FONTS, NOTO, Complaint, note, noted, told
from tracker.org.models import Role

LACK = Complaint("The font for %(face)s is missing; Noto stands in", FONTS, fatal=False, params={"face": "仿宋"})


def test_the_terminal_shows_sentence_and_command():
    assert told([]) == ""
    assert "! The font for 仿宋 is missing; Noto stands in.\n    Type: python tools/build_fonts.py" in told([LACK])


def test_what_the_worker_noted_is_read_again(tmp_path):
    assert noted(tmp_path) == []
    note(tmp_path, [LACK])
    assert noted(tmp_path) == [LACK]
    note(tmp_path, [])
    assert noted(tmp_path) == []


def test_a_machine_without_fonts_says_so(tmp_path):
    script = "from tracker.documents import preflight; print(preflight.told(preflight.check()))"
    environment = press_room.environment() | {"RECTIFY_FONTS": str(tmp_path), "RECTIFY_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=press_room.ROOT, env=environment, capture_output=True, check=True
    )
    assert f"Type: {FONTS}" in done.stdout.decode() or f"Type: {NOTO}" in done.stdout.decode()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_readyz_and_the_home_page_tell_it(app, work_as, client_of):
    with work_as() as work:
        f.person(work, "clerk", Role.CLERK)
        f.person(work, "contact", Role.CONTACT, unit=f.unit(work, "市公安局"))
    note(app.extensions["rectify"].settings.data, [LACK])
    clerk, contact = client_of("clerk"), client_of("contact")
    assert clerk.get("/readyz").response.json["papers"] == [
        {"lacks": "The font for 仿宋 is missing; Noto stands in", "command": FONTS}
    ]
    assert (FONTS in clerk.get("/").text, FONTS in contact.get("/").text) == (True, False)
