"""What people type is kept as typed; only what nothing can carry is taken out."""

import pytest

from tracker.kit.plain_text import clean, one_line


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "{{7*7}}", "=1+1", "第一行\n\t第二行", "é́𠮷👩‍👩‍👧", "x" * 5000]
)
def test_hostile_looking_text_stays_as_typed(typed: str) -> None:
    """Escaping is the page's business; here nothing is lost."""
    assert clean(typed) == typed


def test_what_xml_forbids_is_taken_out() -> None:
    """Controls, lone surrogates and non-characters; line feed and tab stay."""
    assert clean("a\x00b\x07c\x0bd\x1be\x7ff\x85g\ud800h\ufffei\r\nj\rk\tl") == "abcdef\x85ghi\nj\nk\tl"


def test_one_line_folds_blanks() -> None:
    """A name has no line ends."""
    assert one_line("  市 \n 公安局\t　") == "市 公安局"


def test_nothing_is_an_empty_text() -> None:
    """A field the browser did not send."""
    assert clean(None) == ""
