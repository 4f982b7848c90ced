"""`flask paper check` of PDFs that are not ours: JSON with a sentence, and an exit code."""

import json
from io import BytesIO

import pikepdf
import pytest

from tracker.cli import care
from tracker.cli.bench.hostile.pdfs import nested_forms_pdf
from tracker.cli.care import check_command


@pytest.fixture
def checked(tmp_path, capsys):
    """Return a checker of bytes: (exit code, JSON)."""

    def check(content: bytes):
        file = tmp_path / "文件.pdf"
        file.write_bytes(content)
        with pytest.raises(SystemExit) as ended:
            check_command.main([str(file)], standalone_mode=False)
        return ended.value.code, json.loads(capsys.readouterr().out)

    return check


def foreign(size=(595, 842), pages=1, **saving) -> bytes:
    out = BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=size)
        document.save(out, **saving)
    return out.getvalue()


def test_a_foreign_pdf_is_asked_only_what_holds_for_every_paper(checked):
    code, told = checked(foreign())
    assert (code, told["ok"], told["form"], told["pages"], told["file"]) == (0, True, "", 1, "文件.pdf")
    code, told = checked(foreign((612, 792)))
    assert (code, [check["id"] for check in told["checks"] if not check["ok"]]) == (1, ["P1"])


LOCKED = {"encryption": pikepdf.Encryption(owner="a", user="b")}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a PDF"),
        (b"PK\x03\x04 a Word file", "not a PDF"),
        (b"%PDF-1.7\n%%EOF", "damaged"),
        (foreign()[:150], "damaged"),
        (foreign(**LOCKED), "password"),
        (foreign(pages=0), "damaged or has no page"),
    ],
)
def test_what_cannot_be_measured_is_told_in_a_sentence(checked, content, says):
    code, told = checked(content)
    assert (code, told["ok"], says in told["error"]) == (2, False, True), told


def test_p15_a_pdf_built_to_take_all_memory_ends_alone(checked, monkeypatch):
    monkeypatch.setattr(care, "MEMORY", 120 << 20)  # as with the real limit, only sooner
    code, told = checked(nested_forms_pdf())
    assert (code, "memory or time" in told["error"]) == (2, True)
