"""What a database looks like, so that two of them can be compared: the form without the rows."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tools.migration import plain_text

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"
TRIGGERS = {
    "sqlite": "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def form_of(engine: sa.Engine) -> set[str]:
    """One line for each column, key, check, index and trigger, so that a difference names itself."""
    inspector = sa.inspect(engine)
    with engine.connect() as connection:
        lines = {f"{table} TRIGGER {sql}" for table, sql in connection.execute(sa.text(TRIGGERS[engine.dialect.name]))}
    for table in set(inspector.get_table_names()) - {"alembic_version"}:
        lines |= {f"{table} {line}" for line in _lines(inspector, table, engine.dialect)}
    return lines


def _lines(inspector: sa.Inspector, table: str, dialect: sa.Dialect) -> Iterator[str]:
    for column in inspector.get_columns(table):
        kind = column["type"].compile(dialect)
        yield f"COLUMN {column['name']} {kind} nullable={column['nullable']} default={column['default']}"
    key = inspector.get_pk_constraint(table)
    yield f"KEY {key['name']} {key['constrained_columns']}"
    for key in inspector.get_foreign_keys(table):
        yield f"FOREIGN KEY {key['name']} {key['constrained_columns']} {key['referred_table']} {key['options']}"
    for key in inspector.get_unique_constraints(table):
        yield f"UNIQUE {key['name']} {key['column_names']}"
    for check in inspector.get_check_constraints(table):
        yield f"CHECK {check['name']} {plain_text(check['sqltext'])}"
    for index in inspector.get_indexes(table):
        options = {name: str(value) for name, value in index.get("dialect_options", {}).items() if str(value) != "[]"}
        yield f"INDEX {index['name']} {index['column_names']} unique={bool(index['unique'])} {options}"


def straight(engine: sa.Engine, metadata: sa.MetaData) -> set[str]:
    """Make the tables right from the models, with every trigger that a migration names, and return their form."""
    metadata.create_all(engine)
    with engine.begin() as connection:
        for path in sorted(VERSIONS.glob("*.py")):
            for statement in getattr(_loaded(path), engine.dialect.name.upper(), ()):
                connection.execute(sa.text(statement))
    return form_of(engine)


def _loaded(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
