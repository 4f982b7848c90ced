"""Taking a form's files in before its transaction opens: looking at a hostile one can last, and nobody waits for it."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from flask import request

from tracker.files.operations import EVIDENCE, Source, receive
from tracker.files.slots import BUSY
from tracker.kit.errors import Refused
from tracker.kit.host import host
from tracker.kit.words import N_

Taken = dict[str, list[tuple[Source, str]]]
"""Field → (what came of it, the file's own name); a refusal is raised where the file is used, for the form to show."""
MOST = 20
"""Files of one request that are looked at."""
AT_ONCE = 3
"""Requests with files that one person may have under way: one is looked at, the others wait their turn in threads that
people who only read need as well."""
TOO_MANY = N_("At most %(n)s files can be sent at once. Send the others with the next saving.")
_under_way: Counter[object] = Counter()
_lock = threading.Lock()


def files_of(
    *fields: str, largest: int | None = None, kinds: frozenset[str] = EVIDENCE
) -> Callable[[], dict[str, Any]]:
    """Return the step before a route's transaction: every file of these fields through the gate and into the store.

    `kinds` are those that may come in. The step raises Refused when there are too many files, or when the person has
    others under way.
    """

    def take() -> dict[str, Any]:
        posted = {field: [f for f in request.files.getlist(field) if f.filename] for field in fields}
        if sum(map(len, posted.values())) > MOST:
            raise Refused(TOO_MANY, n=MOST)
        if not any(posted.values()):
            return {"taken": {field: [] for field in fields}}
        with _place(host().current_actor().actor_id):
            return {"taken": {field: [_one(f, largest, kinds) for f in files] for field, files in posted.items()}}

    return take


@contextmanager
def _place(person: object) -> Iterator[None]:
    with _lock:
        if _under_way[person] >= AT_ONCE:
            raise Refused(BUSY)
        _under_way[person] += 1
    try:
        yield
    finally:
        with _lock:
            _under_way[person] -= 1


def _one(file: Any, largest: int | None, kinds: frozenset[str]) -> tuple[Source, str]:
    name = str(file.filename)
    try:
        return receive(cast(BinaryIO, file.stream), name, largest, kinds), name
    except Refused as refusal:
        return refusal, name
