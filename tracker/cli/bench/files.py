"""`flask bench files`: the hostile corpus through the real pages, and other people's pages while bombs run."""

import io
import resource
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import quantiles
from time import perf_counter

from werkzeug.test import TestResponse

from tracker.cli.bench.figures import Figure
from tracker.cli.bench.hostile.corpus import CORPUS, Hostile
from tracker.cli.bench.hostile.pdfs import nested_forms_pdf, swollen_content_pdf
from tracker.cli.bench.rows import DIRECTOR
from tracker.cli.bench.world import FORM_VALUE, MOMENT, Browser, World, apart
from tracker.files.models import StoredFile
from tracker.kit.clock import office_date
from tracker.kit.db import db
from tracker.org.models import Role, RoleGrant

NEW = "/findings/new"
OTHERS_PAGE = "/notices"
REQUESTS = 80
BOMBERS = 2
ENOUGH = 6
"""Bombs that end while others are measured."""
WORKER_MEMORY = 900
OTHERS_P95 = 1.0
"""Seconds; what people who only read may wait while somebody misbehaves."""
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}


@dataclass
class Tally:
    """What went wrong over the whole corpus, as lines a person reads."""

    inline: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)


def figures(world: World, say: Callable[[str], None]) -> Iterator[Figure]:
    """Yield the figures: outcomes, inline, 5xx, memory, then the waiting of others in quiet and during bombs."""
    clerk, found = world.browser("clerk"), Tally()
    for each in CORPUS:
        say(_one(world, clerk, each, found))
    for kind, lines in vars(found).items():
        for line in lines:
            say(f"{kind}: {line}")
    yield Figure(f"hostile files, of {len(CORPUS)}: not as expected", len(found.other), "", 0, 0)
    yield Figure("answers that a browser would run or show inline", len(found.inline), "", 0, 0)
    yield Figure("answers of 5xx", len(found.errors), "", 0, 0)
    quiet = _p95(world)
    during, bombs = _p95_during_bombs(world)
    yield Figure("others' pages, p95, quiet", quiet, "s", None, 3)
    yield Figure(f"others' pages, p95, while {BOMBERS} people upload bombs ({bombs} ended)", during, "s", OTHERS_P95, 3)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield Figure("largest child, resident memory", peak, "MB", WORKER_MEMORY, 0)


def _one(world: World, clerk: Browser, each: Hostile, found: Tally) -> str:
    """Hand one file in, look at everything that is served of it, and return a line about it."""
    data, started = each.make(), perf_counter()
    answer = _hand_in(clerk, data, each.name, each.number)
    seconds = perf_counter() - started
    if answer.status_code >= 500:
        found.errors.append(f"{each.number} {each.name}: {answer.status}")
    if (answer.status_code, bool(each.refused)) not in ((302, False), (422, True)):
        found.other.append(f"{each.number} {each.name}: {answer.status}")
    if answer.status_code == 302:
        _look_at(world, clerk, answer.headers["Location"], each, found)
    verdict = {302: "kept", 422: "refused"}.get(answer.status_code, answer.status)
    marks = f" ({', '.join(each.marks)})" if each.marks else ""
    return f"{each.number:>3} {each.name:<28} {len(data):>10,} B {seconds:6.2f} s  {verdict}{marks}"


def _hand_in(clerk: Browser, data: bytes, name: str, number: int) -> TestResponse:
    form = dict(FORM_VALUE.findall(clerk.get(NEW).get_data(as_text=True)))
    fields = {
        **form,
        "inspection_id": "1",
        "indicator_id": "1",
        "unit_id": "2",
        "subject_id": "",
        "level": "",
        "place": f"文件 {number}",
        "description": f"附件测试 {number} {perf_counter()}",
        "found_on": office_date(MOMENT - timedelta(days=1)).isoformat(),
        "evidence": (io.BytesIO(data), name),
    }
    return apart(lambda: clerk.http.post(NEW, data=fields, content_type="multipart/form-data"))


def _look_at(world: World, clerk: Browser, place: str, each: Hostile, found: Tally) -> None:
    """Fetch the page, the original with and without its warning, and the picture; note what could run."""
    with world.app.app_context():
        stored = db.session.query(StoredFile).order_by(StoredFile.id.desc()).first()
        if stored is None or (stored.kind, stored.active_content) != (each.kind, bool(each.marks)):
            found.other.append(f"{each.number} {each.name}: kept otherwise")
    for url in (place, f"{place}/evidence", f"{place}/evidence?anyway=1", f"{place}/evidence/1.jpg"):
        answer = apart(lambda url=url: clerk.http.get(url))  # type: ignore[misc]
        if answer.status_code >= 500:
            found.errors.append(f"{url}: {answer.status}")
        if answer.status_code == 200 and not _harmless(answer):
            found.inline.append(f"{each.number} {each.name}: {url}")


def _harmless(answer: TestResponse) -> bool:
    """Tell whether an answer is our own page, a download, or a picture made here."""
    if answer.mimetype == "text/html" and b"<title>" in answer.data:
        return "script-src" in answer.headers.get("Content-Security-Policy", "")
    sealed = all(answer.headers.get(name) == value for name, value in SAFE.items())
    download = answer.headers.get("Content-Disposition", "").startswith("attachment")
    return sealed and (download or (answer.mimetype == "image/jpeg" and answer.data.startswith(b"\xff\xd8\xff")))


def _p95(world: World, enough: Callable[[], bool] = lambda: True) -> float:
    """Return the p95 of somebody else's page in seconds: eighty requests, and on until `enough`, a minute at most."""
    observer, until = world.browser("observer"), perf_counter() + 60
    times: list[float] = []
    while len(times) < REQUESTS or (not enough() and perf_counter() < until):
        times.append(observer.seconds(OTHERS_PAGE))
    return quantiles(times, n=20)[-1]


def _p95_during_bombs(world: World) -> tuple[float, int]:
    """Return the p95 while two people upload one bomb after the other, and how many bombs came to their end."""
    with world.working() as work:  # a second person who may hand files in here
        work.session.add(RoleGrant(person_id=DIRECTOR, role=Role.CLERK, granted_at=work.now))
    over, ended = threading.Event(), []

    def throw(login: str, bomb: bytes) -> None:
        browser = world.browser(login)
        while not over.is_set():
            ended.append(_hand_in(browser, bomb, "bomb.pdf", 0).status_code)

    bombs = {"clerk": swollen_content_pdf(), "director": nested_forms_pdf()}
    threads = [threading.Thread(target=throw, args=pair) for pair in bombs.items()]
    for thread in threads:
        thread.start()
    try:
        return _p95(world, lambda: len(ended) >= ENOUGH), len(ended)
    finally:
        over.set()
        for thread in threads:
            thread.join()
