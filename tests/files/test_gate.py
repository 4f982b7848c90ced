import importlib.util
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

import pikepdf
import pytest
from PIL import Image

from tests.files import hostile
from tracker.cli.bench.hostile.corpus import CORPUS, Hostile
from tracker.files import child, gate, refusals
from tracker.files.gate import at_gate
from tracker.kit.errors import Refused

Made = bytes | Callable[[], bytes]
SOUND = hostile.pdf(3)
JPEG, PNG = hostile.jpeg(300, 200), hostile.png(300, 200)
INCOMPLETE, UNREADABLE = refusals.REASONS["incomplete"], refusals.UNREADABLE
WEB, PROGRAM = (dict(refusals.LOOKS_LIKE)[magic] for magic in (b"<", b"MZ"))


def made(data: Made) -> bytes:
    """Return the bytes; the large ones are made only when their test runs."""
    return data() if callable(data) else data


def large_scan(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height), 1).save(out, "PNG", compress_level=1)
    return out.getvalue()


@pytest.fixture(scope="module")
def inspector() -> ModuleType:
    """The child's own script, loaded here: what it finds is the same, and a hundred files cost no hundred starts."""
    spec = importlib.util.spec_from_file_location("inspector", child.SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture
def without_a_child(inspector: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(file: BinaryIO, _command: str, kind: str) -> bytes:
        file.seek(0)
        try:
            return json.dumps(inspector.look(kind, file.read())).encode()
        except inspector.Unfit as unfit:
            return json.dumps({"refused": str(unfit)}).encode()

    monkeypatch.setattr(gate, "ask_child", ask)


@contextmanager
def refused_with(sentence: str) -> Iterator[None]:
    with pytest.raises(Refused) as refused:
        yield
    assert refused.value.msgid == sentence


def passed(data: bytes) -> tuple[str, int, tuple[str, ...]]:
    with at_gate(io.BytesIO(data)) as found:
        assert found.file.read() == data
        return found.kind, found.pages, found.active


@pytest.mark.usefixtures("without_a_child")
@pytest.mark.parametrize(
    "each", [pytest.param(each, id=f"{each.number} {each.name}") for each in CORPUS if not each.slow]
)
def test_p15_what_becomes_of_every_file_of_the_corpus(each: Hostile):
    if each.refused:
        with refused_with(each.refused):
            passed(each.make())
    else:
        kind, _pages, active = passed(each.make())
        assert (kind, active) == (each.kind, each.marks)


def test_p15_the_corpus_goes_through_the_real_child_too():
    assert passed(SOUND) == ("pdf", 3, ())
    assert passed(hostile.ofd(2)) == ("ofd", 2, ())
    assert passed(hostile.office(more={"word/embeddings/a.bin": b"x"})) == ("docx", 0, ("embedded",))
    with refused_with(UNREADABLE):
        passed(hostile.ofd_with("a/../../b"))


@pytest.mark.usefixtures("without_a_child")
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(hostile.pdf(2, linearize=True), ("pdf", 2, ()), id="pdf made for the web"),
        pytest.param(SOUND + b"\r\n\0" + b"scanner 12.3" * 9, ("pdf", 3, ()), id="a scanner's remark behind a pdf"),
        pytest.param(partial(large_scan, 8000, 9000), ("png", 1, ()), id="a large scan of 72 million pixels"),
        pytest.param(hostile.ofd(**{"Doc_0/Attachs/invoice.xml": "<no xml"}), ("ofd", 1, ()), id="ofd, no xml in it"),
    ],
)  # fmt: skip
def test_p15_kept(data: Made, expected: tuple[str, int, tuple[str, ...]]):
    assert passed(made(data)) == expected


def test_p15_control_looking_at_indirect_objects_only_misses_the_inline_action():
    """Why the child walks into direct dictionaries: without that, this file would pass unmarked."""
    with pikepdf.open(io.BytesIO(hostile.inline_javascript())) as pdf:
        keys = {
            str(key) for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) for key in dict(thing.items())
        }
        kinds = {str(thing.get("/S")) for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary)}
    assert ("/JS" in keys, "/JavaScript" in kinds) == (False, False)


@pytest.mark.usefixtures("without_a_child")
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b"\xef\xbb\xbf\r\n <html>", WEB, id="html behind a byte order mark"),
        pytest.param(b"MZ\x90\x00" + bytes(100), PROGRAM, id="exe"),
        pytest.param(b"\x7fELF" + bytes(100), PROGRAM, id="elf"),
        pytest.param(b" " + SOUND, refusals.ONLY, id="pdf not at the first byte"),
        pytest.param(SOUND[:-7], INCOMPLETE, id="pdf without its last line"),
        pytest.param(SOUND + b"\n9 0 obj\n<</A 1", INCOMPLETE, id="pdf whose last change is cut off"),
        pytest.param(hostile.pdf(30, linearize=True)[:-500], INCOMPLETE, id="pdf for the web, cut off"),
        pytest.param(b"%PDF-1.7\n" + bytes(1000), INCOMPLETE, id="only the head of a pdf"),
        pytest.param(b"%PDF-1.7\n" + bytes(1000) + b"%%EOF\n", UNREADABLE, id="head and tail of a pdf"),
        pytest.param(JPEG[:-2], INCOMPLETE, id="jpeg without its end"),
        pytest.param(PNG[: len(PNG) // 2], INCOMPLETE, id="half a png"),
        pytest.param(PNG[:-12], INCOMPLETE, id="png without its end"),
        pytest.param(hostile.ofd()[:-30], INCOMPLETE, id="ofd without its end"),
        pytest.param(b"PK\x03\x04word/document.xml", INCOMPLETE, id="only the head of a docx"),
        pytest.param(partial(hostile.ofd, 3001), refusals.REASONS["pages"], id="ofd of 3001 pages"),
    ],
)
def test_p15_refused_with_its_reason(data: Made, sentence: str):
    with refused_with(sentence):
        passed(made(data))


@pytest.mark.parametrize(
    "bomb",
    [partial(hostile.swollen_content_pdf, 60), hostile.nested_forms_pdf],
    ids=["swollen", "nested 3^24"],
)
def test_p15_bomb_ends_in_its_own_process(bomb: Callable[[], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With a third of the memory, which is the same story sooner; the real limits are measured by `flask bench`."""
    script = child.SCRIPT.read_text().replace("900 * MEGABYTE", "300 * MEGABYTE").replace("CPU: 15", "CPU: 3")
    (tmp_path / "child.py").write_text(script)
    monkeypatch.setattr(child, "SCRIPT", tmp_path / "child.py")
    assert passed(SOUND) == ("pdf", 3, ())
    with refused_with(UNREADABLE):
        passed(bomb())


def test_a_smaller_limit_is_named_in_the_sentence():
    with pytest.raises(Refused) as refused, at_gate(io.BytesIO(SOUND + bytes(2 << 20)), largest=2 << 20):
        pass
    assert str(refused.value).startswith("The file is larger than 2 MB.")


@pytest.mark.parametrize("answer", [b"", b"[]", b"null", b'{"pages": null, "active": []}', b'{"refused": "x"}', b"{}"])
def test_p15_nonsense_from_the_child_is_a_refusal(answer: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gate, "ask_child", lambda *_: answer)
    with pytest.raises(Refused, match="could not be opened safely"):
        passed(SOUND)


def test_p11_a_full_temporary_disk_is_a_plain_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gate.tempfile, "TemporaryFile", lambda: open("/dev/full", "r+b", buffering=0))  # noqa: SIM115
    with refused_with(refusals.NOT_KEPT):
        passed(SOUND)


def disguised_program(*, beside: bool) -> bytes:
    """A program carried along under a harmless key: by the name that is really offered, or by a note on the page."""
    made = pikepdf.new()
    made.add_blank_page()
    made.attachments["notice.json"] = b"{}"
    spec = pikepdf.AttachedFileSpec(made, b"MZ" + bytes(60), filename="setup.exe").obj
    if beside:
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=spec)
        made.pages[0].Annots = pikepdf.Array([made.make_indirect(note)])
    else:
        made.Root.Names.EmbeddedFiles.Names = pikepdf.Array([pikepdf.String("notice.json"), spec])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.usefixtures("without_a_child")
@pytest.mark.parametrize(
    "file",
    [
        disguised_program(beside=False),
        disguised_program(beside=True),
        hostile.ofd_with("Doc_0/Attachs/a.zip", hostile.ofd()),
    ],
)
def test_p15_what_is_carried_along_under_a_harmless_name_is_marked(file: bytes):
    assert passed(file)[2] == ("embedded",)


@pytest.mark.usefixtures("without_a_child")
def test_a_text_carried_along_as_in_our_own_papers_is_not_marked():
    made = pikepdf.new()
    made.add_blank_page()
    made.attachments["notice.json"] = b"{}"
    out = io.BytesIO()
    made.save(out)
    assert passed(out.getvalue())[2] == ()
