"""A script of ours in a process with few rights: the only one that opens a hostile file.

The script sets its own limits of memory, processor time and file size before it loads any library; here are the rest:
no environment, no folder, a wall clock, and an answer of bounded length.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO


class Failed(Exception):
    """The child was killed by a limit, stumbled over the file, or answered nonsense."""


def ask(script: Path, file: BinaryIO, *command: str, seconds: int, longest: int) -> bytes:
    """Return what the script answers about the file, at most `longest` bytes; it has `seconds` of wall time.

    The child gets the file as standard input, without a name; its position does not matter and does not change, and
    what was written to it must have been flushed.

    :raises Failed: it did not come to an end in its limits.
    """
    # The answer goes to a file, not to a pipe: there the child's own limit of file size holds for it.
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(  # noqa: S603  (our own script, arguments of our own making, no shell)
                [sys.executable, "-I", "-X", "utf8", str(script), *command],
                stdin=file,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                timeout=seconds,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired as error:
            raise Failed("time") from error
        if done.returncode:
            raise Failed(done.returncode)
        answer.seek(0)
        return answer.read(longest)
