"""What every form does with what a browser sends."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import DateField, IntegerField, StringField
from wtforms.validators import NumberRange

from tests.conftest import one_database
from tracker.kit.forms import PageForm, chosen_id
from tracker.kit.paging import LARGEST


class Figures(PageForm):
    """A form without filters of its own."""

    count = IntegerField(validators=[NumberRange(0, 10)])
    on = DateField()
    points = StringField()


@one_database
def test_a_number_of_many_digits_is_refused_and_nothing_unprintable_is_echoed(app: Flask) -> None:
    """The library stumbled over the first (500), and printed the others into the page as they were."""
    with app.test_request_context():
        form = Figures(MultiDict({"count": "9" * 400, "on": "a\0b", "points": "\x01=1"}))
        assert (form.validate(), form.count.data) == (False, None)
        assert ["\0" in str(field()) or "\x01" in str(field()) for field in form] == [False, False, False]


def test_no_choice_has_an_id_that_no_column_holds() -> None:
    assert [chosen_id(str(LARGEST)), chosen_id(""), chosen_id("0")] == [LARGEST, None, 0]
    for value in (str(LARGEST + 1), "-1", "x"):
        with pytest.raises(ValueError, match=value):
            chosen_id(value)
