"""Sealed OFD files: what each edit does to the three checks, whose seal it is, and what hostile archives get."""

from datetime import timedelta

import pytest

from tracker.cli.bench.signatures.sealing import (
    LETTER,
    LIST,
    NAMESPACE,
    NOW,
    OPENSSL,
    PAGE,
    UNIT,
    Letter,
    Stamp,
    certificate,
    packed,
    revocation_list,
    unpacked,
)
from tracker.kit.archives import Archive, Unfit, parse_xml
from tracker.signatures import owner, pades, seals
from tracker.signatures.certificates import read_certificate, read_revocation_list
from tracker.signatures.ofd import Ofd
from tracker.signatures.seals import verify_ofd
from tracker.signatures.trust import Trust
from tracker.signatures.verdicts import State, for_unit

pytestmark = pytest.mark.skipif(not OPENSSL, reason="SM2 is signed by the openssl command, which is not here")
ROOT = "国密试验根"


def trust(*lists: bytes, root: str = ROOT) -> Trust:
    return Trust((read_certificate(certificate(root)),), tuple(map(read_revocation_list, lists)))


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return Letter().seal(Stamp()).pack()


def checks(data: bytes, trusted: Trust | None = None, moment=NOW) -> list[tuple[str, str, str, str]]:
    found = verify_ofd(data, trusted or trust(), moment)
    return [(str(each.state), str(each.digest), str(each.value), str(each.certificate)) for each in found]


@pytest.mark.parametrize("version", [4, 1])
def test_a_seal_of_either_standard_is_valid_and_says_whose_it_is(version):
    stamp = Stamp(version=version)
    data = Letter().seal(stamp).pack()
    (verdict,) = verify_ofd(data, trust(revocation_list(ROOT)), NOW)
    assert (verdict.state, verdict.holder, verdict.seal["name"]) == (State.VALID, UNIT, f"{UNIT}电子印章")
    assert [text for text, _params in verdict.notes] == [seals.UNTOUCHED, pades.CRL_USED]
    assert for_unit([verdict], [])[0].state == State.OTHER_UNIT
    assert for_unit([verdict], [read_certificate(stamp.certificate).fingerprint])[0].state == State.VALID


def edited(data: bytes, **changes: bytes | None) -> bytes:
    files = unpacked(data) | changes
    return packed({name: content for name, content in files.items() if content is not None})


def flip(data: bytes, name: str) -> bytes:
    content = bytearray(unpacked(data)[name])
    content[-3] ^= 1
    return edited(data, **{name: bytes(content)})


DESCRIPTION, VALUE = "Doc_0/Signs/Sign_1/Signature.xml", "Doc_0/Signs/Sign_1/SignedValue.dat"
EXTRA_PAGE = LETTER["Doc_0/Document.xml"].replace(b"Page_0/Content.xml", b"Page_9/Content.xml")
LOST = ("unverifiable", "unknown", "unknown", "unknown")
EDITS = {
    "text of a page": (
        lambda data: edited(data, **{PAGE: LETTER[PAGE].replace("3篇".encode(), "9篇".encode())}),
        ("altered", "failed", "passed", "passed"),
        {"changed": [PAGE]},
    ),
    "list of digests": (
        lambda data: edited(data, **{DESCRIPTION: unpacked(data)[DESCRIPTION].replace(b"test", b"Test")}),
        ("altered", "failed", "passed", "passed"),
        {},
    ),
    "a bit of the signature": (lambda data: flip(data, VALUE), ("altered", "passed", "failed", "unknown"), {}),
    "a file added": (
        lambda data: edited(data, **{"Doc_0/more.xml": b"<more/>"}),
        ("appended", "passed", "passed", "passed"),
        {"unprotected": ["Doc_0/more.xml"]},
    ),
    "a page removed": (
        lambda data: edited(data, **{PAGE: None}),
        ("altered", "failed", "passed", "passed"),
        {"missing": [f"/{PAGE}"]},
    ),
    "no seal value": (
        lambda data: edited(data, **{VALUE: None}),
        ("unverifiable", "unknown", "unknown", "unknown"),
        {},
    ),
    "another value": (
        lambda data: edited(data, **{VALUE: b"0\x03\x02\x01\x01"}),
        LOST,
        {},
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_req_11_each_edit_of_a_sealed_file_is_told_by_the_right_check(name, sealed):
    change, expected, files = EDITS[name]
    data = change(sealed)
    assert checks(data) == [expected]
    assert verify_ofd(data, trust(), NOW)[0].files == files


def test_a_page_that_the_seal_does_not_protect_is_no_mere_addition():
    bare = Letter().seal(Stamp(), leave_out=(PAGE,)).pack()
    (verdict,) = verify_ofd(bare, trust(), NOW)
    assert (verdict.state, verdict.notes[0]) == (State.ALTERED, (seals.UNSEALED_PAGE, {"names": PAGE}))


def test_a_second_seal_leaves_the_first_one_whole(sealed):
    letter = Letter(unpacked(sealed), seals=1)
    both = letter.seal(Stamp(signer="细河区人民政府", serial=11)).pack()
    assert [each[0] for each in checks(both)] == ["valid", "valid"]


@pytest.mark.parametrize(
    ("stamp", "state", "why"),
    [
        (Stamp(authority="冒名国密根"), State.UNTRUSTED, owner.NO_AUTHORITY),
        (Stamp(named="细河区人民政府"), State.UNTRUSTED, owner.NOT_ITS_SIGNER),
        (Stamp(forged=True), State.UNTRUSTED, owner.FORGED_SEAL),
        (Stamp(ends=-1), State.OUT_OF_DATE, owner.SEAL_OUT_OF_DATE),
        (Stamp(sealed=NOW + timedelta(days=3)), State.OUT_OF_DATE, owner.FUTURE),
    ],
)
def test_seals_that_may_not(stamp, state, why):
    (verdict,) = verify_ofd(Letter().seal(stamp).pack(), trust(), NOW)
    assert (verdict.state, verdict.notes[0][0], str(verdict.digest), str(verdict.value)) == (
        state,
        why,
        "passed",
        "passed",
    )


def test_certificates_end_and_are_revoked_and_lists_grow_old(sealed):
    seven, other = trust(revocation_list(ROOT, 7)), trust(revocation_list("冒名国密根"))
    old = trust(revocation_list(ROOT, updated=-40, due=-10))
    found = [
        verify_ofd(sealed, trust(), NOW + timedelta(days=400))[0],
        *(verify_ofd(sealed, each, NOW)[0] for each in (seven, other, old, trust())),
    ]
    assert [(str(each.state), each.notes[-1][0]) for each in found] == [
        ("out_of_date", pades.EXPIRED),
        ("out_of_date", pades.REVOKED),
        ("unverifiable", pades.NO_CRL_OF_ISSUER),
        ("unverifiable", pades.STALE_CRL),
        ("valid", pades.NO_CRL),
    ]


def test_the_text_of_the_pages_is_read_in_lines(sealed):
    assert Ofd(sealed).page_texts() == ["整改情况报告\n已恢复更新，共3篇。", "附件：截图"]


def test_an_unsealed_file_has_no_verdicts():
    assert verify_ofd(packed(LETTER), trust(), NOW) == []


XXE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
LAUGHS = b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'


@pytest.mark.parametrize(
    "text", [XXE, LAUGHS, XXE.decode().encode("utf-16"), b"<a>", b"<!DOCTYPE a><a/>"], ids=range(5)
)
def test_xml_with_a_document_type_or_a_fault_is_refused(text):
    with pytest.raises(Unfit, match="xml"):
        parse_xml(text)
    assert [each.state for each in verify_ofd(packed(LETTER | {"OFD.xml": text}), trust(), NOW)] == ["unverifiable"]


def test_archives_that_no_honest_program_writes_are_refused(monkeypatch):
    import zipfile
    from io import BytesIO

    def written(*names: str, size: int = 100_000) -> bytes:
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for each in names:
                archive.writestr(each, b"0" * size)
        return out.getvalue()

    for names in (("../out",), ("a", "A"), ("a\\b",), ("a/./b",), ("C:/x",)):
        with pytest.raises(Unfit, match="name"):
            Archive(written(*names))
    with pytest.raises(Unfit, match="entries"):
        Archive(written(*map(str, range(4001)), size=0))
    monkeypatch.setattr("tracker.kit.archives.TOTAL", 250_000)
    with pytest.raises(Unfit, match="size"):
        Archive(written("a", "b", "c"))
    liar = written("a", "b").replace((100_000).to_bytes(4, "little"), (90_000).to_bytes(4, "little"))
    with pytest.raises(Unfit, match=r"archive|size"):
        Archive(liar).read("a")
    archive = Archive(written("a", "b"))
    archive.read("a")
    with pytest.raises(Unfit, match="size"):
        archive.read("b", most=99_999)


def test_names_of_all_the_namespaces_and_cases_are_found(sealed):
    other = {
        name: text.replace(NAMESPACE.encode(), b"http://www.ofdspec.org") if name != LIST else text
        for name, text in LETTER.items()
    }
    assert len(Ofd(packed(other)).pages()) == 2
    assert "Doc_0/Tpls/Tpl_0/Content.xml" in Ofd(sealed).shown()
