"""Starts the child process that alone opens uploaded files, and reads its answer."""

from pathlib import Path
from typing import BinaryIO

from tracker.kit.confined import Failed as Failed
from tracker.kit.confined import ask

SCRIPT = Path(__file__).with_name("inspect_child.py")
SECONDS = 40
"""Wall time of one child; its processor time is limited inside."""
LONGEST_ANSWER = 30 << 20


def ask_child(file: BinaryIO, *command: str) -> bytes:
    """Return what the child answers about the file.

    Whoever calls it for a person holds that person's turn (see `slots`).

    :raises Failed: it did not come to an end in its limits of memory and time.
    """
    return ask(SCRIPT, file, *command, seconds=SECONDS, longest=LONGEST_ANSWER)
