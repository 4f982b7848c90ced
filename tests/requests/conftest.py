"""One delivered assignment for every test of this room (that of the replies' tests), on SQLite; races say otherwise."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import WorkAs
from tests.replies.case import Case, build


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh migrated SQLite database: what is asked here does not depend on the kind of database."""
    shutil.copy(sqlite_template, tmp_path / "rectify.db")
    return f"sqlite:///{tmp_path / 'rectify.db'}"


@pytest.fixture
def case(work_as: WorkAs) -> Case:
    """An assignment of 细河区 with two items, delivered on 2021-12-28, due 1月10日前."""
    with work_as() as work:
        return build(work)
