"""What an operation may refuse, as sentences a clerk understands."""

from typing import Any


class Refused(Exception):
    """The office's rules do not allow the act now: an English msgid with its parameters, shown translated."""

    status = 409

    def __init__(self, msgid: str, **params: Any) -> None:
        super().__init__(msgid % params if params else msgid)
        self.msgid = msgid
        self.params = params


class Stale(Refused):
    """Somebody else changed the row since the form was opened; `theirs` and `yours` are shown side by side."""

    def __init__(self, msgid: str, theirs: dict[str, str] | None = None, yours: dict[str, str] | None = None) -> None:
        super().__init__(msgid)
        self.theirs = theirs or {}
        self.yours = yours or {}


class Invalid(Refused):
    """Some fields cannot be taken as typed: {field name: msgid}; nothing was stored."""

    status = 422

    def __init__(self, problems: dict[str, str], **params: Any) -> None:
        super().__init__(next(iter(problems.values())), **params)
        self.problems = problems


class Missing(Exception):
    """The object does not exist for this person: absent and foreign look the same (404)."""


class TooMany(Refused):
    """A limit on tries was reached; `seconds` says when the next one is allowed."""

    status = 429

    def __init__(self, msgid: str, seconds: int) -> None:
        super().__init__(msgid, minutes=max(1, -(-seconds // 60)))
        self.seconds = seconds
