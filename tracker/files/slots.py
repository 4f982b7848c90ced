"""Whose turn it is: one inspecting child per person, and few in all, over every server process of this machine.

A turn is a locked file, so that it ends with the process that held it, however that ended.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tracker.kit.errors import Refused
from tracker.kit.words import N_

PLACES = max(2, os.cpu_count() or 2)
"""Children at once; they run at low priority, and a person has one: a bomb holds one place, never all of them."""
PATIENCE = 15.0
"""Seconds a request waits for its turn; longer would hold the threads of people who only read."""
STEP = 0.05
CROWDED = N_("Many files are being checked at the moment. Please upload yours again in a minute.")
BUSY = N_("Files of yours are still being checked. Wait until that is done, then send this form again.")


@contextmanager
def turn(
    folder: Path, person: object, patience: float = PATIENCE, *, busy: str = BUSY, crowded: str = CROWDED
) -> Iterator[None]:
    """Hold the person's own turn and one of the machine's places while the block runs.

    :raises Refused: neither came free in `patience` seconds; the sentence says which.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    until = time.monotonic() + patience
    with ExitStack() as held:
        _wait(held, [folder / f"person-{person}"], until, busy)
        _wait(held, [folder / f"place-{n}" for n in range(PLACES)], until, crowded)
        yield


def _wait(held: ExitStack, files: list[Path], until: float, sentence: str) -> None:
    while not any(_locked(held, file) for file in files):
        if time.monotonic() > until:
            raise Refused(sentence)
        time.sleep(STEP)


def _locked(held: ExitStack, path: Path) -> bool:
    with ExitStack() as tried, suppress(BlockingIOError):
        file = tried.enter_context(path.open("wb"))
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        held.push(tried.pop_all())
        return True
    return False
