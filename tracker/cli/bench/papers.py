"""`flask bench papers`: a made-up corpus of papers, printed, measured and timed against WeasyPrint alone."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from json import dumps
from os import fsync, sysconf
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import IO, Any, cast

from PIL import Image, ImageChops, ImageStat

from tracker.cli.bench import corpus
from tracker.cli.bench.figures import Figure
from tracker.documents import press_room
from tracker.documents.child import read_frame, write_frame
from tracker.documents.compose import compose, style
from tracker.documents.fonts import Shelf, shelf
from tracker.documents.geometry import GRIDS, LINES
from tracker.documents.measure import measure
from tracker.documents.preview import page_images
from tracker.documents.selfcheck import check_pdf, edge_offsets, full_page_lines

NOTICE = "rectification_notice"
ROUNDS, BATCH = 20, 161
PATCHES, DARKER = (70, 99), 40
"""A page as patches of about 3 mm; a patch that differs by more than this of 255 shows a blank or a wrong character."""


@dataclass
class Tally:
    """What a corpus came to."""

    papers: int = 0
    pages: int = 0
    wrong: list[str] = field(default_factory=list)
    offsets: list[float] = field(default_factory=list)
    short_pages: int = 0
    compared: int = 0
    unlike: int = 0
    greys: list[float] = field(default_factory=list)
    longest: int = 0
    types: set[str] = field(default_factory=set)


def figures(count: int, say: Callable[[str], None], *, speed: bool = True) -> Iterator[Figure]:
    """Yield the figures of a corpus of `count` papers, then those of speed; failing papers are said as they come."""
    room = press_room.Room(1)
    try:
        tally = _corpus(room, count, say)
        yield from _quality(tally)
        if not speed:
            return
        yield from _sameness()
        yield from _speed(room)
    finally:
        room.close()
    yield from _batches()


def _corpus(room: press_room.Room, count: int, say: Callable[[str], None]) -> Tally:
    tally = Tally()
    for number, (type_, content) in enumerate(corpus.contents(count)):
        pdf = _print(room, type_, content)
        wrong = sorted({check.id for check in check_pdf(pdf) if not check.ok})
        if wrong:
            tally.wrong.append(f"{number} {type_}: {'、'.join(wrong)}")
            say(tally.wrong[-1])
        paper = measure(pdf)
        tally.papers, tally.pages = tally.papers + 1, tally.pages + len(paper.pages)
        tally.longest = max(tally.longest, len(paper.pages))
        tally.types.add(type_)
        tally.offsets += edge_offsets(paper)
        tally.short_pages += sum(lines != LINES for lines in full_page_lines(paper))
        if number % 10 == 0 and shutil.which("pdftoppm"):
            _compare(pdf, tally)
    return tally


def _print(room: press_room.Room, type_: str, content: dict[str, Any]) -> bytes:
    told, pdf = room.ask({"job": "print", "type": type_, "content": content})
    if not pdf:
        raise press_room.RenderFailed(told["reason"], **told["params"])
    return pdf


def _compare(pdf: bytes, tally: Tally) -> None:
    """Compare the first three pages as two renderers draw them."""
    for number, jpeg in enumerate(page_images(pdf, 1200, limit=3), start=1):
        ours = Image.open(BytesIO(jpeg)).convert("L")
        command = ["pdftoppm", "-png", "-f", str(number), "-l", str(number), "-scale-to", "1200", "-"]
        done = subprocess.run(command, input=pdf, capture_output=True, check=True)  # noqa: S603  (our own command)
        other = Image.open(BytesIO(done.stdout)).convert("L").resize(ours.size)
        tally.greys.append(ImageStat.Stat(patches_apart(ours, other)).mean[0])
        tally.compared += 1
        tally.unlike += unlike(ours, other)


def patches_apart(one: Image.Image, other: Image.Image) -> Image.Image:
    """Return the difference of two grey pictures, patch by patch: how each smooths its edges does not count."""
    small = [each.resize(PATCHES, Image.Resampling.BOX) for each in (one, other)]
    return ImageChops.difference(*small)


def unlike(one: Image.Image, other: Image.Image) -> bool:
    """Return whether two grey pictures of a page differ by a whole character somewhere."""
    return cast(tuple[float, float], patches_apart(one, other).getextrema())[1] > DARKER


def _quality(tally: Tally) -> Iterator[Figure]:
    yield Figure("papers of the corpus", tally.papers, digits=0)
    yield Figure("their types", len(tally.types), digits=0)
    yield Figure("their pages", tally.pages, digits=0)
    yield Figure("pages of the longest", tally.longest, digits=0)
    yield Figure("papers failing a point of the self-check", len(tally.wrong), at_most=0, digits=0)
    yield Figure("right edge of full lines, median", median(tally.offsets), "mm", 0.2, digits=3)
    yield Figure("right edge of full lines, farthest", max(tally.offsets), "mm", 0.5, digits=3)
    yield Figure("full pages without 22 lines", tally.short_pages, at_most=0, digits=0)
    if tally.compared:
        yield Figure(f"pages that look different in poppler, of {tally.compared}", tally.unlike, at_most=0, digits=0)
        yield Figure("mean grey difference of the two renderers, farthest page, of 255", max(tally.greys))


def _one(number: int) -> dict[str, Any]:
    """Return a notice of one page with its own number."""
    dice = Random(1)  # noqa: S311  (papers for measuring, no secrets)
    problem = corpus.problem(dice, 1) | {"description": "监测时点前2周内无更新。", "place": "首页"}
    told = {"opening": ["现将检查中发现的问题通知如下。"], "requirements": ["请对照问题立即整改。"], "items": [problem]}
    named = {
        "title": "关于限期整改政务新媒体有关问题的通知",
        "number": f"阜政办公开改〔2021〕{number}号",
        "contact": "",
        "copy_to": [],
    }
    return corpus.letter(dice) | told | named


def _five_pages() -> dict[str, Any]:
    dice = Random(2)  # noqa: S311
    return corpus.bulletin(dice) | {
        "annexes": [],
        "body": ["国家和省有关要求。" * 14] * 15,
        "urgency": "",
        "copy_to": [],
    }


def _sameness() -> Iterator[Figure]:
    found = set()
    for _ in range(3):
        room = press_room.Room(1)
        found.add(
            tuple(sha256(_print(room, *job)).hexdigest() for job in ((NOTICE, _one(1)), ("bulletin", _five_pages())))
        )
        room.close()
    yield Figure("different bytes from three processes, beyond one", len(found) - 1, at_most=0, digits=0)


def _speed(room: press_room.Room) -> Iterator[Figure]:
    with room.child() as hold:
        pid = hold[0].process.pid
    fonts = shelf()
    jobs = [_plain_job(NOTICE, _one(number), fonts) for number in range(ROUNDS)]
    with _plain() as (plain, plain_pid):
        ours, theirs = [], []
        for number in range(ROUNDS):  # turn about, so that both see the same machine
            ours.append(_cpu(pid, lambda n=number: _print(room, NOTICE, _one(n))))  # type: ignore[misc]
            theirs.append(_cpu(plain_pid, lambda n=number: plain(jobs[n])))  # type: ignore[misc]
    yield Figure("one-page notice, CPU, warm (mean)", sum(ours[2:]) / len(ours[2:]), "s", 0.12, digits=3)
    yield Figure("the same by WeasyPrint alone", sum(theirs[2:]) / len(theirs[2:]), "s", digits=3)
    yield Figure("ratio to WeasyPrint alone", sum(ours[2:]) / sum(theirs[2:]), "", 1.2)
    pages = len(measure(_print(room, "bulletin", _five_pages())).pages)
    times = [_cpu(pid, lambda: _print(room, "bulletin", _five_pages())) for _ in range(5)]
    yield Figure(f"bulletin of {pages} pages, CPU", median(times), "s", 0.35)
    yield Figure("peak memory of the child", _peak(pid), "MiB", digits=0)


def _plain_job(type_: str, content: dict[str, Any], fonts: Shelf) -> dict[str, str]:
    grid = GRIDS["word"]
    return {"html": compose(type_, content, grid, fonts).html, "css": style(type_, grid, fonts)}


@contextmanager
def _plain() -> Iterator[tuple[Callable[[dict[str, str]], bytes], int]]:
    """Run WeasyPrint alone in a process of its own."""
    command = [sys.executable, "-E", "-s", "-m", "tracker.documents.plain"]
    child = subprocess.Popen(  # noqa: S603  (our own command)
        command, cwd=press_room.ROOT, env=press_room.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    source, target = cast(IO[bytes], child.stdin), cast(IO[bytes], child.stdout)

    def ask(job: dict[str, str]) -> bytes:
        write_frame(cast(Any, source), dumps(job).encode())
        source.flush()
        return read_frame(cast(Any, target)) or b""

    with child:
        yield ask, child.pid
        source.close()


def _cpu(pid: int, act: Callable[[], object]) -> float:
    """Return the processor seconds that a process spends while something is done with it."""
    before = _ticks(pid)
    act()
    return (_ticks(pid) - before) / sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(told[11]) + int(told[12])


def _peak(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _timed(act: Callable[[], object]) -> float:
    started = perf_counter()
    act()
    return perf_counter() - started


def _batches() -> Iterator[Figure]:
    """Yield how many notices two processes print in a minute, beside two processes of WeasyPrint alone."""
    room = press_room.Room(2)
    notices = [_one(number) for number in range(BATCH)]
    fonts = shelf()
    jobs = [_plain_job(NOTICE, notice, fonts) for notice in notices]
    with ThreadPoolExecutor(2) as threads, _plain() as (one, _), _plain() as (other, _), TemporaryDirectory() as folder:
        _ = list(threads.map(lambda _: _print(room, NOTICE, notices[0]), range(4)))
        _ = [plain(jobs[0]) for plain in (one, other)]
        alone, ours = [], []
        for _ in range(2):  # turn about, the better one counts: other work on the machine disturbs either
            alone.append(_timed(lambda: list(threads.map(_all, (one, other), (jobs[::2], jobs[1::2])))))
            ours.append(_timed(lambda: list(threads.map(lambda each: _print(room, NOTICE, each), notices))))
        kept = _timed(lambda: list(threads.map(lambda each: _keep(_print(room, NOTICE, each), Path(folder)), notices)))
    room.close()
    yield Figure(f"{BATCH} notices by two processes", 60 * BATCH / min(ours), "a minute", digits=0)
    yield Figure("the same by WeasyPrint alone", 60 * BATCH / min(alone), "a minute", digits=0)
    yield Figure("time beside WeasyPrint alone", min(ours) / min(alone), "", 1 / 0.9)
    yield Figure("the same with self-check and storing", 60 * BATCH / kept, "a minute", digits=0)


def _all(plain: Callable[[dict[str, str]], bytes], jobs: list[dict[str, str]]) -> None:
    for job in jobs:
        plain(job)


def _keep(pdf: bytes, folder: Path) -> None:
    check_pdf(pdf)
    with (folder / sha256(pdf).hexdigest()).open("wb") as file:
        file.write(pdf)
        file.flush()
        fsync(file.fileno())
