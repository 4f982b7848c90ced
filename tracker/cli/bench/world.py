"""A measured installation: the whole application on a database of its own in a temporary folder."""

import contextvars
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import flask_migrate
from flask import Flask
from sqlalchemy import Engine, event, select
from werkzeug.test import Client, TestResponse

from tracker.cli.bench.load import load
from tracker.indicators.operations import load_set, read_set, shipped_files
from tracker.kit.clock import FixedClock, office_moment
from tracker.kit.session_cookie import cookie_name
from tracker.kit.settings import Settings
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.models import Person
from tracker.org.operations.sign_in import open_session
from tracker.org.policy import SYSTEM, Work
from tracker.web.app import create_app

ROOT = Path(__file__).resolve().parents[3]
MOMENT = office_moment("2024-11-20T10:00")
"""The clock stands still there: no session grows old, and every run measures the same ledger."""
FORM_VALUE = re.compile(r'name="(form_key|seen)" value="([^"]*)"')
R = TypeVar("R")


def apart(act: Callable[[], R]) -> R:
    """Do something outside every application context that is open here, as a server's thread would."""
    return contextvars.Context().run(act)


class Bare:
    """An application with an empty database and the shipped indicators."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings.from_env({"RECTIFY_DATA": str(folder), "RECTIFY_PUBLIC_URL": "http://localhost"})
        self.app: Flask = create_app(self.settings, FixedClock(MOMENT))
        with self.app.app_context():
            flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        with self.working() as work:
            for path in shipped_files():
                load_set(work, read_set(path))

    @contextmanager
    def working(self) -> Iterator[Work]:
        """Open a writing unit of work of the system."""
        with self.app.app_context(), unit_of_work(SYSTEM, FixedClock(MOMENT)) as work:
            yield work


class World:
    """An application whose ledger holds `notices` notices."""

    def __init__(self, folder: Path, notices: int, database_url: str = "") -> None:
        self.notices = notices
        given = {"RECTIFY_DATA": str(folder), "RECTIFY_PUBLIC_URL": "http://localhost"}
        self.settings = Settings.from_env(given | ({"RECTIFY_DATABASE_URL": database_url} if database_url else {}))
        self.app: Flask = create_app(self.settings, FixedClock(MOMENT))
        apart(self._build)

    def _build(self) -> None:
        with self.app.app_context():
            flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        started = perf_counter()
        with self.working() as work:
            if not work.session.scalar(select(Person.id).limit(1)):  # a kept folder was filled by an earlier run
                load(work, self.notices)
        self.load_seconds = perf_counter() - started

    @contextmanager
    def working(self) -> Iterator[Work]:
        """Open a writing unit of work of the system."""
        with self.app.app_context(), unit_of_work(SYSTEM, FixedClock(MOMENT)) as work:
            yield work

    @property
    def engine(self) -> Engine:
        """The application's connections."""
        with self.app.app_context():
            engine: Engine = self.app.extensions["sqlalchemy"].engine
            return engine

    def read(self, query: Any) -> Any:
        """Return the first value of a query."""
        with self.engine.connect() as connection:
            return connection.execute(query).scalar()

    def browser(self, login: str) -> "Browser":
        """Return a browser in which somebody is signed in."""
        return apart(lambda: Browser(self, login))

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Collect the SQL statements that are sent meanwhile, without those that begin a transaction."""
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith("BEGIN"):
                seen.append(statement)

        event.listen(self.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(self.engine, "before_cursor_execute", note)


class Browser:
    """Sends requests through the WSGI application and tells how long they took."""

    def __init__(self, world: World, login: str) -> None:
        self.world = world
        self.http: Client = world.app.test_client()
        with world.app.app_context(), unit_of_work(SYSTEM, FixedClock(MOMENT)) as work:
            person = work.session.scalars(select(Person).where(Person.login == login)).one()
            self.http.set_cookie(cookie_name(), open_session(work, person, "", "bench"))

    def get(self, url: str) -> TestResponse:
        """Fetch a page.

        :raises RuntimeError: it is not a page.
        """
        answer = apart(lambda: self.http.get(url))
        if answer.status_code != 200:
            raise RuntimeError(f"{url}: {answer.status}")
        return answer

    def seconds(self, url: str) -> float:
        """Return how long a page took."""
        started = perf_counter()
        self.get(url)
        return perf_counter() - started

    def post(self, page: str, action: str) -> float:
        """Send the form of a page with the values it shows; return how long the answer took.

        :raises RuntimeError: it was refused.
        """
        values = dict(FORM_VALUE.findall(self.get(page).get_data(as_text=True)))
        started = perf_counter()
        answer = apart(lambda: self.http.post(action, data=values))
        taken = perf_counter() - started
        if answer.status_code != 302:
            raise RuntimeError(f"{action}: {answer.status}")
        return taken

    def statements(self, url: str) -> int:
        """Return how many SQL statements a page needs."""
        with self.world.statements() as seen:
            self.get(url)
        return len(seen)
