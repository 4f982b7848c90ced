"""What the judges saw on all pages of a scan, as a few neutral lines; the words only, no picture is touched."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.scans.levels import (
    SEAL_REASONS,
    SHARPNESS_REASONS,
    SIGNATURE_REASONS,
    SealLevel,
    Sharpness,
    SignatureLevel,
)
from tracker.scans.read import PageReading

SEALS = (SealLevel.FOUND, SealLevel.SUSPECTED, SealLevel.UNKNOWN, SealLevel.ABSENT)
SIGNATURES = (SignatureLevel.FOUND, SignatureLevel.ABSENT, SignatureLevel.UNKNOWN)
"""Which level of all pages stands for the whole scan: one sealed page is enough."""
STATES = {"found": "passed", "unknown": "none"}


@dataclass(frozen=True)
class Line:
    """One hint: how it is marked (passed, none, warning), its sentence (msgid), and the pages it speaks of."""

    state: str
    msgid: str
    pages: tuple[int, ...]


def lines(pages: Iterable[PageReading]) -> list[Line]:
    """Return the hints on seal, signature and sharpness; nothing on what was not judged."""
    pages = list(pages)
    found = [*_whole(pages, "seal", SEALS, SEAL_REASONS), *_whole(pages, "signature", SIGNATURES, SIGNATURE_REASONS)]
    for level in (Sharpness.LOW, Sharpness.BLURRED):
        numbers = _numbers(pages, "sharpness", level)
        if numbers:
            found.append(Line("warning", SHARPNESS_REASONS[level], numbers))
    return found


def _whole(pages: list[PageReading], what: str, order: tuple[Any, ...], reasons: Mapping[Any, str]) -> Iterator[Line]:
    for level in order:
        numbers = _numbers(pages, what, level)
        if numbers:
            yield Line(STATES.get(level, "warning"), reasons[level], numbers)
            return


def _numbers(pages: list[PageReading], what: str, level: str) -> tuple[int, ...]:
    return tuple(page["n"] for page in pages if (page.get(what) or {}).get("level") == level)
