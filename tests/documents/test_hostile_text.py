"""P16: what people type stays text on every paper: printed as typed, never obeyed."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pdfplumber
import pytest

from tracker.documents import preflight, render

pytestmark = pytest.mark.pdf
PAYLOADS = {
    "script": "<script>alert(1)</script>{{7*7}}",
    "attribute": '"><img src=x onerror=1>{% raw %}',
    "formula": "=1+1&lt;b&gt;'--%(n)s{0}",
    "file": "<link rel=attachment href=file:///etc/passwd>",
}
TYPED = {
    "notice": ("title", "recipient", "contact"),
    "notice problem": ("subject", "place", "description"),
    "reply": ("unit", "notice_title"),
    "reply problem": ("subject", "description", "measure", "responsible"),
}


@pytest.fixture(autouse=True)
def _fonts_are_here() -> None:
    lacking = [each.sentence % each.params for each in preflight.check()]
    if lacking:
        pytest.skip("; ".join(lacking))


def printed(type_: str, content: dict[str, Any]) -> str:
    """The paper's text without white space, as a line may break anywhere."""
    with pdfplumber.open(BytesIO(render.render(type_, content).pdf)) as document:
        assert [page.annots for page in document.pages if any(a.get("uri") for a in page.annots)] == []
        return "".join("".join((page.extract_text() or "").split()) for page in document.pages)


@pytest.mark.parametrize("kind", PAYLOADS)
def test_p16_a_notice_prints_text_as_typed(notice: Callable[..., dict[str, Any]], kind: str) -> None:
    text = PAYLOADS[kind]
    content = notice(**dict.fromkeys(TYPED["notice"], text), opening=[text], requirements=[text])
    content["items"][0].update(dict.fromkeys(TYPED["notice problem"], text))
    told = printed("rectification_notice", content)
    assert told.count("".join(text.split())) >= 5, told
    assert "49" not in told


@pytest.mark.parametrize("kind", PAYLOADS)
def test_p16_a_reply_sheet_prints_text_as_typed(reply: Callable[..., dict[str, Any]], kind: str) -> None:
    text = PAYLOADS[kind]
    content = reply(**dict.fromkeys(TYPED["reply"], text))
    content["items"][0].update(dict.fromkeys(TYPED["reply problem"], text), evidence=[text])
    told = printed("reply_sheet", content)
    assert told.count("".join(text.split())) >= 2, told
    assert "7*7" in told or kind != "script"
