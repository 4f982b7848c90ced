"""How long acts take: issuing a batch, printing a paper, starting again."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import func, select

from tracker.cli.bench.figures import Figure
from tracker.cli.bench.load import add_waiting_findings
from tracker.cli.bench.rows import CLERK
from tracker.cli.bench.world import MOMENT, ROOT, World
from tracker.documents.render import close, render
from tracker.inspections.models import Finding
from tracker.inspections.queries import findings_by_ids
from tracker.kit.clock import FixedClock, office_date
from tracker.kit.unit_of_work import unit_of_work
from tracker.notices.operations.drafts import Wording, draft, submit
from tracker.org.models import Person
from tracker.org.queries import identity_of
from tracker.workdays.calendar import Calendar

BATCH = 50
PAPERS = 20
PATIENCE = 120.0
"""Seconds until a start counts as failed."""


def issue_figure(world: World) -> Figure:
    """Return how long issuing fifty notices takes, from the director's click to the answer; without rendering."""
    batch_id = _submitted_batch(world)
    browser = world.browser("director")
    seconds = browser.post(f"/batches/{batch_id}", f"/batches/{batch_id}/sign")
    return Figure(f"issuing a batch of {BATCH} at {world.notices:,}", seconds, "s", 1)


def _submitted_batch(world: World) -> int:
    first = int(world.read(select(func.max(Finding.id)))) + 1
    with world.working() as work:
        add_waiting_findings(work, first, BATCH)
        clerk = identity_of(work.session, work.session.get_one(Person, CLERK), work.today)
    due_on = office_date(MOMENT + timedelta(days=14))
    with world.app.app_context(), unit_of_work(clerk, FixedClock(MOMENT)) as work:
        findings = findings_by_ids(work.session, range(first, first + BATCH))
        batch = draft(work, findings, Wording("关于限期整改有关问题的通知", "发现以下问题。", "请整改。", due_on))
        submit(work, batch, Calendar())
        return batch.id


CONTENT: dict[str, Any] = {
    "type": "rectification_notice",
    "draft": False,
    "issuer": "阜新市人民政府办公室",
    "title": "关于限期整改政务新媒体有关问题的通知",
    "recipient": "阜新市公安局",
    "opening": ["根据监管工作要求，组织开展了12月份检查，发现你单位存在以下问题。"],
    "items": [
        {
            "seq": 1,
            "subject": "阜新公安",
            "subject_kind": "政务新媒体",
            "platform": "新浪微博",
            "code": "",
            "indicator": "两周未更新",
            "level": "单项否决",
            "place": "首页",
            "description": "监测时点前2周内无更新。",
            "found_on": "2021-12-20",
        }
    ],
    "requirements": ["请对照问题逐项整改，并报送整改情况报告。"],
    "deadline_words": "1月10日前",
    "contact": "王芳 0418-0000000",
    "signer_line": "阜新市人民政府办公室",
    "date": "2021-12-28",
    "copy_to": [],
    "verify_url": "",
    "token": "",
}


def paper_figures() -> Iterator[Figure]:
    """Yield the first paper of a new render process, and the median of those that follow, each with its own number."""
    times = [_printed(n) for n in range(1, PAPERS + 2)]
    close()
    yield Figure("one notice's PDF, cold", times[0], "s")
    yield Figure("one notice's PDF, warm", median(times[1:]), "s", 0.25)


def _printed(n: int) -> float:
    started = perf_counter()
    render("rectification_notice", CONTENT | {"number": f"阜政办公开改〔2021〕{n}号"})
    return perf_counter() - started


def start_figures(folder: Path) -> Iterator[Figure]:
    """Yield how long `serve` takes to its first page, from an empty data folder and again."""
    yield Figure("first start to the first page (demo made)", _start(folder), "s")
    yield Figure("second start to the first page", _start(folder), "s", 5)


def _start(folder: Path) -> float:
    port = _free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("RECTIFY_")}
    environment |= {"RECTIFY_DATA": str(folder), "PORT": str(port), "DEMO_PASSWORD": "Bench-Only-2021"}
    started = perf_counter()
    server = subprocess.Popen(  # noqa: S603  (our own command)
        [sys.executable, "-m", "flask", "--app", "app", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for_page(server, f"http://127.0.0.1:{port}/sign-in", started)
        return perf_counter() - started
    finally:
        server.terminate()
        server.wait(30)


def _wait_for_page(server: subprocess.Popen[bytes], url: str, started: float) -> None:
    while perf_counter() - started < PATIENCE and server.poll() is None:
        try:
            with urlopen(url, timeout=5) as answer:  # noqa: S310  (our own server, on this machine)
                answer.read()
                return
        except (URLError, ConnectionError, TimeoutError):
            sleep(0.02)
    raise RuntimeError(f"no page at {url}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
