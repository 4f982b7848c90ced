"""The tool that writes the newest migration from the models."""

import shutil
from pathlib import Path

import migration
import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext

MIGRATIONS = migration.ROOT / "migrations"


def test_landed_migrations_are_as_they_were() -> None:
    assert list(migration.landed(MIGRATIONS))[:2] == [
        "versions/0001_first_tables.py",
        "versions/0002_append_only_record.py",
    ]


def test_an_edited_landed_migration_is_refused(tmp_path: Path) -> None:
    place = shutil.copytree(MIGRATIONS, tmp_path / "migrations")
    with (place / "versions" / "0001_first_tables.py").open("a") as file:
        file.write("# a small change\n")
    with pytest.raises(migration.Halt, match=r"0001_first_tables\.py has changed"):
        migration.open_migration(place)


def _table(*more: sa.schema.SchemaItem, kinds: str) -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table(
        "file", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", sa.String(8)), *more,
        sa.CheckConstraint(f"kind IN ({kinds})", name=sa.sql.elements.conv("ck_file_kind")),
    )  # fmt: skip
    return metadata


@pytest.fixture
def older() -> sa.Connection:
    """A database of an older form: one table of one kind of file."""
    engine = sa.create_engine("sqlite://")
    _table(kinds="'pdf'").create_all(engine)
    return engine.connect()


def test_a_changed_check_and_a_full_column_become_steps(older: sa.Connection) -> None:
    present = _table(sa.Column("size", sa.Integer, nullable=False), kinds="'pdf', 'png'")
    text = migration.written(
        migration.step(older, present, {"file.size": 7}), MigrationContext.configure(older)
    ).partition(migration.MARK)[2]
    assert "server_default=sa.text('7'), nullable=False" in text
    assert "batch_op.drop_constraint(batch_op.f('ck_file_kind'), type_='check')" in text
    assert "create_check_constraint(batch_op.f('ck_file_kind'), \"kind IN ('pdf', 'png')\")" in text


def test_nothing_changed_is_no_step(older: sa.Connection) -> None:
    assert migration.step(older, _table(kinds="'pdf'"), {}) == migration.Step([], [], {}, [])


def test_a_full_column_needs_a_value_for_old_rows(older: sa.Connection) -> None:
    present = _table(sa.Column("size", sa.Integer, nullable=False), kinds="'pdf'")
    with pytest.raises(migration.Halt, match=r'OLD_ROWS\["file\.size"\]'):
        migration.step(older, present, {})
