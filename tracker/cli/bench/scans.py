"""`flask bench scans`: seal, signature and code hints on made-up scans, against what is known of each page.

The pages are SYNTHETIC: every figure is optimistic. The hints were tuned on the pages of the first seed only; those of
the second are held back, and theirs are the figures that count.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from statistics import median, quantiles
from time import process_time
from typing import Any

from PIL import Image

from tracker.cli.bench.figures import Figure
from tracker.cli.bench.synthetic.cases import Case, cases
from tracker.documents.render import close
from tracker.scans import child

TUNING, HELD_BACK = "tuning", "held back 3"
"""The seeds of both halves. Once a held-back seed served to mend something (as "held back 2" did, with six seals seen
in letter heads and red lines), it counts as tuning, and the next one takes its place."""


@dataclass(frozen=True)
class Read:
    """A page, what the product's reader said of it, and its processor time in seconds (drawing the page included)."""

    case: Case
    seal: str
    signature: str
    token: str
    turned: int
    seconds: float

    @property
    def marked(self) -> bool:
        """Tell whether a seal was found or suspected."""
        return self.seal in ("found", "suspected")


def figures(count: int, seeds: Iterable[str], say: Callable[[str], None]) -> Iterator[Figure]:
    """Yield the figures of `count` pages of each seed."""
    try:
        for seed in seeds:
            read = [read_case(case) for case in cases(seed, count)]
            say(f'seed "{seed}", synthetic data: {_kinds(read)}')
            yield from _figures(f"[{seed}] ", read)
    finally:
        close()


def read_case(case: Case) -> Read:
    """Return what the product's reader says of a page that comes as a scanner's PDF, or as a telephone's JPEG."""
    kind, data = _file(case)
    started = process_time()
    told = child.read(kind, data, 1, 1)[0]
    seconds = process_time() - started
    codes = told["codes"]
    case = replace(case, picture=Image.new("1", (1, 1)))  # hundreds of pictures would fill the memory
    return Read(
        case, _level(told, "seal"), _level(told, "signature"), codes[0]["token"] if codes else "", told["turn"], seconds
    )


def _file(case: Case) -> tuple[str, bytes]:
    out = BytesIO()
    picture = case.picture if case.coloured else case.picture.convert("L")
    if case.way == "photo":
        picture.save(out, "JPEG", quality=92)
        return "jpeg", out.getvalue()
    picture.save(out, "PDF", resolution=max(picture.size) / 11.69, quality=92)
    return "pdf", out.getvalue()


def _level(told: dict[str, Any], name: str) -> str:
    return str((told[name] or {}).get("level", ""))


def _kinds(read: list[Read]) -> str:
    ways = Counter(each.case.way for each in read)
    seals = Counter(each.case.seal for each in read if each.case.coloured)
    reds = Counter(each.case.red for each in read if each.case.coloured and not each.case.sealed)
    return f"{len(read)} pages, {dict(ways)}; in colour: seals {dict(seals)}, else red {dict(reds)}"


def _figures(half: str, read: list[Read]) -> Iterator[Figure]:
    colour = [each for each in read if each.case.coloured]
    sealed = [each for each in colour if each.case.sealed]
    bare = [each for each in colour if not each.case.sealed]
    grey = [each for each in read if not each.case.coloured]
    found = [each for each in colour if each.seal == "found"]

    def parts(name: str, some: list[Read], of: list[Read], most: float | None) -> Figure:
        return Figure(f"{half}{name} ({len(some)} of {len(of)})", 100 * len(some) / max(1, len(of)), "%", most)

    yield parts("检出 without a seal: 1 - precision", [e for e in found if not e.case.sealed], found, 0)
    yield parts("seals told 未检出: 1 - recall", [e for e in sealed if not e.marked], sealed, 2)
    yield parts("seals told 检出", [e for e in sealed if e.seal == "found"], sealed, None)
    yield parts("no seal, told 疑似 or 检出", [e for e in bare if e.marked], bare, 2)
    yield parts("grey or fax, not told 无法判断", [e for e in grey if e.seal != "unknown"], grey, 0)
    yield from _sheet_figures(parts, [each for each in read if each.case.form == "sheet"])
    times = [each.seconds for each in read]
    yield Figure(f"{half}processor time of a page, median", median(times), "s", 0.6)
    yield Figure(f"{half}  95 of 100 pages", quantiles(times, n=20)[-1] if len(times) > 1 else times[0], "s")


def _sheet_figures(
    parts: Callable[[str, list[Read], list[Read], float | None], Figure], sheets: list[Read]
) -> Iterator[Figure]:
    signed = [each for each in sheets if each.case.signed]
    unsigned = [each for each in sheets if not each.case.signed]
    yield parts("signed, told not", [e for e in signed if e.signature == "absent"], signed, 2)
    yield parts("not signed, told signed", [e for e in unsigned if e.signature == "found"], unsigned, 2)
    yield parts("signature box not found", [e for e in sheets if e.signature == "unknown"], sheets, None)
    yield parts("codes not read, or wrong", [e for e in sheets if e.token != e.case.token], sheets, 2)
    right = [e for e in sheets if e.token and (e.turned + e.case.turned) % 360 != 0]
    yield parts("read, but not turned upright", right, sheets, 0)
