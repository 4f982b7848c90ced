"""Every page's template compiles, and none carries what the content security policy would drop."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

from tests.conftest import OPENING, settings_for
from tracker.kit.clock import FixedClock
from tracker.web.app import create_app

ROOT = Path(__file__).resolve().parents[2] / "templates"
NAMES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html"))
PAGES = [name for name in NAMES if not name.startswith(("documents/", "messages/"))]
"""Papers and messages have environments of their own and are tested where they are drawn."""
INLINE = re.compile(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
ICONS = re.compile(r"""\bicon(?:=|\()["']([a-z0-9-]*[a-z0-9])["']""")
SPRITE = set(re.findall(r'id="([a-z0-9-]+)"', (ROOT.parent / "static/img/icons.svg").read_text("utf-8")))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The templates' environment of the real application; no database is opened."""
    data = tmp_path_factory.mktemp("templates")
    return create_app(settings_for(data, f"sqlite:///{data}/none.db"), FixedClock(OPENING)).jinja_env


@pytest.mark.parametrize("name", PAGES)
def test_compiles(environment: Environment, name: str) -> None:
    environment.get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_has_nothing_inline(name: str) -> None:
    assert INLINE.findall((ROOT / name).read_text("utf-8")) == []


@pytest.mark.parametrize("name", PAGES)
def test_names_only_icons_that_are_drawn(name: str) -> None:
    assert set(ICONS.findall((ROOT / name).read_text("utf-8"))) - SPRITE == set()
