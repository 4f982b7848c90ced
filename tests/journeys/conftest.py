"""One real Chromium for all journeys, and the house they take place in."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.journeys.people import PATIENCE, Watch

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; the journeys are left out, and say so, where there is none."""
    if not Path(CHROMIUM).exists():
        print(f"no journey: there is no Chromium at {CHROMIUM} (set CHROMIUM to its path)")
        pytest.skip(f"no Chromium at {CHROMIUM}")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Hears what the browser complains of: scripts that fail, styles that the page's policy refuses."""
    watch = Watch()
    yield watch
    assert watch.heard == []


@pytest.fixture
def sitting(chromium: Browser, watch: Watch) -> Iterator[Any]:
    """Open a fresh browser window with its own cookies: `sitting(width=390, …)`."""
    opened: list[BrowserContext] = []

    def sit(width: int = 1366, height: int = 768, **options: Any) -> BrowserContext:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **options)
        context.set_default_timeout(PATIENCE)
        context.on("console", watch.console)
        context.on("weberror", watch.error)
        opened.append(context)
        return context

    yield sit
    for context in opened:
        context.close()


@pytest.fixture(scope="module")
def sqlite_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a migrated database, for a house that several tests share."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(sqlite_template, folder / "rectify.db")
    return folder / "rectify.db"
