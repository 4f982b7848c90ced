"""Asking clamd, where an installation has one: its INSTREAM command, over a socket of this machine or the network."""

import socket
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from tracker.files.models import VirusCheck
from tracker.kit.errors import Refused
from tracker.kit.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 16
PATIENCE = 20.0
"""Seconds for connecting and for each answer."""
INFECTED = N_(
    "The virus scanner found something in this file (%(virus)s), so it was not taken."
    " Clean the computer it comes from, scan the paper again and upload the new file."
)


class Down(Exception):
    """The scanner cannot be reached, or does not say what it found."""


def examine(file: BinaryIO, url: str, mode: str) -> VirusCheck:
    """Return what is known of the file; its position afterwards is its end.

    `mode` is off (nothing is asked), warn or require.

    :raises Refused: a virus was found.
    """
    if mode == "off":
        return VirusCheck.NOT_ASKED
    try:
        virus = virus_in(file, url)
    except Down:
        return VirusCheck.WAITING if mode == "require" else VirusCheck.NOT_CHECKED
    if virus:
        raise Refused(INFECTED, virus=virus)
    return VirusCheck.CLEAN


def virus_in(file: BinaryIO, url: str) -> str:
    """Return the name of the virus clamd finds, or an empty text.

    :raises Down: it cannot be reached, or answers otherwise (such as: larger than its StreamMaxLength).
    """
    try:
        with _connected(url) as clamd:
            clamd.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                clamd.sendall(struct.pack(">I", len(chunk)) + chunk)
            clamd.sendall(struct.pack(">I", 0))
            answer = _answer(clamd)
    except OSError as error:
        raise Down(str(error)) from error
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if not verdict.endswith(" FOUND"):
        raise Down(answer)
    return verdict.removesuffix(" FOUND")


def is_up(url: str) -> bool:
    """Tell whether clamd answers."""
    try:
        with _connected(url) as clamd:
            clamd.sendall(b"zPING\0")
            return _answer(clamd) == "PONG"
    except OSError:
        return False


@contextmanager
def _connected(url: str) -> "Iterator[socket.socket]":
    parts = urlsplit(url)
    if parts.scheme == "unix":
        with socket.socket(socket.AF_UNIX) as clamd:
            clamd.settimeout(PATIENCE)
            clamd.connect(parts.path)
            yield clamd
    else:
        with socket.create_connection((parts.hostname or "localhost", parts.port or 3310), PATIENCE) as clamd:
            yield clamd


def _answer(clamd: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and (part := clamd.recv(4096)):
        answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
