"""The parent's side of rendering: warm child processes, one job each at a time, watched and replaced."""

import atexit
import json
import os
import selectors
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, LifoQueue
from time import monotonic
from typing import IO, Any, cast

from tracker.documents.folders import fontconfig
from tracker.documents.wire import LENGTH, SPENT
from tracker.kit.words import N_

ROOT = Path(__file__).resolve().parents[2]
PAPERS = 400
"""A child is replaced after this many: memory of the largest paper is given back."""
_KEPT = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "RECTIFY_FONTS", "RECTIFY_DATA", "RECTIFY_PAPER_GRID")


@dataclass(frozen=True)
class Limits:
    """What one paper may take: processor seconds, bytes of memory (of the whole child), seconds by the clock."""

    cpu: int = 30
    memory: int = 1536 * 1024 * 1024
    clock: float = 60


class RenderFailed(Exception):
    """No paper came out; `reason` is an English msgid, `params` fill it."""

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(reason % params if params else reason)
        self.reason = reason
        self.params = params


class Child:
    """One render process and its two pipes."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.printed = 0
        self.limits = limits or Limits()
        command = [sys.executable, "-E", "-s", "-m", "tracker.documents.child"]
        self.process = subprocess.Popen(  # noqa: S603  (our own command, numbers as its arguments)
            [*command, str(self.limits.cpu), str(self.limits.memory)],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    @property
    def input(self) -> IO[bytes]:
        """The pipe that jobs go into."""
        return cast(IO[bytes], self.process.stdin)

    @property
    def output(self) -> IO[bytes]:
        """The pipe that answers come out of."""
        return cast(IO[bytes], self.process.stdout)

    def ask(self, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Return the answer to a job and the PDF's bytes ("" without one).

        :raises EOFError: when the child died.
        :raises TimeoutError: when the wall clock ran out; the child must then be ended.
        """
        deadline = monotonic() + self.limits.clock
        frame = json.dumps(job, ensure_ascii=False).encode()
        self.input.write(LENGTH.pack(len(frame)) + frame)
        self.input.flush()
        self.printed += 1
        told = json.loads(self.frame(deadline))
        return told, self.frame(deadline) if told.get("pdf") else b""

    def frame(self, deadline: float) -> bytes:
        """Return the next frame of the answer before the deadline (see `ask` for what it raises)."""
        return self.exactly(LENGTH.unpack(self.exactly(LENGTH.size, deadline))[0], deadline)

    def exactly(self, size: int, deadline: float) -> bytes:
        """Return `size` bytes from the child."""
        parts = bytearray()
        handle = self.output.fileno()
        with selectors.DefaultSelector() as ready:
            ready.register(handle, selectors.EVENT_READ)
            while len(parts) < size:
                if not ready.select(max(deadline - monotonic(), 0)):
                    raise TimeoutError
                part = os.read(handle, size - len(parts))
                if not part:
                    raise EOFError
                parts += part
        return bytes(parts)

    def obituary(self) -> str:
        """Return why the process ended: killed by a limit, or by its own error (it never came up)."""
        try:
            code = self.process.wait(timeout=5)
            killed = code < 0 or code == SPENT
        except subprocess.TimeoutExpired:
            killed = True
        if killed:
            return N_("The paper was too much for the renderer: it ran out of time or memory")
        return N_("The renderer does not start; the administrator sees why with: python -m tracker.documents.child")

    def end(self) -> None:
        """Kill the process and close its pipes."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(BrokenPipeError):
                if pipe:
                    pipe.close()
        self.process.wait()


class Room:
    """A few children, taken by whoever has a job; the one used last is taken first, as it is the warmest."""

    def __init__(self, size: int, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.owner = os.getpid()
        self.size = size
        self.places: LifoQueue[Child | None] = LifoQueue()
        for _ in range(size):
            self.places.put(None)

    def ask(self, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Return a child's answer; waits for a free one and starts it when there is none.

        :raises RenderFailed: when the job ended its child or took too long.
        """
        with self.child() as hold:
            try:
                return hold[0].ask(job)
            except TimeoutError:
                hold[0].printed = PAPERS
                sentence = N_("The paper took longer than %(seconds)s seconds")
                raise RenderFailed(sentence, seconds=self.limits.clock) from None
            except (EOFError, OSError):
                hold[0].printed = PAPERS
                raise RenderFailed(hold[0].obituary()) from None

    @contextmanager
    def child(self) -> Iterator[list[Child]]:
        """Lend a living child; one that is spent or dead afterwards is ended and its place left free."""
        held = self.places.get()
        if held is not None and held.process.poll() is not None:
            held.end()
            held = None
        hold = [held or Child(self.limits)]
        try:
            yield hold
        except BaseException:
            hold[0].printed = PAPERS
            raise
        finally:
            spent = hold[0].printed >= PAPERS
            if spent:
                hold[0].end()
            self.places.put(None if spent else hold[0])

    def close(self) -> None:
        """End all children that are at rest; one at work ends with its job or with this process."""
        for _ in range(self.size):
            with suppress(Empty):
                child = self.places.get_nowait()
                if child is not None:
                    child.end()


def environment() -> dict[str, str]:
    """Return the child's whole environment: no secret, no database address, the private font configuration."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    cache = cache_folder()
    return {"LANG": "C.UTF-8", "HOME": str(cache), "FONTCONFIG_FILE": str(configuration(cache)), **kept}


def cache_folder() -> Path:
    """Return the folder of fontconfig's cache (RECTIFY_DATA/cache/papers), made when absent."""
    cache = Path(os.environ.get("RECTIFY_DATA", ROOT / "instance")).resolve() / "cache" / "papers"
    cache.mkdir(parents=True, exist_ok=True)
    return cache


def configuration(cache: Path) -> Path:
    """Write the private fontconfig file (new, then renamed over the old one) and return its path."""
    path = cache / "fonts.conf"
    fresh = cache / f"fonts.conf.{os.getpid()}"
    fresh.write_text(fontconfig(cache), encoding="utf-8")
    fresh.replace(path)
    return path


_rooms: list[Room] = []


def room() -> Room:
    """Return this process's room; after a fork the child process opens its own."""
    if not _rooms or _rooms[0].owner != os.getpid():
        _rooms[:] = [Room(max(os.cpu_count() or 1, 1))]
    return _rooms[0]


@atexit.register
def close() -> None:
    """End this process's children; the next paper starts new ones."""
    if _rooms and _rooms[0].owner == os.getpid():
        _rooms.pop().close()
