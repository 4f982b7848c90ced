"""The self-check passes what is right and names what is not."""

from io import BytesIO

import pikepdf
import pytest

from tracker.documents import preflight, render
from tracker.documents.selfcheck import Check, check_pdf

pytestmark = pytest.mark.pdf
NOTICE = "rectification_notice"


@pytest.fixture(autouse=True)
def _fonts_are_here():
    if preflight.check():
        pytest.skip("fonts or libraries are missing")


def failing(checks: list[Check]) -> list[str]:
    return sorted({check.id for check in checks if not check.ok})


def drawn_after(pdf: bytes, operators: bytes) -> bytes:
    """Return the PDF with drawing operators put before each page's own."""
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            page.contents_add(operators, prepend=True)
        out = BytesIO()
        document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"items": 6},
        {"items": 24, "draft": True, "number": ""},
        {
            "title": "关于限期整改部分公安系统政务新媒体账号长期未更新和信息发布把关不严等问题的通知",
            "copy_to": ["市委网信办"] * 30,
        },
        {"opening": ["按照2021年12月《指标》（阜政办公开〔2019〕1号），Wi-Fi、合格率85.09%，朱镕、王䶮。" * 20]},
    ],
)
def test_issued_papers_pass_every_point(notice, changes):
    assert failing(check_pdf(render.render(NOTICE, notice(**changes)).pdf)) == []


def test_points_of_a_letter_are_all_asked(notice):
    checks = check_pdf(render.render(NOTICE, notice(items=24, opening=["国" * 900])).pdf)
    asked = [
        "P1",
        "P2",
        "P3",
        "P4",
        "P5",
        "P6",
        "P8",
        "P10",
        "P11",
        "P12",
        "P13",
        "P14",
        "P15",
        "P16",
        "P20",
        "P21",
        "P22",
        "P23",
        "P25",
        "P27",
        "P28",
        "P30",
    ]
    assert list(dict.fromkeys(check.id for check in checks)) == asked


@pytest.mark.parametrize(
    ("operators", "points"),
    [
        (b"1 0 0 1 8.5 0 cm", {"P2", "P5", "P8", "P10", "P13", "P16", "P27"}),
        (b"1 0 0 1 0 12 cm", {"P2", "P5", "P8", "P27"}),
        (b"1.015 0 0 1.015 0 0 cm", {"P2", "P3", "P8", "P10"}),
    ],
)
def test_shifted_and_scaled_papers_are_found_out(notice, operators, points):
    moved = drawn_after(render.render(NOTICE, notice(items=5)).pdf, operators)
    assert points <= set(failing(check_pdf(moved)))


def test_wrong_number_and_date_are_found_out(notice):
    wrong = render.render(NOTICE, notice(number="阜政办公开改[2021]第01号", date="二〇二一年")).pdf
    assert {"P6", "P20"} <= set(failing(check_pdf(wrong)))
