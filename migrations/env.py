"""Runs the migrations in the application's own database; called through `flask --app app db …`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

config = context.config
database = current_app.extensions["migrate"].db


@contextmanager
def changeable(connection: sa.Connection) -> Iterator[None]:
    """Let SQLite change a table by making it anew: other rows point at it meanwhile. Pointers are checked after it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys = OFF")  # says nothing inside a transaction, therefore before it
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys = ON")


def check_pointers(*, ctx: Any, **_more: object) -> None:
    """Refuse, before the step is committed, rows that point nowhere."""
    if ctx.dialect.name == "sqlite":
        lost = ctx.connection.execute(sa.text("PRAGMA foreign_key_check")).fetchall()
        if lost:
            named = ", ".join(sorted({f"{row[0]} → {row[2]}" for row in lost}))
            raise RuntimeError(f"Nothing was changed: rows point at rows that are missing ({named}).")


def run() -> None:
    """Bring the database to the wanted revision, each migration in its own transaction."""
    options = dict(current_app.extensions["migrate"].configure_args)
    with database.engine.connect() as connection, changeable(connection):
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            transaction_per_migration=True,
            on_version_apply=check_pointers,
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
