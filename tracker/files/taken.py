"""Taking a form's files in before its transaction opens: looking at a hostile one can last, and nobody waits for it."""

from collections.abc import Callable
from typing import Any, BinaryIO, cast

from flask import request

from tracker.files.operations import Source, receive
from tracker.kit.errors import Refused

Taken = dict[str, list[tuple[Source, str]]]
"""Field → (what came of it, the file's own name); a refusal is raised where the file is used, for the form to show."""


def files_of(*fields: str) -> Callable[[], dict[str, Any]]:
    """Return the step before a route's transaction: every file of these fields through the gate and into the store."""
    return lambda: {
        "taken": {field: [_one(file) for file in request.files.getlist(field) if file.filename] for field in fields}
    }


def _one(file: Any) -> tuple[Source, str]:
    name = str(file.filename)
    try:
        return receive(cast(BinaryIO, file.stream), name), name
    except Refused as refusal:
        return refusal, name
