"""Starts the child process that alone opens hostile files, and reads its answer."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

SCRIPT = Path(__file__).with_name("inspect_child.py")
SECONDS = 40
"""Wall time of one child; its processor time is limited inside."""
LONGEST_ANSWER = 30 << 20


class Failed(Exception):
    """The child was killed by a limit, or stumbled over the file."""


def ask_child(file: BinaryIO, *command: str) -> bytes:
    """Return what the child answers about the file; the child gets it as standard input, without a name.

    The file's position does not matter and does not change; what was written to it must have been flushed.

    Whoever calls it for a person holds that person's turn (see `slots`).

    :raises Failed: it did not come to an end in its limits of memory and time.
    """
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
