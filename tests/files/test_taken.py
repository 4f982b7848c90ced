"""Files of a form are taken in before the transaction: few at once per person, and only for whom the object is for."""

import io
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from sqlalchemy import select

from tests.conftest import WorkAs
from tests.factories import png
from tests.pages import PageClient
from tests.replies.case import build
from tracker.files import taken
from tracker.files.models import StoredFile
from tracker.kit.errors import Refused
from tracker.kit.settings import Settings


def test_p21_a_person_holds_two_places_at_the_gate_at_most() -> None:
    with ExitStack() as places:
        for person in ("one", "one", "other"):
            places.enter_context(taken._place(person))
        with pytest.raises(Refused):
            places.enter_context(taken._place("one"))
    with taken._place("one"):
        pass


def test_p03_an_upload_for_a_foreign_assignment_is_not_even_looked_at(
    work_as: WorkAs, client_of: Callable[[str], PageClient], settings: Settings
) -> None:
    with work_as() as work:
        case = build(work)
    stranger: PageClient = client_of("contact-police")
    key = stranger.get("/").forms()[0].values["form_key"]
    data = {"form_key": key, "scan": (io.BytesIO(png()), "scan.png")}
    assert stranger.post(f"/assignments/{case.token}/scan", data).status == 404
    assert list((settings.data / "files").rglob("*.*")) == []
    with work_as(write=False) as work:
        assert list(work.session.scalars(select(StoredFile))) == []
