"""What these tests ask does not depend on the kind of database: SQLite is enough, and faster."""

import shutil
from pathlib import Path

import pytest

from tests import worlds
from tests.conftest import OPENING, settings_for
from tests.databases import SqliteFile
from tests.worlds import World
from tracker.kit.clock import FixedClock
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM
from tracker.reminders.jobs import tick
from tracker.web.app import create_app


@pytest.fixture(scope="session")
def settled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """A folder with the whole world's database and files, built once; tests copy it."""
    folder = tmp_path_factory.mktemp("world")
    shutil.copy(sqlite_template, folder / "rectify.db")
    clock = FixedClock(OPENING)
    app = create_app(settings_for(folder / "data", f"sqlite:///{folder / 'rectify.db'}"), clock)
    with app.app_context():
        world = worlds.build(lambda identity=SYSTEM, write=True: unit_of_work(identity, clock, write=write))
        tick()
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()
    return folder, world


@pytest.fixture
def database_url(request: pytest.FixtureRequest, sqlite_place: SqliteFile, tmp_path: Path) -> str:
    """The URL of a fresh migrated SQLite database, with the world in it for a test that asks for `world`."""
    if "world" not in request.fixturenames:
        return sqlite_place.ready()
    folder, _world = request.getfixturevalue("settled")
    shutil.copytree(folder / "data", tmp_path / "data")
    return sqlite_place.ready(folder / "rectify.db")


@pytest.fixture
def world(settled: tuple[Path, World]) -> World:
    """The world that this test's database holds."""
    return settled[1]
