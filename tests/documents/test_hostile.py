"""Papers that mean harm: nothing is fetched, nothing hangs, the parent lives, and a sentence says what happened."""

import json
import socket
import subprocess
import sys
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from tracker.cli.bench import corpus
from tracker.documents import preflight, press_room, render
from tracker.documents.child import read_frame, write_frame
from tracker.documents.press_room import Limits, RenderFailed, Room

pytestmark = pytest.mark.pdf


@pytest.fixture(autouse=True)
def _fonts_are_here():
    if preflight.check():
        pytest.skip("fonts or libraries are missing")


@pytest.fixture
def ear():
    """Return a listening socket that must hear nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening
        with pytest.raises(BlockingIOError):
            listening.accept()


def small(**changes):
    return corpus.letter(Random(1), items=[corpus.problem(Random(1), 1)]) | changes


def bulletin(**changes):
    return corpus.bulletin(Random(1)) | {"annexes": []} | changes


def table(cell: str, rows: int = 1):
    return bulletin(annexes=[corpus.annex(Random(1), 1, landscape=False) | {"rows": [[cell] * 6] * rows}])


def test_typed_addresses_are_text(ear):
    port = ear.getsockname()[1]
    typed = [
        f'<img src="http://127.0.0.1:{port}/a.png">',
        "<svg><use href='#a'/></svg>",
        "@import url(file:///etc/passwd);",
    ]
    typed += ["<table><td colspan=100000>", "data:image/svg+xml,<svg/>", "]]>--><!--", "<div>" * 300, "<b>" * 300]
    assert render.render("bulletin", bulletin(body=typed)).pages > 0
    assert render.render("bulletin", table("<div>" * 60)).pages > 0


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/",
        "file:///etc/passwd",
        "asset:../base.html",
        "data:image/svg+xml,<svg/>",
        "ftp://127.0.0.1:{port}",
    ],
)
@pytest.mark.parametrize(
    "tag",
    [
        '<img src="{}">',
        '<link rel=stylesheet href="{}">',
        '<object data="{}"></object>',
        "<style>@import '{}';</style>",
    ],
)
def test_markup_that_asks_for_addresses_stops_the_paper(ear, spoiler, tag, address):
    asked = tag.format(address.format(port=ear.getsockname()[1]))
    told = spoiler(
        {"type": "rectification_notice", "content": small(), "css": "", "changes": [["</h1>", "</h1>" + asked]]}
    )
    assert told == b"FatalURLFetchingError"


@pytest.fixture(scope="module")
def spoiler():
    child = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("spoiling_child.py")],
        env=press_room.environment() | {"PYTHONPATH": str(press_room.ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )

    def ask(job):
        write_frame(child.stdin, json.dumps(job).encode())
        child.stdin.flush()
        return read_frame(child.stdout)

    with child:
        yield ask
        child.stdin.close()


def test_three_hundred_thousand_characters_are_refused_at_once():
    started = monotonic()
    with pytest.raises(RenderFailed, match="300000"):
        render.render("bulletin", bulletin(body=["国" * 20_000] * 15))
    assert monotonic() - started < 1


@pytest.fixture
def narrow():
    """Return a maker of rooms with small limits, closed afterwards."""
    rooms = []

    def make(**limits):
        rooms.append(Room(1, Limits(**limits)))
        return rooms[-1]

    yield make
    for each in rooms:
        each.close()


HEAVY = {"job": "print", "type": "bulletin", "content": bulletin(body=["国" * 19_000] * 15)}
LIGHT = {"job": "print", "type": "rectification_notice", "content": small()}


def refusal(room: Room) -> str:
    """Why the heavy paper does not come out: the child says so, or its death does."""
    try:
        return room.ask(HEAVY)[0]["reason"]
    except RenderFailed as failure:
        return str(failure)


def at_rest(room: Room) -> int:
    """Bytes of address space that a child takes before its first paper."""
    room.ask({"job": "check"})
    with room.child() as hold:
        lines = Path(f"/proc/{hold[0].process.pid}/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmPeak"))


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [({"cpu": 1}, "time or memory"), ({"clock": 6}, "longer than 6 seconds"), ({"memory": 30_000_000}, "memory")],
)
def test_each_limit_ends_the_paper_and_nobody_else(narrow, limits, sentence):
    """The clock leaves a new child time to start, on a busy machine too; the heavy paper needs far more."""
    if "memory" in limits:
        limits = {"memory": at_rest(narrow()) + limits["memory"]}
    room = narrow(**limits)
    assert sentence in refusal(room)
    told, pdf = press_room.room().ask(LIGHT)
    assert (told["pdf"], pdf[:4]) == (True, b"%PDF")
    assert room.ask({"job": "check"})[0] == {"complaints": []}
