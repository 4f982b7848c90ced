"""Judging in the child process: what it answers, and that a hostile file costs the child only."""

import io
import tempfile
import zipfile

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from PIL import Image

from tracker.cli.bench.signatures.authorities import NOW, UNIT, Authority, blank_pdf, sign
from tracker.cli.bench.signatures.sealing import LETTER, OPENSSL, Letter, Stamp, certificate, packed
from tracker.signatures import child, trust
from tracker.signatures.child import ofd_text, verify_file
from tracker.signatures.pictures import as_data_uri
from tracker.signatures.verdicts import State, from_json

HOME = Authority("试验根证书")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A trust folder as an administrator fills it."""
    found = tmp_path_factory.mktemp("trust")
    (found / "roots").mkdir()
    (found / "crls").mkdir()
    (found / "roots" / "home.pem").write_bytes(HOME.certificate.public_bytes(Encoding.PEM))
    (found / "crls" / "home.crl").write_bytes(HOME.crl())
    (found / "roots" / "broken.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\n!")
    return found


def judged(data: bytes, kind: str, folder) -> list:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return verify_file(file, kind, NOW, folder)


def test_the_folder_is_read_and_broken_files_are_named(folder):
    found = trust.load(folder)
    assert ([each.subject for each in found.roots], len(found.lists), found.broken) == (
        [HOME.name],
        1,
        ("broken.pem",),
    )
    assert trust.load(folder / "absent") == trust.Trust()


def test_the_child_judges_and_its_answer_survives_json(folder):
    (verdict,) = judged(sign(blank_pdf(), HOME.signer(UNIT)), "pdf", folder)
    assert (verdict.state, verdict.holder) == (State.VALID, UNIT)
    assert from_json(verdict.as_json() | {"of a later version": 1}) == verdict


@pytest.mark.skipif(not OPENSSL, reason="SM2 is signed by the openssl command, which is not here")
def test_a_seal_is_judged_with_its_picture_drawn_anew(folder):
    out = io.BytesIO()
    Image.new("RGBA", (600, 400), (200, 0, 0, 128)).save(out, "PNG")
    (folder / "roots" / "sm2.cer").write_bytes(certificate("国密试验根"))
    (verdict,) = judged(Letter().seal(Stamp(picture=out.getvalue())).pack(), "ofd", folder)
    assert (verdict.state, verdict.pages[1]) == (State.VALID, "附件：截图")
    assert verdict.seal["picture"] == as_data_uri(out.getvalue())
    assert as_data_uri(b"no picture") == ""


def test_an_unsigned_file_says_so_and_pictures_need_no_child(folder):
    assert [each.state for each in judged(blank_pdf(), "pdf", folder)] == [State.NONE]
    assert [each.state for each in verify_file(io.BytesIO(), "jpeg", NOW, folder)] == [State.NONE]


def test_hostile_files_are_unverifiable_and_have_no_text(folder, monkeypatch):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", b" " * (70 << 20))
    assert [each.state for each in judged(bomb.getvalue(), "ofd", folder)] == [State.UNVERIFIABLE]
    monkeypatch.setattr(child, "SECONDS", 0.01)
    (verdict,) = judged(blank_pdf(), "pdf", folder)
    assert (verdict.state, verdict.notes[0][0]) == (State.UNVERIFIABLE, child.STUMBLED)


def test_the_text_of_an_ofd_comes_from_the_child():
    with tempfile.TemporaryFile() as file:
        file.write(packed(LETTER))
        file.flush()
        assert ofd_text(file)[1] == "附件：截图"
        file.truncate(100)
        with pytest.raises(child.Failed):
            ofd_text(file)
