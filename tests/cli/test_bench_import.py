"""The measurement of the registry's import, on a small sheet."""

from tests.conftest import WorkAs, one_database
from tracker.cli.bench.imports import measured


@one_database
def test_issue6_every_planted_mistake_is_named_by_its_cell_and_nothing_is_stored(work_as: WorkAs) -> None:
    """Three of each kind in 300 rows; then all rows without mistakes are stored, with a line of the record each."""
    found = {figure.name: figure for figure in measured(work_as, rows=300, errors=30, seed=1)}
    assert found["planted mistakes"].value == 30
    assert [figure.name for figure in found.values() if not figure.ok] == []
