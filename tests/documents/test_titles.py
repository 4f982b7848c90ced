"""Titles in even lines."""

import pytest

from tracker.documents.titles import balanced

ROOM = 20 * 22.0


def lines(text: str) -> list[str]:
    return balanced(text, lambda each: 22.0 if ord(each) > 255 else 11.0, ROOM)


def test_short_title_is_one_line():
    assert lines("关于做好政府网站整改工作的通知") == ["关于做好政府网站整改工作的通知"]


def test_two_lines_are_even_and_words_whole():
    assert lines("关于2021年12月份全市政府网站与政务新媒体检查情况的通报") == [
        "关于2021年12月份全市政府网站与",
        "政务新媒体检查情况的通报",
    ]


def test_names_that_belong_together_stay_on_one_line():
    assert lines("关于整改“我为政府网站找错”和第四季度问题的通报")[0] == "关于整改“我为政府网站找错”和"


@pytest.mark.parametrize("text", ["国" * 300, "a" * 90, "，" * 90, "关于" * 40, "《" * 50])
def test_any_title_fits_and_keeps_its_text(text: str):
    broken = lines(text)
    assert "".join(broken) == text
    assert all(sum(22.0 if ord(each) > 255 else 11.0 for each in line) <= ROOM for line in broken)
