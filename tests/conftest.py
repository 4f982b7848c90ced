"""Real databases for every test: SQLite and PostgreSQL, built by the migrations; a clock that stands still.

Which kind a test takes: both, when what it asks is decided by the database: locks, numbers, constraints, triggers,
races, migrations, queries with filters, order or pages, and each room's whole story. One kind is enough for what is
decided in Python above queries that another test asks of both: words and looks of pages, forms that refuse, papers,
files, the matrix of rights. Such a test says `@one_database`, or its file `pytestmark = one_database`.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

from tests.databases import PostgresServer, SqliteFile
from tests.pages import PageClient
from tracker.kit.clock import FixedClock, office_moment
from tracker.kit.host import Host
from tracker.kit.settings import Settings
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM, Identity, Work
from tracker.web.app import create_app

ROOT = Path(__file__).parent.parent
# Compiled modules are kept, whatever the caller's environment says: each worker and each child process of a test
# would compile the product and its tests again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
MEMORY = Path("/dev/shm")  # noqa: S108  (pytest makes its own private folder in it)
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2 * 1024**3:
    # The product waits for the disk at every commit and every kept file, as it must; the tests do not have to.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
OPENING = office_moment("2021-12-28T16:30")
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For a test whose question has nothing to do with the kind of database (the rule stands above)."""


def settings_for(data: Path, database_url: str) -> Settings:
    """Return the settings of a test's application: everything in its own folder, no mail."""
    environment = {
        "RECTIFY_DATA": str(data),
        "RECTIFY_DATABASE_URL": database_url,
        "RECTIFY_SECRET_KEY": "a secret for tests only",
        "RECTIFY_PUBLIC_URL": "http://localhost",
    }
    return Settings.from_env(environment)


def migrate(data: Path, database_url: str) -> None:
    """Build a database by the migrations, as every installation does."""
    app = create_app(replace(settings_for(data, database_url)), FixedClock(OPENING))
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL from PyPI, in a short path (its socket's name has a length limit)."""
    folder = Path(tempfile.mkdtemp(prefix="rectify-pg-"))
    server = PostgresServer(folder)
    migrate(folder / "template", server.url("template_rectify"))
    server.remember()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that tests copy."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "template.db"
    migrate(folder, f"sqlite:///{path}")
    with sa.create_engine(f"sqlite:///{path}").connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def sqlite_place(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> SqliteFile:
    """The place of every test's SQLite file."""
    return SqliteFile(sqlite_template, tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database as the migrations leave it; see the head of this file for the kinds."""
    if request.param == "sqlite":
        place: SqliteFile = request.getfixturevalue("sqlite_place")
        return place.ready()
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.ready(unused=request.node.get_closest_marker("unused_database") is not None)


@pytest.fixture
def clock() -> FixedClock:
    """Tuesday 2021-12-28, 16:30 in the office; a test moves it by setting `moment`."""
    return FixedClock(OPENING)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of this test's application."""
    return settings_for(tmp_path / "data", database_url)


@lru_cache(maxsize=8)
def built(settings: Settings, add: Callable[[Flask], None]) -> tuple[Flask, dict[str, Any], Host]:
    """Return an application, its configuration and its host: made once for all tests with such settings."""
    app = create_app(settings, FixedClock(OPENING))
    add(app)
    return app, dict(app.config), app.extensions["rectify"]


def nothing(_app: Flask) -> None:
    """Leave an application as it is."""


def application(settings: Settings, clock: FixedClock, add: Callable[[Flask], None] = nothing) -> Flask:
    """Return this process's application, lent to a test: its data folder, its clock, its configuration.

    Rules, templates and statements are compiled once instead of once a test. A file whose tests need pages of their own
    gives a function of the module that adds them.
    """
    app, configuration, host = built(replace(settings, data=ROOT, queue_url="", trust=ROOT), add)
    app.config.clear()
    app.config.update(configuration)
    app.extensions["rectify"] = replace(host, settings=settings, clock=clock)
    return app


@pytest.fixture
def app(settings: Settings, clock: FixedClock) -> Iterator[Flask]:
    """The whole application on this test's database, inside an application context."""
    app = application(settings, clock)
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


WorkAs = Callable[..., AbstractContextManager[Work]]


@pytest.fixture
def work_as(app: Flask, clock: FixedClock) -> WorkAs:
    """Open a unit of work as somebody: `with work_as(identity) as work:`; the system when nobody is named."""
    return lambda identity=SYSTEM, write=True: unit_of_work(identity, clock, write=write)


@pytest.fixture
def work(work_as: WorkAs) -> Iterator[Work]:
    """An open writing unit of work of the system, committed at the test's end."""
    with work_as() as work:
        yield work


@pytest.fixture
def client_of(app: Flask) -> Callable[[str], PageClient]:
    """Return a browser signed in as the person with that login."""
    return lambda login: PageClient(app).enter(login)


@pytest.fixture
def visitor(app: Flask) -> PageClient:
    """A browser in which nobody is signed in."""
    return PageClient(app)


def identity_named(work: Work, login: str) -> Identity:
    """Return the identity of the person with that login."""
    from tracker.org.models import Person
    from tracker.org.queries import identity_of

    person = work.session.scalar(sa.select(Person).where(Person.login == login))
    assert person is not None, login
    return identity_of(work.session, person, work.today)
