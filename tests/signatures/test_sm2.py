"""SM2 and SM3 against another implementation, and against published values."""

import pytest

from tracker.cli.bench.signatures.sealing import OPENSSL, certificate, public_key, sign
from tracker.signatures import sm2
from tracker.signatures.certificates import name_of, read_certificate
from tracker.signatures.trust import signed_by


def test_sm3_gives_the_digest_of_its_standard():
    assert sm2.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.skipif(not OPENSSL, reason="the openssl command is not here")
def test_req_11_signatures_of_openssl_are_accepted_and_spoilt_ones_are_not():
    public = public_key("甲")[-65:]
    message, signature = b"0123456789" * 9, sign("甲", b"0123456789" * 9)
    assert sm2.verify(public, message, signature)
    flips = [bytearray(signature) for _ in range(0, len(signature), 8)]
    for place, spoilt in enumerate(flips):
        spoilt[place * 8] ^= 1 << place % 8
    assert [sm2.verify(public, message, bytes(each)) for each in flips] == [False] * len(flips)
    others = (public_key("乙")[-65:], public[:-1] + bytes([public[-1] ^ 1]), public[:64], b"")
    assert [sm2.verify(each, message, signature) for each in others] == [False] * 4
    assert not sm2.verify(public, message + b".", signature)
    assert not sm2.verify(public, message, signature, user=b"somebody else")


@pytest.mark.parametrize("r", [0, sm2.N, sm2.N + 1, -1])
def test_numbers_out_of_range_are_no_signature(r):
    public = b"\x04" + b"".join(number.to_bytes(32) for number in sm2.G)
    assert not sm2.verify(public, b"", sm2.Pair({"r": r, "s": 1}).dump())


@pytest.mark.skipif(not OPENSSL, reason="the openssl command is not here")
def test_certificates_are_chained_by_their_signature_not_by_their_name():
    root, leaf = read_certificate(certificate("国密试验根")), read_certificate(certificate("甲", "国密试验根"))
    assert (leaf.algorithm, leaf.subject, leaf.issuer, leaf.may_sign, leaf.authority) == (
        "SM2",
        "甲",
        "国密试验根",
        True,
        False,
    )
    assert signed_by(leaf, root)
    assert signed_by(root, root)
    assert not signed_by(root, leaf)


def test_names_are_read_from_whatever_string_type_holds_them():
    # Chinese bytes where only ASCII may stand: strict readers refuse the whole certificate
    value = "阜新".encode()
    attribute = b"\x30" + bytes([len(value) + 7]) + b"\x06\x03\x55\x04\x03\x16" + bytes([len(value)]) + value
    assert name_of(b"\x30" + bytes([len(attribute) + 2]) + b"\x31" + bytes([len(attribute)]) + attribute) == "阜新"
