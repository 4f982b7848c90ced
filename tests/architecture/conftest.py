"""What these tests ask does not depend on the kind of database: SQLite is enough, and faster."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh migrated SQLite database."""
    shutil.copy(sqlite_template, tmp_path / "rectify.db")
    return f"sqlite:///{tmp_path / 'rectify.db'}"
