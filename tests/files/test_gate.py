import io
import time
from collections.abc import Callable
from functools import partial

import pikepdf
import pytest

from tests.files import hostile
from tracker.files import gate
from tracker.files.gate import at_gate
from tracker.kit.errors import Refused

Made = bytes | Callable[[], bytes]
SOUND = hostile.pdf(3)
JPEG, PNG = hostile.jpeg(300, 200), hostile.png(300, 200)
INCOMPLETE, UNREADABLE = gate.REASONS["incomplete"], gate.UNREADABLE
WEB, SVG, PROGRAM, GIF, OFFICE = (
    dict(gate.LOOKS_LIKE)[magic] for magic in (b"<", b"<svg", b"MZ", b"GIF8", b"PK\x03\x04")
)


def made(data: Made) -> bytes:
    """Return the bytes; the large ones are made only when their test runs."""
    return data() if callable(data) else data


def passed(data: bytes) -> tuple[str, int, tuple[str, ...]]:
    with at_gate(io.BytesIO(data)) as found:
        assert found.file.read() == data
        return found.kind, found.pages, found.active


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(SOUND, ("pdf", 3, ()), id="pdf"),
        pytest.param(hostile.pdf(2, linearize=True), ("pdf", 2, ()), id="pdf made for the web"),
        pytest.param(SOUND + b"PK\x03\x04" + bytes(5000), ("pdf", 3, ()), id="zip behind a pdf"),
        pytest.param(JPEG, ("jpeg", 1, ()), id="jpeg"),
        pytest.param(JPEG + b"PK\x03\x04", ("jpeg", 1, ()), id="jpeg and zip at once"),
        pytest.param(PNG, ("png", 1, ()), id="png"),
        pytest.param(partial(hostile.png, 8000, 9000, "1"), ("png", 1, ()), id="a large scan of 72 million pixels"),
        pytest.param(hostile.inline_javascript(), ("pdf", 1, ("javascript",)), id="javascript in the catalogue itself"),
        pytest.param(hostile.nested_launch(), ("pdf", 1, ("launch",)), id="launch, deep, name escaped"),
        pytest.param(hostile.embedded_program(), ("pdf", 1, ("embedded",)), id="embedded program"),
    ],
)
def test_p15_kept_and_marked(data: Made, expected: tuple[str, int, tuple[str, ...]]):
    assert passed(made(data)) == expected


def test_p15_control_looking_at_indirect_objects_only_misses_the_inline_action():
    """Why the child walks into direct dictionaries: without that, this file would pass unmarked."""
    with pikepdf.open(io.BytesIO(hostile.inline_javascript())) as pdf:
        keys = {
            str(key) for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) for key in dict(thing.items())
        }
        kinds = {str(thing.get("/S")) for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary)}
    assert ("/JS" in keys, "/JavaScript" in kinds) == (False, False)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b"", gate.EMPTY, id="empty"),
        pytest.param(lambda: SOUND + bytes(21 << 20), gate.TOO_LARGE, id="21 MB"),
        pytest.param(b"<!DOCTYPE html><script>alert(1)</script>", WEB, id="html named pdf"),
        pytest.param(b"\xef\xbb\xbf\r\n <html>", WEB, id="html behind a byte order mark"),
        pytest.param(b"<html>" + SOUND, WEB, id="html before a pdf"),
        pytest.param(b'<?xml version="1.0"?><svg onload="alert(1)"/>', SVG, id="svg named png"),
        pytest.param(b"MZ\x90\x00" + bytes(100), PROGRAM, id="exe"),
        pytest.param(b"\x7fELF" + bytes(100), PROGRAM, id="elf"),
        pytest.param(hostile.gif(), GIF, id="gif named jpg"),
        pytest.param(hostile.tiff(), gate.ONLY, id="tiff named jpg"),
        pytest.param(b"PK\x03\x04word/document.xml", OFFICE, id="docx named pdf"),
        pytest.param(b"X5O!P%@AP", gate.ONLY, id="text"),
        pytest.param(b" " + SOUND, gate.ONLY, id="pdf not at the first byte"),
        pytest.param(SOUND[: len(SOUND) // 2], INCOMPLETE, id="half a pdf"),
        pytest.param(SOUND[:-7], INCOMPLETE, id="pdf without its last line"),
        pytest.param(SOUND + b"\n9 0 obj\n<</A 1", INCOMPLETE, id="pdf whose last change is cut off"),
        pytest.param(hostile.pdf(30, linearize=True)[:-500], INCOMPLETE, id="pdf for the web, cut off"),
        pytest.param(b"%PDF-1.7\n" + bytes(1000), INCOMPLETE, id="only the head of a pdf"),
        pytest.param(b"%PDF-1.7\n" + bytes(1000) + b"%%EOF\n", UNREADABLE, id="head and tail of a pdf"),
        pytest.param(JPEG[: len(JPEG) // 2], INCOMPLETE, id="half a jpeg"),
        pytest.param(JPEG[:-2], INCOMPLETE, id="jpeg without its end"),
        pytest.param(PNG[: len(PNG) // 2], INCOMPLETE, id="half a png"),
        pytest.param(PNG[:-12], INCOMPLETE, id="png without its end"),
        pytest.param(hostile.png_claiming(7700, 7700), INCOMPLETE, id="png with too little data"),
        pytest.param(hostile.png_claiming(30000, 30000), gate.REASONS["pixels"], id="png bomb"),
        pytest.param(hostile.encrypted_pdf("u", "o"), gate.REASONS["encrypted"], id="password to open"),
        pytest.param(hostile.encrypted_pdf("", "o"), gate.REASONS["encrypted"], id="password to change"),
        pytest.param(hostile.pdf(size=(1e6, 1e6)), gate.REASONS["page_size"], id="page of 350 metres"),
        pytest.param(partial(hostile.pdf, 3001), gate.REASONS["pages"], id="3001 pages"),
        pytest.param(hostile.page_loop_pdf(), UNREADABLE, id="pages in a circle"),
    ],
)
def test_p15_refused_with_its_reason(data: Made, sentence: str):
    with pytest.raises(Refused) as refused, at_gate(io.BytesIO(made(data))):
        pass
    assert refused.value.msgid == sentence


@pytest.mark.parametrize(
    "bomb", [hostile.swollen_content_pdf, hostile.nested_forms_pdf], ids=["swollen", "nested 3^24"]
)
def test_p15_bomb_ends_in_its_own_process(bomb: Callable[[], bytes]):
    data, begun = bomb(), time.monotonic()
    with pytest.raises(Refused) as refused, at_gate(io.BytesIO(data)):
        pass
    assert refused.value.msgid == UNREADABLE
    print(f"p15 {bomb.__name__}: {len(data)} bytes refused after {time.monotonic() - begun:.1f} s")


def test_a_smaller_limit_is_named_in_the_sentence():
    with pytest.raises(Refused) as refused, at_gate(io.BytesIO(SOUND + bytes(2 << 20)), largest=2 << 20):
        pass
    assert str(refused.value).startswith("The file is larger than 2 MB.")


@pytest.mark.parametrize("answer", [b"", b"[]", b"null", b'{"pages": null, "active": []}', b'{"refused": "x"}', b"{}"])
def test_p15_nonsense_from_the_child_is_a_refusal(answer: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gate, "ask_child", lambda *_: answer)
    with pytest.raises(Refused, match="could not be opened safely"):
        passed(SOUND)
