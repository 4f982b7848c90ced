"""Content in, finished paper out: the face of this room to everybody else."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tracker.documents import press_room
from tracker.documents.press_room import RenderFailed
from tracker.kit.words import N_

__all__ = ["RenderFailed", "Rendered", "close", "render", "warm"]

ROWS, TEXT, TOTAL = 300, 20_000, 300_000
"""A paper's ceilings: entries of one list, characters of one text, characters altogether."""


@dataclass(frozen=True)
class Rendered:
    """A finished paper: PDF/A-3a bytes, their SHA-256 (hex), pages, and the characters shown in the stand-in font."""

    pdf: bytes
    sha256: str
    pages: int
    fallbacks: tuple[str, ...]


def render(type_: str, content: dict[str, Any]) -> Rendered:
    """Print frozen content (JSON-able) as a paper of this type; the same content and fonts give the same bytes.

    :raises RenderFailed: with a sentence for the clerk, when no paper can be made of it.
    """
    weigh(content)
    told, pdf = press_room.room().ask({"job": "print", "type": type_, "content": content})
    if not told.get("pdf"):
        raise RenderFailed(told["reason"], **told["params"])
    return Rendered(pdf, sha256(pdf).hexdigest(), told["pages"], tuple(told["fallbacks"]))


def warm() -> None:
    """Start a child now, so that the first paper does not wait for it."""
    press_room.room().ask({"job": "check"})


def close() -> None:
    """End the children; the next paper starts new ones."""
    press_room.close()


def weigh(content: object) -> int:
    """Return the characters in the content.

    :raises RenderFailed: when a list, a text or the whole is beyond what one paper holds.
    """
    if isinstance(content, str):
        total = len(content)
        if total > TEXT:
            raise RenderFailed(N_("One text on a paper holds at most %(n)s characters"), n=TEXT)
    elif isinstance(content, dict):
        total = sum(weigh(each) for each in content.values())
    elif isinstance(content, list | tuple):
        if len(content) > ROWS:
            raise RenderFailed(N_("One paper holds at most %(n)s rows; split the annex"), n=ROWS)
        total = sum(weigh(each) for each in content)
    else:
        total = 0
    if total > TOTAL:
        raise RenderFailed(N_("One paper holds at most %(n)s characters"), n=TOTAL)
    return total
