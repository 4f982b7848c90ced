"""Starts the child process that alone opens hostile signed files, and reads its answer."""

import json
import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from tracker.kit.confined import Failed as Failed
from tracker.kit.confined import ask
from tracker.kit.words import N_
from tracker.signatures.verdicts import State, Verdict, from_json

SCRIPT = Path(__file__).with_name("verify_child.py")
ROOT = SCRIPT.parents[2]
SECONDS = 45
"""Wall time of one child; its processor time is limited inside."""
LONGEST_ANSWER = 8 << 20
KINDS = frozenset({"pdf", "ofd"})
"""Kinds of files that can bear an electronic signature."""
STUMBLED = N_("The file could not be examined within the limits of memory and time; use the vendor's reader.")

_one_at_a_time = threading.BoundedSemaphore(1)


def verify_file(file: BinaryIO, kind: str, moment: datetime, trust: Path) -> list[Verdict]:
    """Return the verdicts on an open file received at `moment`, judged in a child by the trust folder as it is now.

    The list is never empty: state NONE says that there is no signature, UNVERIFIABLE that the child failed.
    """
    unsigned = Verdict(State.NONE, kind, checked_at=moment.isoformat())
    if kind not in KINDS:
        return [unsigned]
    try:
        answer = _ask(file, "verify", kind, moment.isoformat(), str(trust))
        return [from_json(each) for each in answer["verdicts"]]
    except (Failed, ValueError, KeyError, TypeError):  # the child met the file: its answer may be nonsense
        return [replace(unsigned, state=State.UNVERIFIABLE, notes=((STUMBLED, {}),))]


def ofd_text(file: BinaryIO) -> list[str]:
    """Return the text of each page of an OFD, read in a child.

    :raises Failed: it cannot be read safely.
    """
    answer = _ask(file, "text", "ofd")
    try:
        return [str(page) for page in answer["pages"]]
    except (KeyError, TypeError) as error:
        raise Failed("text") from error


def _ask(file: BinaryIO, *command: str) -> Any:
    with _one_at_a_time:
        answer = ask(SCRIPT, file, str(ROOT), *command, seconds=SECONDS, longest=LONGEST_ANSWER)
    try:
        return json.loads(answer)
    except ValueError as error:
        raise Failed("answer") from error
