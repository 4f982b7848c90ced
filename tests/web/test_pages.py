"""The rail marks one entry, where one is; how it looks for many places and for few."""

import re

import pytest
from flask import Flask

from tests import factories
from tests.conftest import WorkAs, one_database
from tracker.org.models import Role, UnitKind
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


def test_a_phone_shows_three_places_and_lines_stand_where_there_are_many(client_of, work_as: WorkAs) -> None:
    with work_as() as work:
        office = factories.unit(work, "市政府办公室", UnitKind.OFFICE)
        factories.person(work, "clerk", Role.CLERK, unit=office)
        factories.person(work, "contact", Role.CONTACT, unit=factories.unit(work))

    def rail(login: str) -> tuple[int, int]:
        text = client_of(login).get("/").text
        return len(re.findall(r'<li class="in-bar', text)), len(re.findall(r'<li class="[^"]*begins', text))

    assert (rail("clerk"), rail("contact")) == ((3, 4), (3, 0))
