"""Runs the migrations in the application's own database; called through `flask --app app db …`."""

from alembic import context
from flask import current_app

config = context.config
database = current_app.extensions["migrate"].db


def plain(kind: str, item: object, _context: object) -> str | bool:
    """Write our own column types as plain ones: a migration must not depend on today's code."""
    plain_types = {"UtcDateTime": "sa.DateTime(timezone=True)", "Enum": "sa.String(length=20)"}
    return plain_types.get(type(item).__name__, False) if kind == "type" else False


def run() -> None:
    """Bring the database to the wanted revision, each migration in its own transaction."""
    options = dict(current_app.extensions["migrate"].configure_args)
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            transaction_per_migration=True,
            render_item=plain,
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
