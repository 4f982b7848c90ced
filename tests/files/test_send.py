import io
from collections.abc import Callable

import pytest
from flask import Flask, Response

from tests.files import hostile
from tracker.files.models import StoredFile, VirusCheck
from tracker.files.operations import keep
from tracker.files.place import originals
from tracker.files.send import send_preview, send_stored
from tracker.files.store import Absent
from tracker.kit.clock import FixedClock
from tracker.kit.errors import Missing, Refused
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM

HandIn = Callable[..., StoredFile]


def sent(app: Flask, send: Callable[[], Response], url: str = "/?anyway=1") -> Response:
    with app.test_request_context(url):
        answer = send()
        answer.direct_passthrough = False
        answer.get_data()
        answer.close()
        return answer


@pytest.mark.parametrize(
    ("data", "mimetype"),
    [
        (hostile.inline_javascript(), "application/pdf"),
        (hostile.jpeg(), "image/jpeg"),
        (hostile.png(), "image/png"),
        (hostile.ofd(), "application/ofd"),
        (hostile.office(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
    ids=["pdf", "jpeg", "png", "ofd", "docx"],
)
def test_p15_an_original_is_only_ever_a_download(installation: Flask, handed_in: HandIn, data: bytes, mimetype: str):
    stored = handed_in(data, "整改 报告\r\nX: 1")
    answer = sent(installation, lambda: send_stored(stored))
    assert answer.get_data() == data
    assert (answer.mimetype, answer.content_length) == (mimetype, len(data))
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert (
        "filename*=UTF-8''%E6%95%B4%E6%94%B9%20%E6%8A%A5%E5%91%8A%20X%3A%201." in answer.headers["Content-Disposition"]
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_p15_active_content_is_sent_only_behind_a_warning(app: Flask, clock: FixedClock):
    with unit_of_work(SYSTEM, clock) as work:
        stored = keep(work, io.BytesIO(hostile.inline_javascript()), "回复.pdf")
    warning = sent(app, lambda: send_stored(stored), "/files/x")
    assert warning.mimetype == "text/html"
    assert "/files/x?anyway=1" in warning.get_data(as_text=True)
    assert b"%PDF" not in warning.get_data()
    assert sent(app, lambda: send_stored(stored), "/files/x?anyway=1").get_data().startswith(b"%PDF")


@pytest.mark.parametrize("state", [VirusCheck.WAITING, VirusCheck.INFECTED])
def test_p15_what_the_virus_check_holds_back_is_not_sent_but_shown(
    installation: Flask, handed_in: HandIn, state: VirusCheck
):
    stored = handed_in(hostile.png())
    stored.virus_check = state
    with pytest.raises(Refused):
        sent(installation, lambda: send_stored(stored))
    assert sent(installation, lambda: send_preview(stored, 1)).mimetype == "image/jpeg"


@pytest.mark.parametrize("data", [hostile.ofd(), hostile.office()], ids=["ofd", "docx"])
def test_there_is_no_picture_of_what_is_not_drawn(installation: Flask, handed_in: HandIn, data: bytes):
    with pytest.raises(Missing):
        sent(installation, lambda: send_preview(handed_in(data), 1))


def test_p15_a_preview_is_a_picture(installation: Flask, handed_in: HandIn):
    answer = sent(installation, lambda: send_preview(handed_in(hostile.inline_javascript()), 1))
    assert (answer.mimetype, answer.get_data()[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert "Content-Disposition" not in answer.headers
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_lost_original_is_not_an_empty_download(installation: Flask, handed_in: HandIn):
    stored = handed_in(hostile.png())
    originals().delete(stored.sha256)
    with pytest.raises(Absent):
        sent(installation, lambda: send_stored(stored))


@pytest.mark.parametrize("page", [0, -1, 2])
def test_there_is_no_preview_of_an_absent_page(installation: Flask, handed_in: HandIn, page: int):
    with pytest.raises(Missing):
        sent(installation, lambda: send_preview(handed_in(hostile.pdf(1)), page))
