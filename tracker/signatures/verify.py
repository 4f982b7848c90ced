"""One question for every kind of file: which electronic signatures does it bear, and what is each worth."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from tracker.kit.archives import Unfit
from tracker.signatures.ofd import Ofd
from tracker.signatures.pades import verify_pdf
from tracker.signatures.seals import verify_ofd
from tracker.signatures.trust import Trust
from tracker.signatures.verdicts import State, Verdict

KINDS: dict[str, Callable[[bytes, Trust, datetime], list[Verdict]]] = {"pdf": verify_pdf, "ofd": verify_ofd}
PAGES, LONGEST_TEXT = 30, 4000
"""Pages of an OFD whose text is kept beside the verdict, and characters of each."""


def verify(data: bytes, kind: str, trust: Trust, moment: datetime) -> list[Verdict]:
    """Return the verdicts on a file received at `moment`; one of state NONE when it bears no signature at all.

    Meant for the child process: a hostile file may cost all the memory and time there is.
    """
    found = KINDS[kind](data, trust, moment) if kind in KINDS else []
    found = found or [Verdict(State.NONE, kind, checked_at=moment.isoformat())]
    return [replace(found[0], pages=_texts(data)), *found[1:]] if kind == "ofd" else found


def _texts(data: bytes) -> list[str]:
    try:
        return [text[:LONGEST_TEXT] for text in Ofd(data).page_texts()[:PAGES]]
    except Unfit:
        return []
