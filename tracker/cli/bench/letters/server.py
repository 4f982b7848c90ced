"""A mail server that misbehaves by the dice and keeps a journal of what it took; runs in a process of its own."""

import json
import os
import signal
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from random import Random


class Mood(StrEnum):
    """How the server treats one mail."""

    TAKES = "takes it"
    BUSY_AT_GREETING = "421 at the greeting"
    HANGS_UP_BEFORE = "hangs up before DATA"
    BUSY_AT_RCPT = "450 at RCPT"
    REFUSES_AT_RCPT = "550 at RCPT"
    SILENT_AT_DATA = "no answer to DATA"
    HANGS_UP_IN_DATA = "hangs up in DATA"
    BUSY_AFTER_DATA = "451 after DATA"
    REFUSES_AFTER_DATA = "554 after DATA"
    ANSWERS_LATE = "takes it and answers late"
    LOSES_ANSWER = "takes it and hangs up without an answer"
    SILENT_AFTER_DATA = "takes it and never answers"


BAD = tuple(mood for mood in Mood if mood is not Mood.TAKES)
LOST = frozenset({Mood.LOSES_ANSWER, Mood.SILENT_AFTER_DATA})
"""The mail was taken, and its sender cannot know."""
LATE = 0.3
"""Seconds until a late answer; less than the sender waits, and long enough to be killed in."""
SILENCE = 3.0
"""Seconds of no answer; more than the sender waits."""


@dataclass(frozen=True)
class Taken:
    """A mail that the server took."""

    id: str
    run: str
    """Which worker gave it (from its EHLO)."""
    mood: Mood
    words: str
    """Digest of its plain text."""


class _Mail(socketserver.StreamRequestHandler):
    """One connection: one mail."""

    server: "_Server"

    def handle(self) -> None:
        """Talk SMTP until somebody hangs up."""
        mood, run = self.server.mood(), ""
        if mood is Mood.BUSY_AT_GREETING:
            return self.say("421 busy")
        self.say("220 ready")
        for line in iter(self.rfile.readline, b""):
            word = line[:4].upper()
            if word == b"EHLO":
                run = line[4:].decode().strip()
            if not (self.data(mood, run) if word == b"DATA" else self.answered(word, mood)):
                return None
        return None

    def answered(self, word: bytes, mood: Mood) -> bool:
        """Answer anything but DATA; tell whether the talk goes on."""
        if word == b"MAIL" and mood is Mood.HANGS_UP_BEFORE:
            return False
        refusal = {Mood.BUSY_AT_RCPT: "450 later", Mood.REFUSES_AT_RCPT: "550 nobody"}.get(mood)
        self.say("221 bye" if word == b"QUIT" else refusal if refusal and word == b"RCPT" else "250 yes")
        return word != b"QUIT"

    def data(self, mood: Mood, run: str) -> bool:
        """Receive the mail; tell whether the talk goes on."""
        if mood is Mood.SILENT_AT_DATA:
            return self.silent()
        self.say("354 go on")
        raw = self.mail(3 if mood is Mood.HANGS_UP_IN_DATA else 0)
        if raw is None:
            return False
        if mood in (Mood.BUSY_AFTER_DATA, Mood.REFUSES_AFTER_DATA):
            self.say("451 later" if mood is Mood.BUSY_AFTER_DATA else "554 no")
            return True
        self.server.note(raw, run, mood)
        if mood is Mood.SILENT_AFTER_DATA:
            return self.silent()
        if mood is Mood.LOSES_ANSWER:
            return False
        if mood is Mood.ANSWERS_LATE:
            threading.Event().wait(LATE)
        self.say("250 taken")
        return True

    def mail(self, most: int) -> bytes | None:
        """Return the mail up to its dot; None when it broke off, or after `most` lines."""
        lines: list[bytes] = []
        for line in iter(self.rfile.readline, b""):
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line)
            if most and len(lines) >= most:
                return None
        return None

    def silent(self) -> bool:
        """Say nothing for long."""
        threading.Event().wait(SILENCE)
        return False

    def say(self, words: str) -> None:
        """Send one line; whoever was killed does not hear it."""
        try:
            self.wfile.write(f"{words}\r\n".encode())
        except OSError:
            return


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Mail)
        self.folder, self.dice, self.lock = folder, Random(seed), threading.Lock()  # noqa: S311  (moods, no secrets)

    def mood(self) -> Mood:
        """Return how the next mail is treated; always well once the file "peace" exists."""
        with self.lock:
            rough = self.dice.random() < 0.4
            mood = self.dice.choice(BAD)
        return mood if rough and not (self.folder / "peace").exists() else Mood.TAKES

    def note(self, raw: bytes, run: str, mood: Mood) -> None:
        """Write a mail that was taken into the journal, before anybody is answered."""
        mail = message_from_bytes(raw, policy=default)
        plain = mail.get_body(("plain",))
        words = sha256(plain.get_content().encode() if plain else b"").hexdigest()
        line = json.dumps([str(mail["Message-ID"]), run, mood, words])
        with self.lock, (self.folder / "journal").open("a") as file:
            file.write(line + "\n")

    def handle_error(self, *_about: object) -> None:
        """Say nothing: connections of killed workers break, that is the point."""


@contextmanager
def rough_server(folder: Path, seed: int) -> Iterator[str]:
    """Run the server in a child process; yield its smtp:// address."""
    folder.mkdir(parents=True, exist_ok=True)
    server = _Server(folder, seed)
    port = int(server.socket.getsockname()[1])
    child = os.fork()
    if child == 0:
        try:
            server.serve_forever(0.05)
        finally:
            os._exit(1)
    server.socket.close()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def journal(folder: Path) -> list[Taken]:
    """Return what the server took, in order."""
    path = folder / "journal"
    rows = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return [Taken(id_, run, Mood(mood), words) for id_, run, mood, words in rows]


def name_run(run: str) -> None:
    """Make this process say `run` when it greets a mail server: so the journal knows who gave a mail."""
    socket.getfqdn = lambda name="": run  # noqa: ARG005  (the library's own name of it)
