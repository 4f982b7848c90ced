"""With and without clamd, and while it is down; a small server stands in for it."""

import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.files import hostile
from tracker.audit.models import Event
from tracker.cli.bench.hostile.corpus import EICAR
from tracker.files import antivirus
from tracker.files.antivirus import Down, is_up, virus_in
from tracker.files.models import StoredFile, VirusCheck
from tracker.files.place import originals
from tracker.kit.clock import FixedClock
from tracker.kit.db import db
from tracker.kit.errors import Refused
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM
from tracker.worker.virus_checks import check_file, due_checks

HandIn = Callable[..., StoredFile]
INFECTED_SCAN = hostile.pdf() + b"\n%" + EICAR


class Clamd:
    """Speaks as much of clamd's language as we do: PING, INSTREAM with chunks, and its three kinds of answer."""

    def __init__(self, listener: socket.socket, url: str) -> None:
        self.listener, self.url, self.largest = listener, url, 1 << 20
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                peer = self.listener.accept()[0]
            except OSError:
                return
            with peer, peer.makefile("rb") as asked:
                order = b""
                while not order.endswith(b"\0"):
                    order += asked.read(1)
                peer.sendall((b"PONG" if order == b"zPING\0" else self.verdict(asked)) + b"\0")

    def verdict(self, asked: io.BufferedReader) -> bytes:
        data = b""
        while size := struct.unpack(">I", asked.read(4))[0]:
            data += asked.read(size)
        if len(data) > self.largest:
            return b"INSTREAM size limit exceeded. ERROR"
        return b"stream: Eicar-Test-Signature FOUND" if EICAR in data else b"stream: OK"


@pytest.fixture(params=["unix", "tcp"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Clamd]:
    if request.param == "unix":
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(tmp_path / "clamd.ctl"))
        url = f"unix:{tmp_path}/clamd.ctl"
    else:
        listener = socket.create_server(("127.0.0.1", 0))
        url = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    listener.listen()
    yield Clamd(listener, url)
    listener.close()


def test_p15_a_virus_is_found_by_its_name_and_a_clean_file_passes(clamd: Clamd):
    assert virus_in(io.BytesIO(b"x" * 200_000 + EICAR), clamd.url) == "Eicar-Test-Signature"
    assert virus_in(io.BytesIO(b"x" * 200_000), clamd.url) == ""
    assert is_up(clamd.url)


def test_p15_what_clamd_does_not_judge_is_not_clean(clamd: Clamd):
    with pytest.raises(Down, match="size limit"):
        virus_in(io.BytesIO(bytes(2 << 20)), clamd.url)


@pytest.mark.parametrize("url", ["unix:/nowhere/clamd.ctl", "tcp://127.0.0.1:1"])
def test_a_scanner_that_is_away_is_down(url: str):
    assert not is_up(url)
    with pytest.raises(Down):
        virus_in(io.BytesIO(b"x"), url)


def set_up(mode: str, url: str) -> None:
    host().settings = replace(host().settings, scan_mode=mode, clamd_url=url)


def test_p15_an_infected_file_is_refused_and_nothing_of_it_kept(handed_in: HandIn, clamd: Clamd):
    for mode in ("warn", "require"):
        set_up(mode, clamd.url)
        with pytest.raises(Refused) as refused:
            handed_in(INFECTED_SCAN)
        assert (refused.value.msgid, refused.value.params) == (antivirus.INFECTED, {"virus": "Eicar-Test-Signature"})
        assert handed_in(hostile.pdf()).virus_check is VirusCheck.CLEAN
    assert db.session.query(StoredFile).count() == 2
    assert len(list(originals().list())) == 1


def test_p15_without_a_scanner_or_while_it_is_down(handed_in: HandIn):
    expected = {"off": VirusCheck.NOT_ASKED, "warn": VirusCheck.NOT_CHECKED, "require": VirusCheck.WAITING}
    for mode, state in expected.items():
        set_up(mode, "unix:/nowhere")
        assert handed_in(INFECTED_SCAN).virus_check is state
    assert [row.held_back for row in db.session.query(StoredFile).order_by(StoredFile.id)] == [False, False, True]


def test_p15_a_waiting_file_is_checked_once_the_scanner_is_back(app: Flask, clock: FixedClock, clamd: Clamd):
    from tracker.files.operations import keep

    set_up("require", "unix:/nowhere")
    with unit_of_work(SYSTEM, clock) as work:
        ids = [keep(work, io.BytesIO(data), "a.pdf").id for data in (INFECTED_SCAN, hostile.pdf())]
    assert due_checks() == []
    check_file(ids[0])  # still down: it goes on waiting
    set_up("require", clamd.url)
    assert due_checks() == ids
    for file_id in ids * 2:
        check_file(file_id)
    with unit_of_work(SYSTEM, clock, write=False) as work:
        states = list(work.session.scalars(select(StoredFile.virus_check).order_by(StoredFile.id)))
        told = list(work.session.scalars(select(Event.word).where(Event.word.like("file:%"))))
    assert (states, told) == ([VirusCheck.INFECTED, VirusCheck.CLEAN], ["file:infected"])
    assert due_checks() == []
