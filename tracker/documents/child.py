"""The render child: `python -m tracker.documents.child` reads jobs from its input and writes papers to its output.

Its arguments are the processor seconds of one paper and the bytes of memory it may have (none: those of `Limits`).

A frame is four bytes of length (big-endian) and that many bytes. A job is one frame of JSON; an answer is one frame of
JSON, followed by one frame of PDF when it says `"pdf": true`. The parent is `press_room.py`.
"""

import json
import os
import resource
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from tracker.documents.wire import LENGTH, SPENT
from tracker.kit.words import N_

Answer = tuple[dict[str, Any], bytes]


def limit(memory: int) -> None:
    """Give this process ceilings for memory, written files and open files; the one for CPU moves with each job."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024 * 1024, 64 * 1024 * 1024))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))


def allow_cpu(seconds: int) -> None:
    """Allow that much more processor time from now; the kernel ends the process when a job takes longer."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def failed(reason: str, **params: object) -> Answer:
    """Return the answer that no paper came out, and why."""
    return {"reason": reason, "params": params}, b""


def workshop() -> Callable[[dict[str, Any]], Answer]:
    """Load fonts and WeasyPrint once and return the function that does jobs; when they cannot be loaded, it says so."""
    from tracker.documents import preflight  # noqa: PLC0415  (after the limits are set)

    complaints, shelf = preflight.look()
    if preflight.hopeless(complaints):
        first = complaints[0]

        def refuse(job: dict[str, Any]) -> Answer:
            return (
                ({"complaints": complaints}, b"")
                if job["job"] == "check"
                else failed(first["sentence"], **first["params"])
            )

        return refuse
    return printer(complaints, shelf)


def printer(complaints: list[dict[str, Any]], shelf: Any) -> Callable[[dict[str, Any]], Answer]:
    """Return the function that prints papers with these fonts."""
    from tracker.documents.geometry import GRIDS  # noqa: PLC0415
    from tracker.documents.press import TROUBLES, Press  # noqa: PLC0415

    press = Press(GRIDS[os.environ.get("RECTIFY_PAPER_GRID", "word")], shelf)

    def work(job: dict[str, Any]) -> Answer:
        if job["job"] == "check":
            return {"complaints": complaints}, b""
        try:
            done = press.print(job["type"], job["content"])
        except tuple(TROUBLES) as error:
            sentence = next(each for kind, each in TROUBLES.items() if isinstance(error, kind))
            return failed(sentence, detail=str(error))
        told = {"pdf": True, "pages": done.pages, "fallbacks": done.fallbacks, "complaints": done.complaints}
        return told, done.pdf

    return work


def read_frame(source: BinaryIO) -> bytes | None:
    """Return the next frame, None at the end of input."""
    head = source.read(LENGTH.size)
    return source.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def write_frame(target: BinaryIO, frame: bytes) -> None:
    """Write one frame."""
    target.write(LENGTH.pack(len(frame)) + frame)


def main() -> None:
    """Serve jobs until the input ends. Whatever libraries print goes to standard error, never among the answers."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    cpu, memory = map(int, sys.argv[1:3] or (30, 1536 * 1024 * 1024))
    limit(memory)
    allow_cpu(cpu)
    work = workshop()
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        allow_cpu(cpu)
        try:
            told, pdf = work(json.loads(frame))
        except Exception as error:
            told, pdf = failed(N_("The renderer failed: %(detail)s"), detail=f"{type(error).__name__}: {error}")
        write_frame(answers, json.dumps(told, ensure_ascii=False).encode())
        if told.get("pdf"):
            write_frame(answers, pdf)
        answers.flush()


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        os._exit(SPENT)
