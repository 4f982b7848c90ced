"""Killing the server while units submit: no reply that was acknowledged may be lost, nor a byte of its scan."""

import hashlib
import http.client
import io
import os
import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import waitress
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tracker.audit.queries import verify
from tracker.cli.bench.figures import Figure
from tracker.cli.bench.world import MOMENT, World, apart
from tracker.files.models import StoredFile
from tracker.files.place import originals
from tracker.kit.clock import FixedClock, office_date
from tracker.kit.session_cookie import cookie_name
from tracker.kit.unit_of_work import unit_of_work
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import Assignment
from tracker.notices.queries import assignment_by_token
from tracker.org.models import Person, Role, RoleGrant
from tracker.org.operations.sign_in import open_session
from tracker.org.policy import Identity
from tracker.org.queries import identity_of
from tracker.replies.models import Reply, Result
from tracker.replies.operations.items import Written, write_item
from tracker.replies.operations.review import return_whole
from tracker.replies.operations.rounds import acknowledge

UNITS = 3
"""Units that submit at once."""
LEDGER = 120
"""Notices of the ledger, among them enough that nobody has acknowledged."""
LONGEST = 2.0
"""Seconds after which a server is killed at the latest."""
CONTROL_ROUNDS = 20
"""Rounds after which a control that lost nothing counts as broken."""
KEY = re.compile(r'name="form_key" value="([^"]*)"')
SEEN = re.compile(r'name="seen" value="([^"]*)"')
Wsgi = Callable[..., Any]


@dataclass
class Unit:
    """A contact who answers one notice, round after round."""

    token: str
    contact: Identity
    cookie: str
    acknowledged: list[str] = field(default_factory=list)
    """SHA-256 of the scans whose reply the server said it has."""


@dataclass
class Outcome:
    """What came of some rounds."""

    rounds: int = 0
    acknowledged: int = 0
    lost: int = 0
    stored: int = 0
    seconds: float = 0.0


class Siege:
    """An installation whose server is killed while units submit."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.dice = Random(seed)  # noqa: S311  (moments to kill at, no secrets)
        self.world = World(folder, LEDGER)
        self.units = apart(self._prepare)

    def _prepare(self) -> list[Unit]:
        with self.world.working() as work:
            open_ones = select(Assignment).where(Assignment.state == AssignmentState.ISSUED).order_by(Assignment.id)
            by_unit = {row.unit_id: row.token for row in work.session.scalars(open_ones)}
            chosen = list(by_unit.items())[:UNITS]
            self.reviewer = _person(work.session, None, Role.REVIEWER)
            people = [_person(work.session, unit_id, Role.CONTACT) for unit_id, _token in chosen]
            sessions = [open_session(work, work.session.get_one(Person, p.person_id), "", "bench") for p in people]
            cookies = [f"{cookie_name()}={each}" for each in sessions]
        units = [Unit(token, p, c) for (_id, token), p, c in zip(chosen, people, cookies, strict=True)]
        for unit in units:
            self._fill(unit)
        return units

    def _fill(self, unit: Unit) -> None:
        written = Written(Result.FIXED, "已恢复更新。", office_date(MOMENT), "张三")
        with self.world.app.app_context(), unit_of_work(unit.contact, FixedClock(MOMENT)) as work:
            row = assignment_by_token(work, unit.token)
            acknowledge(work, row)
            for item in row.items:
                write_item(work, row, item.sequence, written)

    def run(self, rounds: int, *, early: bool = False) -> Outcome:
        """Kill the server in every round; with `early`, one that acknowledges first and commits then (the control).

        Stops at the first loss of a control.  :raises RuntimeError: nobody was ever answered.
        """
        outcome = Outcome()
        began = perf_counter()
        for number in range(CONTROL_ROUNDS if early else rounds):
            self._round(at_answer=number % 2 == 0, early=early)
            outcome.rounds += 1
            if early and apart(self._lost):
                break
            apart(self._reopen)
        outcome.acknowledged = sum(len(unit.acknowledged) for unit in self.units)
        outcome.lost, outcome.stored = apart(self._lost), apart(self._stored)
        outcome.seconds = perf_counter() - began
        if not outcome.acknowledged:
            raise RuntimeError("no submission was acknowledged: nothing was measured")
        return outcome

    def _round(self, *, at_answer: bool, early: bool) -> None:
        """Start a server, let everybody submit, kill it: at the first answer, or at a random moment."""
        with self.world.app.app_context():
            self.world.app.extensions["sqlalchemy"].engine.dispose()  # no connection may be shared with the child
        with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
            child = os.fork()
            if child == 0:
                _serve(self.world.app, listening, early=early)
            answered = threading.Event()
            port = int(listening.getsockname()[1])
            clients = [threading.Thread(target=_submit, args=(unit, port, answered)) for unit in self.units]
            for client in clients:
                client.start()
            if at_answer:
                answered.wait(LONGEST * 3)
            else:
                threading.Event().wait(self.dice.uniform(0.1, LONGEST))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        for client in clients:
            client.join()

    def _reopen(self) -> None:
        """Return what was submitted, so that the same unit answers again in a further round."""
        with self.world.app.app_context(), unit_of_work(self.reviewer, FixedClock(MOMENT)) as work:
            for unit in self.units:
                row = assignment_by_token(work, unit.token)
                if row.state is AssignmentState.SUBMITTED:
                    return_whole(work, row, "请再次报送。")

    def _lost(self) -> int:
        """Return how many acknowledged replies are not there, or whose scan has other bytes than were sent."""
        with self.world.working() as work:
            query = (
                select(StoredFile.sha256).join(Reply, Reply.scan_id == StoredFile.id).where(Reply.receipt.is_not(None))
            )
            kept = set(work.session.scalars(query))
            return sum(each not in kept or not _whole(each) for unit in self.units for each in unit.acknowledged)

    def _stored(self) -> int:
        """Return how many replies were submitted in all.

        :raises RuntimeError: a number is missing or double, or the record is broken.
        """
        with self.world.working() as work:
            receipts = list(work.session.scalars(select(Reply.receipt).where(Reply.receipt.is_not(None))))
            numbers = sorted(int(each.rsplit("-", 1)[1]) for each in receipts if each)
            if numbers != list(range(1, len(numbers) + 1)) or not verify(work.session).whole:
                raise RuntimeError("receipt numbers have a gap, or the record is broken")
            return len(numbers)


def _person(session: Any, unit_id: int | None, role: Role) -> Identity:
    query = select(Person).join(RoleGrant, RoleGrant.person_id == Person.id).where(RoleGrant.role == role)
    if unit_id is not None:
        query = query.where(Person.unit_id == unit_id)
    return identity_of(session, session.scalars(query.order_by(Person.id)).first(), office_date(MOMENT))


def _whole(sha256: str) -> bool:
    with originals().open(sha256) as file:
        return hashlib.sha256(file.read()).hexdigest() == sha256


def _serve(app: Wsgi, listening: socket.socket, *, early: bool) -> None:
    """Serve in this process until it is killed."""
    try:
        waitress.serve(_hasty(app) if early else app, sockets=[listening], threads=4, _quiet=True)
    finally:
        os._exit(1)


def _hasty(app: Wsgi) -> Wsgi:
    """Return an application that answers a submission at once and does the work afterwards: the mistake we look for."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        if environ["REQUEST_METHOD"] != "POST" or not environ["PATH_INFO"].endswith("/check"):
            return app(environ, start)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        later = {**environ, "wsgi.input": io.BytesIO(body)}
        threading.Thread(target=lambda: list(app(later, lambda *_args: None)), daemon=True).start()
        start("302 FOUND", [("Location", "/"), ("Content-Length", "0")])
        return []

    return answer


def _submit(unit: Unit, port: int, answered: threading.Event) -> None:
    """Upload a scan that nobody sent before, and submit; note what the server acknowledges. A dead server ends it."""
    picture = io.BytesIO()
    Image.frombytes("RGB", (100, 140), os.urandom(42_000)).save(picture, "PNG")
    scan, base = picture.getvalue(), f"/assignments/{unit.token}"
    try:
        page = _fetch(unit, port, f"{base}/scan")
        upload = FileStorage(io.BytesIO(scan), "盖章件.png", content_type="image/png")
        if _post(unit, port, f"{base}/scan", {"form_key": _found(KEY, page, "/scan"), "scan": upload}) != 302:
            return
        page = _fetch(unit, port, f"{base}/check")
        values = {"form_key": _found(KEY, page, "/check"), "seen": _found(SEEN, page, "/check")}
        if _post(unit, port, f"{base}/check", values) == 302:
            unit.acknowledged.append(hashlib.sha256(scan).hexdigest())
            answered.set()
    except (OSError, http.client.HTTPException):
        return


def _found(pattern: re.Pattern[str], page: str, action: str) -> str:
    form = page[page.index(f'{action}"') :]
    found = pattern.search(form)
    return found[1] if found else ""


def _fetch(unit: Unit, port: int, url: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", url, headers={"Cookie": unit.cookie})
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def _post(unit: Unit, port: int, url: str, values: dict[str, Any]) -> int:
    boundary, body = encode_multipart(values)
    kind = f'multipart/form-data; boundary="{boundary}"'
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Cookie": unit.cookie, "Content-Type": kind}
        connection.request("POST", url, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def figures(folder: Path, rounds: int, seed: int) -> Iterator[Figure]:
    """Yield what was acknowledged and lost in `rounds` kills, and the control that acknowledges before it commits."""
    real = Siege(folder / "real", seed).run(rounds)
    yield Figure(
        f"submissions acknowledged in {real.rounds} kill -9 rounds (seed {seed})", real.acknowledged, "", None, 0
    )
    yield Figure("submitted though nobody heard of it", real.stored - real.acknowledged, digits=0)
    yield Figure("acknowledged replies lost", real.lost, "", 0, 0)
    yield Figure("one round", real.seconds / real.rounds, "s")
    control = Siege(folder / "control", seed).run(rounds, early=True)
    yield Figure("control lost nothing (acknowledges, then commits)", float(control.lost == 0), "", 0, 0)
    yield Figure("control: rounds until it lost", control.rounds, digits=0)
