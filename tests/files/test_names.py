import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.files.names import LONGEST, label


@pytest.mark.parametrize(
    ("typed", "kind", "expected"),
    [
        ("回复.pdf", "pdf", "回复.pdf"),
        ("回复.PDF", "pdf", "回复.PDF"),
        ("照片.jpeg", "jpeg", "照片.jpeg"),
        ("C:\\Users\\王\\回复.pdf", "pdf", "回复.pdf"),
        ("../../etc/passwd", "pdf", "passwd.pdf"),
        ("..", "pdf", "未命名.pdf"),
        ("", "png", "未命名.png"),
        (".pdf", "pdf", "未命名.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "pdf", "a Set-Cookie: x=1.pdf"),
        ("回复\u202efdp.exe", "pdf", "回复fdp.exe.pdf"),
        ("回\u200b复\ufeff\x00.pdf", "pdf", "回复.pdf"),
        ("e\u0301.pdf", "pdf", "\u00e9.pdf"),
        ("e\u200b\u0301.pdf", "pdf", "\u00e9.pdf"),
        ("王\U000323b0.pdf", "pdf", "王\U000323b0.pdf"),  # CJK extension H, younger than this Python's tables
        ("扫描.jpg", "pdf", "扫描.jpg.pdf"),
        ("台账.XLSX", "xlsx", "台账.XLSX"),
        ("公函.docm", "docx", "公函.docm.docx"),
        ("公函.ofd", "ofd", "公函.ofd"),
        ("<script>alert(1)</script>.pdf", "pdf", "script>.pdf"),
        ("=1+1.pdf", "pdf", "=1+1.pdf"),
        ("长" * 255 + ".pdf", "pdf", "长" * (LONGEST - 4) + ".pdf"),
        ("a" * 115 + " . .pdf", "pdf", "a" * 115 + ".pdf"),
    ],
)
def test_label(typed: str, kind: str, expected: str):
    assert label(typed, kind) == expected


@given(st.text(), st.sampled_from(["pdf", "jpeg", "png", "ofd", "docx", "xlsx"]))
def test_p15_no_name_is_a_path_or_a_trick(typed: str, kind: str):
    made = label(typed, kind)
    assert 4 < len(made) <= LONGEST
    assert not set(made) & set("/\\\r\n\x00\u200b\u202e\u2066\ufeff\u2028")
    assert label(made, kind) == made
