"""One delivered assignment for every test of this room."""

import pytest

from tests.conftest import WorkAs
from tests.replies.case import Case, build


@pytest.fixture
def case(work_as: WorkAs) -> Case:
    """An assignment of 细河区 with two items, delivered on 2021-12-28, due 1月10日前."""
    with work_as() as work:
        return build(work)
