"""Starts the child process that alone opens hostile files, and reads its answer."""

import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import BinaryIO

from tracker.kit.errors import Refused
from tracker.kit.words import N_

SCRIPT = Path(__file__).with_name("inspect_child.py")
SECONDS = 40
"""Wall time of one child; its processor time is limited inside."""
PATIENCE = 15
"""Seconds a request waits for its turn; longer would hold the places of people who only read."""
LONGEST_ANSWER = 30 << 20

_one_at_a_time = threading.BoundedSemaphore(1)
"""One child per server process: a bomb takes one processor for a while, never all of them."""


class Failed(Exception):
    """The child was killed by a limit, or stumbled over the file."""


def ask_child(file: BinaryIO, *command: str) -> bytes:
    """Return what the child answers about the file; the child gets it as standard input, without a name.

    The file's position does not matter and does not change; what was written to it must have been flushed.

    :raises Failed: it did not come to an end in its limits of memory and time.
    :raises Refused: too many files are waiting to be looked at.
    """
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise Refused(N_("Many files are being checked at the moment. Please upload yours again in a minute."))
    try:
        return _run(file, command)
    finally:
        _one_at_a_time.release()


def _run(file: BinaryIO, command: tuple[str, ...]) -> bytes:
    # The answer goes to a file, not to a pipe: there the child's own limit of file size holds for it.
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(  # noqa: S603  (our own script, fixed arguments, no shell)
                [sys.executable, "-I", "-X", "utf8", str(SCRIPT), *command],
                stdin=file,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                timeout=SECONDS,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired as error:
            raise Failed("time") from error
        if done.returncode:
            raise Failed(done.returncode)
        answer.seek(0)
        return answer.read(LONGEST_ANSWER)
