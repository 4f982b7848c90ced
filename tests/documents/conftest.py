"""Contents of papers, as the rooms above freeze them."""

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import pytest

from tracker.cli.bench import corpus
from tracker.documents import preflight, render

Content = Callable[..., dict[str, Any]]


def _problem(number: int) -> dict[str, Any]:
    return {
        "seq": number,
        "subject": f"示例派出所{number}",
        "subject_kind": "政务新媒体",
        "platform": "微信公众号",
        "code": "",
        "indicator": "2周内无更新",
        "level": "否决",
        "place": "",
        "description": "2021年12月1日至20日未更新任何信息",
        "found_on": "2021-12-20",
    }


@pytest.fixture
def notice() -> Content:
    """Return a maker of rectification notices: notice(items=4, title="…")."""

    def make(items: int = 1, **changes: Any) -> dict[str, Any]:
        return {
            "draft": False,
            "issuer": "阜新市人民政府办公室",
            "number": "阜政办公开改〔2021〕1号",
            "title": "关于限期整改政府网站信息发布严重表述错误等问题的通知",
            "recipient": "市公安局",
            "opening": ["市政府办公室对全市各级各类政府网站和政务新媒体开展了2021年12月份检查。现将有关问题通知如下。"],
            "items": [_problem(number) for number in range(1, items + 1)],
            "requirements": ["（一）立即整改。对照上述问题，举一反三。", "（二）健全制度。严格检查审查。"],
            "deadline_words": "2022年1月10日前",
            "contact": "杨×，电话：0418-0000000",
            "signer_line": "阜新市人民政府办公室",
            "date": "2021-12-28",
            "copy_to": ["市委网信办"],
            "verify_url": "http://rectify.example/v/K7Q2M9XW4T3B",
            "token": "K7Q2M9XW4T3B",
        } | changes

    return make


@pytest.fixture
def reply() -> Content:
    """Return a maker of reply sheets: reply(items=2, round=1)."""

    def make(items: int = 1, **changes: Any) -> dict[str, Any]:
        answered = {
            "subject": "示例派出所微信公众号",
            "description": "2周内未更新",
            "result": "已整改",
            "measure": "已恢复更新，明确专人负责。",
            "finished_on": "2021-12-29",
            "responsible": "王×",
            "evidence": ["更新截图.png"],
        }
        return {
            "draft": False,
            "unit": "市公安局",
            "issuer": "阜新市人民政府办公室",
            "notice_number": "阜政办公开改〔2021〕1号",
            "notice_title": "关于限期整改有关问题的通知",
            "round": 1,
            "deadline_words": "2022年1月10日前",
            "items": [{"seq": number, **answered} for number in range(1, items + 1)],
            "url_base": "http://rectify.example",
            "token": "K7Q2M9XW4T3B",
            "version": 1,
            "printed_on": "2022-01-05",
        } | changes

    return make


@pytest.fixture(scope="session")
def of_corpus() -> Callable[[str], render.Rendered]:
    """Return a printer of one made-up paper of each type; each is printed once for all tests that look at it."""
    if preflight.check():
        pytest.skip("fonts or libraries are missing")

    @cache
    def printed(type_: str) -> render.Rendered:
        return render.render(type_, corpus.MAKERS[type_](Random(4)))

    return printed


@pytest.fixture(scope="session", autouse=True)
def _children() -> Any:
    yield
    render.close()
