"""Files of a form are taken in before the transaction: few at once per person, and only for whom the object is for."""

import io
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from sqlalchemy import select

from tests.conftest import WorkAs
from tests.factories import png
from tests.files import hostile
from tests.pages import PageClient
from tests.replies.case import build
from tracker.files import taken
from tracker.files.models import StoredFile
from tracker.kit.errors import Refused
from tracker.kit.settings import Settings
from tracker.notices.queries import assignment_by_token
from tracker.replies.operations import rounds


def test_p21_a_person_has_three_uploads_under_way_at_most() -> None:
    with ExitStack() as places:
        for person in ("one", "one", "one", "other"):
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


def test_p15_a_word_file_is_evidence_but_never_the_sealed_paper(
    work_as: WorkAs, client_of: Callable[[str], PageClient]
) -> None:
    with work_as() as work:
        case = build(work)
    with work_as(case.contact) as work:
        rounds.acknowledge(work, assignment_by_token(work, case.token))
    contact, paper = client_of("contact-xihe"), hostile.office()
    page = contact.get(f"/assignments/{case.token}/scan")
    refused = contact.submit(page, "/scan", scan=(io.BytesIO(paper), "公函.docx"))
    assert refused.status == 422
    assert "不能作为签字盖章件" in refused.text
    form = contact.get(f"/assignments/{case.token}/items/1")
    assert contact.submit(form, "/items/1", evidence=(io.BytesIO(paper), "台账.docx")).status == 200
    shown = contact.get(f"/assignments/{case.token}/items/1")
    assert ("台账.docx" in shown.text, "此处不显示页面" in shown.text) == (True, True)
