"""The product as `make run` starts it, on this machine: migrations, web server and worker in processes of their own."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.header import decode_header, make_header
from email.message import Message as Mail
from pathlib import Path
from typing import TypeVar

from flask import Flask

from tests.conftest import OPENING, WorkAs, settings_for
from tests.reminders.cases import Sink, free_port
from tracker.kit.clock import FixedClock
from tracker.kit.settings import Settings
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.models import Person
from tracker.org.policy import SYSTEM
from tracker.web.app import create_app

ROOT = Path(__file__).parents[2]
T = TypeVar("T")


@dataclass
class House:
    """Where it answers, and the mail it sent."""

    url: str
    sink: Sink

    def mail_to(self, address: str, part: str) -> Mail:
        """Wait for the mail to an address whose subject contains `part`."""
        return until(lambda: next((m for m in self.sink.mails if address in str(m["To"]) and part in subject(m)), None))


def subject(mail: Mail) -> str:
    """The subject, decoded."""
    return str(make_header(decode_header(mail["Subject"])))


def words(mail: Mail) -> str:
    """Everything a reader of the mail sees, in all its parts."""
    parts = [part for part in mail.walk() if not part.is_multipart()]
    return subject(mail) + "".join((part.get_payload(decode=True) or b"").decode() for part in parts)


def link_in(mail: Mail) -> str:
    """The address that the mail leads to."""
    found = re.search(r"https?://\S+?/assignments/[\w-]+", words(mail))
    assert found, words(mail)
    return found[0]


def until(look: Callable[[], T | None], seconds: float = 30) -> T:
    """Look again until there is something."""
    deadline = time.monotonic() + seconds
    while (found := look()) is None:
        assert time.monotonic() < deadline, f"not within {seconds} seconds"
        time.sleep(0.05)
    return found


@contextmanager
def open_house(
    folder: Path, database_url: str, sink: Sink, furnish: Callable[[WorkAs], T]
) -> Iterator[tuple[House, T]]:
    """Furnish a migrated database, then start the product on it; everything ends with the block."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = replace(settings_for(folder / "data", database_url), public_url=url, smtp_url=sink.url)
    furniture = _furnished(create_app(settings, FixedClock(OPENING)), furnish)
    log = folder / "house.log"
    with open(log, "ab") as out:
        command = [sys.executable, "-m", "flask", "--app", "app", "serve", "--port", str(port)]
        process = subprocess.Popen(
            command, cwd=ROOT, env=_environment(settings), stdout=out, stderr=out, start_new_session=True
        )
    try:
        until(lambda: _answers(url, process, log), 60)
        yield House(url, sink), furniture
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _furnished(app: Flask, furnish: Callable[[WorkAs], T]) -> T:
    clock = app.extensions["rectify"].clock
    with app.app_context():
        furniture = furnish(lambda identity=SYSTEM, write=True: unit_of_work(identity, clock, write=write))
        with unit_of_work(SYSTEM, clock) as work:  # the clock may be moved among people of the demonstration only
            work.session.query(Person).update({Person.demo: True})
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()
    return furniture


def _environment(settings: Settings) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("RECTIFY_") or "FONT" in key}
    return kept | {
        "RECTIFY_DATA": str(settings.data),
        "RECTIFY_DATABASE_URL": settings.database_url,
        "RECTIFY_SECRET_KEY": settings.secret_key,
        "RECTIFY_PUBLIC_URL": settings.public_url,
        "RECTIFY_SMTP_URL": settings.smtp_url,
        "RECTIFY_NOW": OPENING.isoformat(),
    }


def _answers(url: str, process: subprocess.Popen[bytes], log: Path) -> bool | None:
    assert process.poll() is None, log.read_text()
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310  (our own address)
            return bool(answer.status == 200) or None
    except (urllib.error.URLError, OSError):
        return None
