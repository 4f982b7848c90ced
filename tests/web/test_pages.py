"""The rail marks one entry: where one is."""

import pytest
from flask import Flask

from tests.conftest import one_database
from tracker.web.places import PLACES, with_current

pytestmark = one_database


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("/replies", "replies.queue"),
        ("/replies/nobody/review", "replies.queue"),
        ("/assignments", "replies.assignments"),
        ("/assignments/nobody/register", "replies.assignments"),
        ("/assignments/nobody/extension", "replies.assignments"),
        ("/requests", "requests.queue"),
        ("/stacks", "replies.assignments"),
        ("/", "dashboard.home"),
    ],
)
def test_one_place_is_current(app: Flask, path: str, endpoint: str) -> None:
    with app.test_request_context(path):
        assert [each.endpoint for each in with_current(list(PLACES)) if each.current] == [endpoint]
