"""Write the newest migration from the models: the step from the landed forms of the database to the present one.

    python tools/migration.py [--new NAME | --land]

Landed migrations stand with their hashes in migrations/landed.sha256 and are never edited (decision 0015). The one that
is not there yet is open: everything below its mark is written anew by each call, what stands above stays. `--new`
opens one, `--land` adds it to the landed ones. Enum and other CHECK constraints, which Alembic's own comparison leaves
out, are compared here.
"""

from __future__ import annotations

import argparse
import enum
import hashlib
import importlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NamedTuple

import flask_migrate
import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations import ops
from flask import Flask, current_app
from flask_migrate import Migrate

ROOT = Path(__file__).resolve().parent.parent
MARK = "# ---- Below this line: written by tools/migration.py from the models, do not edit ----\n"
NEW = '''"""{title}.

Revision {number}, after {before}. Above the mark by hand; below it `python tools/migration.py` writes from the models.
"""

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{before}"
branch_labels = None
depends_on = None

OLD_ROWS: dict[str, object] = {{}}
"""What rows of the older form get in a new column, "table.column": value, where it is not the model's default."""

SQLITE: tuple[str, ...] = ()
POSTGRESQL: tuple[str, ...] = ()
"""Triggers of new tables whose rows do not change (in the manner of 0002)."""


def upgrade() -> None:
    """Bring the older form to this one; rows stay."""
    kept = _triggers()
    add()
    fill()
    tighten()
    for name, statement in kept.items():
        if name not in _triggers():  # SQLite changes a table by making it anew, and loses its triggers
            op.get_bind().exec_driver_sql(statement)
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def fill() -> None:
    """Give old rows what follows from their other columns; new ones exist, old ones are not dropped yet."""


def _triggers() -> dict[str, str]:
    if op.get_bind().dialect.name == "postgresql":
        return {{}}
    rows = op.get_bind().execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    return {{row.name: row.sql for row in rows}}


def downgrade() -> None:
    """Not offered: the older form has no place for newer rows. Put the backup back instead."""
    raise NotImplementedError(downgrade.__doc__)


'''


class Halt(Exception):
    """The migration cannot be written; the text is the sentence to show."""


class Step(NamedTuple):
    """What the models ask for beyond the landed form."""

    tables: list[ops.MigrateOperation]
    added: list[ops.MigrateOperation]
    changed: dict[str, list[ops.MigrateOperation]]
    dropped: list[ops.MigrateOperation]


def landed(place: Path) -> dict[str, str]:
    """Return name → SHA-256 of the landed migrations, oldest first.

    :raises Halt: one of them was edited or is gone.
    """
    lines = (place / "landed.sha256").read_text().splitlines()
    hashes = {name: digest for digest, name in (line.split() for line in lines)}
    for name, digest in hashes.items():
        path = place / name
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            reason = "has changed since databases were built with it. Put it back as it was (git log shows the landed"
            raise Halt(f"migrations/{name} {reason} form) and say the change in the newest migration.")
    return hashes


def open_migration(place: Path) -> Path | None:
    """Return the migration that has not landed, if there is one.

    :raises Halt: there are several, or a landed one was edited.
    """
    names = landed(place)
    found = sorted(p for p in (place / "versions").glob("*.py") if f"versions/{p.name}" not in names)
    if len(found) > 1:
        raise Halt(f"Only one migration may be open: {', '.join(path.name for path in found)}")
    return found[0] if found else None


def step(connection: sa.Connection, metadata: sa.MetaData, old_rows: Mapping[str, object]) -> Step:
    """Compare the landed form (a new SQLite database) with the models; `old_rows` overrules the models' defaults."""
    context = MigrationContext.configure(connection, opts={"target_metadata": metadata, "compare_type": True})
    upgrade_ops = produce_migrations(context, metadata).upgrade_ops
    result = Step([], [], {}, [])
    fresh = {op.table_name for op in upgrade_ops.ops if isinstance(op, ops.CreateTableOp)} if upgrade_ops else set()
    for found in upgrade_ops.ops if upgrade_ops else []:
        if isinstance(found, ops.ModifyTableOps) and found.table_name not in fresh:
            for part in found.ops:
                _sort(result, metadata, found.table_name, part, old_rows)
        else:
            (result.dropped if isinstance(found, ops.DropTableOp) else result.tables).append(found)
    _checks(sa.inspect(connection), metadata, result.changed)
    return result._replace(changed={table: parts for table, parts in sorted(result.changed.items()) if parts})


def _sort(
    result: Step, metadata: sa.MetaData, table: str, part: ops.MigrateOperation, old_rows: Mapping[str, object]
) -> None:
    changed = result.changed.setdefault(table, [])
    if not isinstance(part, ops.AddColumnOp):
        if getattr(part, "constraint_type", "") != "check" and not isinstance(part, ops.CreateCheckConstraintOp):
            changed.append(part)
        return
    column = part.column
    if not column.nullable:
        column.server_default = sa.DefaultClause(_old_value(metadata.tables[table].c[column.name], old_rows))
        without = ops.AlterColumnOp(
            table, column.name, existing_type=column.type, existing_nullable=False, modify_server_default=None
        )
        changed.append(without)
    result.added.append(part)


def _old_value(column: sa.Column[Any], old_rows: Mapping[str, object]) -> str | sa.TextClause:
    """Return what old rows get in a new column that may not be empty: a text, or a literal of SQL.

    :raises Halt: neither the model nor the migration says one.
    """
    name = f"{column.table.name}.{column.name}"
    value = old_rows.get(name, getattr(column.default, "arg", None))
    if callable(value):
        value = {"list": "[]", "dict": "{}"}.get(getattr(value, "__name__", ""))
    if value is None:
        raise Halt(f'What do old rows get in {name}? Say it in the open migration: OLD_ROWS["{name}"] = …')
    value = value.value if isinstance(value, enum.Enum) else value
    return sa.text(str(value).lower()) if isinstance(value, bool | int) else str(value)


def _checks(inspector: sa.Inspector, metadata: sa.MetaData, changed: dict[str, list[ops.MigrateOperation]]) -> None:
    """Add what CHECK constraints ask for, on tables of both forms."""
    for table in sorted(set(inspector.get_table_names()) & set(metadata.tables)):
        old = {str(check["name"]): plain_text(check["sqltext"]) for check in inspector.get_check_constraints(table)}
        new = checks_of(metadata.tables[table])
        gone = sorted(name for name in old if old[name] != plain_text(new.get(name, "")))
        come = sorted(name for name in new if plain_text(new[name]) != old.get(name))
        if gone or come:  # one that goes is dropped before its column, one that comes follows its column
            changed[table] = [
                *(ops.DropConstraintOp(sa.sql.elements.conv(name), table, type_="check") for name in gone),
                *changed.get(table, []),
                *(ops.CreateCheckConstraintOp(sa.sql.elements.conv(name), table, new[name]) for name in come),
            ]


def checks_of(table: sa.Table) -> dict[str, str]:
    """Return name → condition of the table's CHECK constraints, as the model says them."""
    preparer = sa.create_engine("sqlite://").dialect.identifier_preparer
    checks = (c for c in table.constraints if isinstance(c, sa.CheckConstraint))
    return {str(preparer.format_constraint(check)): str(check.sqltext) for check in checks}


def plain_text(condition: str) -> str:
    """Return the condition with one space between words, as databases and models can be compared."""
    return " ".join(condition.split())


def _type(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own column types as plain ones: a migration must not depend on today's code."""
    plain = {"UtcDateTime": "sa.DateTime(timezone=True)", "Enum": "sa.String(length=20)"}
    return plain.get(type(item).__name__, False) if kind == "type" else False


def written(found: Step, context: MigrationContext) -> str:
    """Return the part below the mark: `add` makes tables and columns, `tighten` the rest."""

    def code(parts: Iterable[ops.MigrateOperation], *, batch: bool) -> str:
        text = render_python_code(
            ops.UpgradeOps(ops=list(parts)), render_as_batch=batch, render_item=_type, migration_context=context
        )
        return "    " + re.sub(r"^ *# ###.*$", "", text, flags=re.MULTILINE).strip()

    tight = [ops.ModifyTableOps(table, parts) for table, parts in found.changed.items()]
    return (
        f"{MARK}\n\ndef add() -> None:\n"
        f"{code(found.tables, batch=True)}\n{code(found.added, batch=False)}\n\n\n"
        f"def tighten() -> None:\n{code([*tight, *found.dropped], batch=True)}\n"
    )


def _bare_app(scratch: Path) -> Flask:
    """Return an application of nothing but the models: the rooms' other code may be half written."""
    sys.path.insert(0, str(ROOT))
    for source in sorted((ROOT / "tracker").rglob("*.py")):
        if "__tablename__ =" in source.read_text():
            importlib.import_module(".".join(source.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    db = importlib.import_module("tracker.kit.db").db
    app = Flask("tracker")
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{scratch / 'landed.db'}"
    db.init_app(app)
    Migrate(app, db)
    return app


def _build_landed(place: Path, scratch: Path) -> None:
    """Build a new database of the landed form, by the landed migrations alone."""
    copy = scratch / "migrations"
    (copy / "versions").mkdir(parents=True)
    for name in ("env.py", "alembic.ini", "script.py.mako", *landed(place)):
        shutil.copy(place / name, copy / name)
    flask_migrate.upgrade(directory=str(copy))


def present(place: Path, path: Path | None) -> str:
    """Return what the open migration should say below its mark, from the models and its part above.

    Without an open one: empty when the landed ones say what the models say, else what a new one would have to say.
    """
    head = path.read_text().partition(MARK)[0] if path else "OLD_ROWS = {}\n"
    with tempfile.TemporaryDirectory() as folder, _bare_app(Path(folder)).app_context():
        db = current_app.extensions["migrate"].db
        _build_landed(place, Path(folder))
        with db.engine.connect() as connection:
            found = step(connection, db.metadata, _by_hand(head).OLD_ROWS)
            text = written(found, MigrationContext.configure(connection)) if path or any(found) else ""
        db.engine.dispose()
    ruff = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", "migrations/versions/open.py", "-"]
    formed = subprocess.run(ruff, cwd=ROOT, input=head + text, check=True, capture_output=True, text=True).stdout
    return formed.partition(MARK)[2]


def write(path: Path, below: str) -> None:
    """Put the part below the mark down in one stroke: nobody reads half of it."""
    draft = path.with_suffix(".draft")
    draft.write_text(path.read_text().partition(MARK)[0] + MARK + below)
    draft.replace(path)


def _by_hand(head: str) -> Any:
    """Run the part above the mark alone: the part below may be of an older form."""
    module = ModuleType("open_migration")
    exec(compile(head, "the open migration", "exec"), module.__dict__)  # noqa: S102 - a source file of ours
    return module


def _open_new(place: Path, name: str) -> Path:
    last = list(landed(place))[-1].removeprefix("versions/")[:4]
    number = f"{int(last) + 1:04}"
    path = place / "versions" / f"{number}_{name}.py"
    path.write_text(NEW.format(title=name.replace("_", " ").capitalize(), number=number, before=last) + MARK)
    return path


def main() -> int:
    """Do what is asked; return 1 with the reason printed when it cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--new", metavar="NAME", help="open a migration: 0004_<NAME>")
    parser.add_argument("--land", action="store_true", help="count the open one among the landed ones")
    parser.add_argument(
        "--check", action="store_true", help="only see that no landed one was edited and the open one is up to date"
    )
    parser.add_argument("--at", type=Path, default=ROOT / "migrations", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    try:
        return _do(asked, asked.at, open_migration(asked.at))
    except Halt as reason:
        print(reason, file=sys.stderr)
        return 1


def _do(asked: argparse.Namespace, place: Path, path: Path | None) -> int:
    if asked.check:
        if present(place, path) != (path.read_text().partition(MARK)[2] if path else ""):
            name = path.name if path else "a new one (--new NAME)"
            raise Halt(
                f"The models say more than the migrations. Type: python tools/migration.py, which writes {name}."
            )
        return 0
    if asked.land:
        if path is None:
            raise Halt("No migration is open; nothing to land.")
        with (place / "landed.sha256").open("a") as file:
            file.write(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  versions/{path.name}\n")
        return 0
    if path is None and not asked.new:
        raise Halt("No migration is open: name a new one with --new.")
    path = path or _open_new(place, asked.new)
    write(path, present(place, path))
    return 0


if __name__ == "__main__":
    sys.exit(main())
