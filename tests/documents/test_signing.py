"""Signing papers: what was signed is whole, certified and traceable; what is not signed never passes for a paper."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from tests.desks import OFFICE, PASSWORD, Desk, desk_in
from tracker.documents import pkcs12, preflight, render, selfcheck, sign_command, signer, signing
from tracker.documents.compose import TEMPLATES
from tracker.documents.signatures import NATIONAL, NOT_VERIFIED, signature_on
from tracker.documents.signing import CommandSigner, Pkcs12Signer, SignedPaper, SigningFailed, signed
from tracker.kit.settings import Settings

pytestmark = pytest.mark.pdf


@pytest.fixture(autouse=True)
def _fonts_are_here() -> None:
    lacking = [each.sentence % each.params for each in preflight.check()]
    if lacking:
        pytest.skip("; ".join(lacking))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path)


@pytest.fixture
def paper(notice) -> render.Rendered:
    return render.render("rectification_notice", notice(3))


def judged(pdf: bytes, desk: Desk) -> object:
    """What pyHanko says of the one signature, trusting the test's authority alone and fetching nothing."""
    from asn1crypto.x509 import Certificate
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import ValidationContext, validate_pdf_signature

    (found,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=[Certificate.load(desk.root)], allow_fetching=False)
    with ThreadPoolExecutor(1) as apart:  # it runs an event loop; a browser test may have left one in this thread
        return apart.submit(validate_pdf_signature, found, context).result()


def test_a_signed_paper_is_certified_whole_and_trusted(desk, paper):
    done = signed(desk.signer, paper, "印发整改通知单")
    verdict = judged(done.pdf, desk)
    assert (verdict.bottom_line, verdict.trusted, verdict.coverage.name) == (True, True, "ENTIRE_FILE")
    assert (verdict.docmdp_ok, verdict.modification_level.name, verdict.md_algorithm) == (True, "NONE", "sha256")
    (found,) = _signatures(done.pdf)
    assert (found.sig_object["/Reason"], found.docmdp_level.name) == ("印发整改通知单", "NO_CHANGES")
    assert isinstance(done, SignedPaper)
    assert done.signature.holder == OFFICE
    assert done.signature == signature_on(done.pdf)
    assert done.sha256 != paper.sha256


def _signatures(pdf: bytes) -> list:
    from pyhanko.pdf_utils.reader import PdfFileReader

    return PdfFileReader(BytesIO(pdf)).embedded_signatures


def test_signing_leaves_the_paper_its_layout_its_content_and_its_archive_mark(desk, paper):
    done = signed(desk.signer, paper, "")
    assert done.pdf.startswith(paper.pdf)
    with pikepdf.open(BytesIO(paper.pdf)) as before, pikepdf.open(BytesIO(done.pdf)) as after:
        assert [p.get_file().read_bytes() for p in after.attachments.values()] == [
            p.get_file().read_bytes() for p in before.attachments.values()
        ]
        assert list(after.attachments) == ["notice.json"]
        assert after.open_metadata().pdfa_status == "3A"
        (field,) = after.Root.AcroForm.Fields
        assert [float(each) for each in field.Rect] == [0, 0, 0, 0]  # nothing is drawn unless somebody asks for it
    assert selfcheck.check_pdf(done.pdf) == selfcheck.check_pdf(paper.pdf)


def test_one_flipped_byte_is_found(desk, paper):
    pdf = bytearray(signed(desk.signer, paper, "").pdf)
    pdf[len(paper.pdf) // 2] ^= 1
    assert not judged(bytes(pdf), desk).bottom_line
    with pytest.raises(SigningFailed):
        signature_on(bytes(pdf))


def test_a_note_added_later_is_found(desk, paper):
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(signed(desk.signer, paper, "").pdf))
    note = {"/Type": "/Annot", "/Subtype": "/Text"}
    box = generic.ArrayObject(generic.NumberObject(each) for each in (10, 10, 40, 40))
    made = generic.DictionaryObject({generic.pdf_name(k): generic.pdf_name(v) for k, v in note.items()})
    made["/Rect"], made["/Contents"] = box, generic.TextStringObject("加注")
    writer.register_annotation(writer.root["/Pages"]["/Kids"].raw_get(0), writer.add_object(made))
    out = BytesIO()
    writer.write(out)
    verdict = judged(out.getvalue(), desk)
    assert (verdict.bottom_line, verdict.coverage.name) == (False, "ENTIRE_REVISION")
    with pytest.raises(SigningFailed):
        signature_on(out.getvalue())


def test_an_unknown_authority_is_not_trusted(desk, paper, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    assert not judged(signed(desk_in(other).signer, paper, "").pdf, desk).bottom_line


def spoilt(desk: Desk, how: str) -> Pkcs12Signer:
    """The office's signer with one thing wrong."""
    if how == "password":
        desk.password.write_text("falsch")
    elif how == "rubbish":
        desk.key.write_bytes(b"no key at all")
    elif how == "absent":
        desk.key.unlink()
    elif how == "exposed":
        desk.key.chmod(0o644)
    return desk.signer


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("password", pkcs12.WRONG_PASSWORD),
        ("rubbish", pkcs12.WRONG_PASSWORD),
        ("absent", pkcs12.UNREADABLE),
        ("exposed", pkcs12.EXPOSED),
    ],
)
def test_a_key_that_cannot_be_used_gives_a_plain_sentence(desk, how, sentence):
    with pytest.raises(SigningFailed) as failure:
        spoilt(desk, how).sign(b"%PDF-", "")
    assert failure.value.reason == sentence
    assert PASSWORD not in str(failure.value)


def test_an_expired_certificate_signs_nothing(tmp_path, paper):
    old = desk_in(tmp_path, days=-3)
    with pytest.raises(SigningFailed) as failure:
        old.signer.sign(paper.pdf, "")
    assert failure.value.reason == pkcs12.OUT_OF_DATE
    assert failure.value.params["holder"] == OFFICE


def test_a_visible_appearance_stands_over_the_date_when_the_office_gives_one(desk, paper, tmp_path):
    look = tmp_path / "look.pdf"
    with pikepdf.new() as file:
        file.add_blank_page(page_size=(128, 128)).Contents = file.make_stream(b"1 0 0 RG 4 4 120 120 re S")
        file.save(look)
    done = signed(replace(desk.signer, appearance=look), paper, "")
    assert judged(done.pdf, desk).bottom_line
    with pikepdf.open(BytesIO(done.pdf)) as file:
        left, low, right, high = (float(each) * 25.4 / 72 for each in file.Root.AcroForm.Fields[0].Rect)
    assert (right - left, high - low) == pytest.approx((45, 45), abs=0.5)
    assert left > 105
    assert right < 190


def program(tmp_path: Path, text: str) -> str:
    path = tmp_path / "sign service.py"
    path.write_text(
        "import os, subprocess, sys, time\npdf = sys.stdin.buffer.read()\nout = sys.stdout.buffer.write\n" + text
    )
    return f"'{sys.executable}' '{path}'"


@pytest.fixture
def service(desk, tmp_path: Path, monkeypatch) -> str:
    """A signing service as an office might have one: it sees the paper and the reason, and none of our settings."""
    root = Path(__file__).parents[2]
    text = f"""
sys.path.insert(0, {str(root)!r})
from pathlib import Path
from tracker.documents.pkcs12 import Pkcs12Signer
assert not [name for name in os.environ if name.startswith("RECTIFY_")]
out(Pkcs12Signer(Path({str(desk.key)!r}), Path({str(desk.password)!r})).sign(pdf, os.environ["SIGN_REASON"]))
"""
    monkeypatch.setenv("RECTIFY_SECRET_KEY", "not for others")
    return program(tmp_path, text)


def test_an_outside_service_signs(service, desk, paper):
    done = signed(CommandSigner(service), paper, "印发整改通知单")
    assert judged(done.pdf, desk).bottom_line
    assert _signatures(done.pdf)[0].sig_object["/Reason"] == "印发整改通知单"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("out(pdf)", signer.UNSIGNED),
        ("", signer.UNSIGNED),
        ("out(b'%PDF-1.7 rubbish')", signer.UNSIGNED),
        ("out(pdf + b'0' * 5_000_000)", signer.UNSIGNED),
        ("out(pdf); sys.exit(3)", sign_command.REFUSED),
        ("subprocess.Popen(['sleep', '60']); time.sleep(60)", sign_command.TOO_SLOW),
    ],
)
def test_what_a_service_fails_to_sign_is_no_paper(tmp_path, paper, text, sentence):
    begun = datetime.now(UTC)
    with pytest.raises(SigningFailed) as failure:
        signed(CommandSigner(program(tmp_path, text), seconds=1 if "sleep" in text else 15), paper, "")
    assert failure.value.reason == sentence
    assert datetime.now(UTC) - begun < timedelta(seconds=20)


def test_a_service_that_does_not_exist_gives_a_sentence():
    for command in ("/nowhere/sign", "'unbalanced", ""):
        with pytest.raises(SigningFailed) as failure:
            CommandSigner(command or "''").sign(b"", "")
        assert failure.value.reason == sign_command.NOT_STARTED


def test_another_paper_signed_is_not_this_paper(desk, paper, notice, tmp_path):
    other = desk.signer.sign(render.render("rectification_notice", notice(2)).pdf, "")
    (tmp_path / "other.pdf").write_bytes(other)
    swap = program(tmp_path, f"out(open({str(tmp_path / 'other.pdf')!r}, 'rb').read())")
    with pytest.raises(SigningFailed) as failure:
        signed(CommandSigner(swap), paper, "")
    assert failure.value.reason == signer.UNSIGNED


def test_a_national_signature_is_told_as_not_verified(desk, paper):
    """SM2 cannot be computed here: a signature by it that spans the file is taken from the service, and said so."""
    pdf = bytearray(desk.signer.sign(paper.pdf, ""))
    (found,) = _signatures(bytes(pdf))
    _, start, _, _ = (int(each) for each in found.byte_range)
    pdf[start + 1 : start + 1 + 2 * len(NATIONAL)] = NATIONAL.hex().encode()
    assert signature_on(bytes(pdf)).holder == NOT_VERIFIED
    with pytest.raises(SigningFailed):
        signature_on(bytes(pdf) + b"\n% added")


def test_settings_choose_the_signer(tmp_path):
    def chosen(**values: str) -> signing.Signer | None:
        return signing.signer_for(Settings.from_env({"RECTIFY_DATA": str(tmp_path), **values}))

    assert chosen() is None
    assert chosen(RECTIFY_SIGN_COMMAND="sign --now") == CommandSigner("sign --now")
    key = {"RECTIFY_SIGN_P12": "/keys/office.p12", "RECTIFY_SIGN_P12_PASSWORD_FILE": "/keys/password"}
    assert chosen(**key) == Pkcs12Signer(Path("/keys/office.p12"), Path("/keys/password"))
    with pytest.raises(SigningFailed):
        chosen(**key, RECTIFY_SIGN_COMMAND="sign")


def test_without_a_signer_the_paper_stays_as_it_is(paper):
    assert signed(None, paper, "") is paper


def test_the_place_of_the_seal_is_drawn_on_drafts_only_and_no_picture_is_part_of_a_paper(notice):
    draft = render.render("rectification_notice", notice(draft=True, number="")).pdf
    issued = render.render("rectification_notice", notice()).pdf
    assert ["印章位置" in _text(pdf) for pdf in (draft, issued)] == [True, False]
    for pdf in (draft, issued):
        with pikepdf.open(BytesIO(pdf)) as file:
            assert [page.get_images() for page in file.pages] == [{} for _ in file.pages]
    pictures = {".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp"}
    assert [path for path in TEMPLATES.rglob("*") if path.suffix.lower() in pictures] == []


def _text(pdf: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_only_a_signing_worker_loads_pyhanko(tmp_path):
    program = (
        "import sys\nfrom tracker.web.app import create_app\nimport tracker.worker.duties\ncreate_app()\n"
        "print(sorted({'pyhanko', 'docxtpl', 'docx'} & set(sys.modules)))"
    )
    environment = {
        "RECTIFY_DATA": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
