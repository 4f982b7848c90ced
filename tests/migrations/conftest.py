"""Empty databases of both kinds, and the small office as the landed form kept it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import OPENING, ROOT, settings_for
from tests.databases import PostgresServer
from tracker.kit.clock import FixedClock
from tracker.web.app import create_app

LANDED = {form: Path(__file__).parent / f"landed_{form}.sql" for form in ("0002", "0003")}
MIGRATIONS = str(ROOT / "migrations")


@dataclass
class Place:
    """A database and the application on it, whose migrations have not run."""

    app: Flask
    engine: sa.Engine

    def upgrade(self, revision: str = "head") -> None:
        """Run the migrations up to a revision."""
        flask_migrate.upgrade(directory=MIGRATIONS, revision=revision)

    def load(self, form: str) -> None:
        """Fill a landed form with the small office's rows."""
        rows = LANDED[form].read_text()
        with self.engine.connect() as connection:
            driver = connection.connection.dbapi_connection
            assert driver is not None
            if self.engine.dialect.name == "sqlite":
                driver.executescript(rows)  # type: ignore[attr-defined]
                return
            connection.exec_driver_sql("SET TIME ZONE 'UTC'")
            driver.execute(rows)  # type: ignore[attr-defined]
            for table in sa.inspect(self.engine).get_table_names():
                self._count_on(connection, table)
            connection.commit()

    @staticmethod
    def _count_on(connection: sa.Connection, table: str) -> None:
        """Let PostgreSQL's own numbers go on after the rows' numbers."""
        names = {column["name"]: str(column["default"]) for column in sa.inspect(connection).get_columns(table)}
        if "nextval" in names.get("id", ""):
            following = f"SELECT coalesce(max(id), 0) + 1 FROM {table}"
            connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), ({following}), false)")

    def rows(self) -> dict[str, list[dict[str, object]]]:
        """Every row of every table, as the database has it."""
        metadata = sa.MetaData()
        metadata.reflect(self.engine)
        with self.engine.connect() as connection:
            return {
                table.name: [
                    dict(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()
                ]
                for table in metadata.sorted_tables
            }


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    yield server.fresh("template1")
    server.drop()


@pytest.fixture
def place(empty_url: str, tmp_path: Path) -> Iterator[Place]:
    """An application on an empty database."""
    app = create_app(settings_for(tmp_path / "data", empty_url), FixedClock(OPENING))
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        yield Place(app, engine)
        app.extensions["sqlalchemy"].session.remove()
        engine.dispose()
