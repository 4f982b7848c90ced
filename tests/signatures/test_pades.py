"""Every row of the matrix: what a signed PDF is called after each kind of change, and for each kind of signer."""

import pytest

from tracker.cli.bench.signatures import matrix
from tracker.cli.bench.signatures.authorities import NOW, UNIT, blank_pdf, sign, stamper_of, trust
from tracker.cli.bench.signatures.matrix import (
    CHANGES,
    CRL,
    EXPIRED,
    HOME,
    OTHER,
    PRETENDER,
    REGISTERED,
    REVOKED,
    ROGUE,
    SEAL,
    TRUST,
    national,
)
from tracker.signatures import pades
from tracker.signatures.pades import verify_pdf
from tracker.signatures.verdicts import Outcome, State, for_unit


@pytest.fixture(scope="module")
def signed() -> bytes:
    return matrix.signed()


def states(pdf: bytes, trusted=TRUST, registered=REGISTERED) -> list[str]:
    verdicts = for_unit(verify_pdf(pdf, trusted, NOW), registered)
    return [str(each.state) for each in verdicts]


def test_a_good_signature_is_valid_and_says_who_and_by_which_list(signed):
    (verdict,) = verify_pdf(signed, TRUST, NOW)
    assert (verdict.state, verdict.digest, verdict.value, verdict.certificate) == (
        State.VALID,
        Outcome.PASSED,
        Outcome.PASSED,
        Outcome.PASSED,
    )
    assert (verdict.holder, verdict.issuer, verdict.fingerprint) == (UNIT, HOME.name, SEAL.fingerprint)
    assert verdict.crl["issuer"] == HOME.name
    assert [text for text, _params in verdict.notes] == [pades.UNTOUCHED, pades.CRL_USED]


@pytest.mark.parametrize("name", CHANGES)
def test_req_11_what_happens_to_a_signed_file_shows_in_its_verdict(name, signed):
    change, expected = CHANGES[name]
    assert states(change(signed)) == expected


def test_certified_timestamped_and_long_term_files_are_valid():
    from pyhanko_certvalidator import ValidationContext

    assert states(sign(blank_pdf(), SEAL, certify=True)) == ["valid"]
    context = ValidationContext(trust_roots=[pades_root()], crls=[CRL], allow_fetching=False, revocation_mode="require")
    lasting = sign(
        blank_pdf(),
        SEAL,
        embed_validation_info=True,
        use_pades_lta=True,
        validation_context=context,
        timestamper=stamper_of(HOME),
    )
    assert states(lasting) == ["valid"]
    assert states(lasting + b"\njunk after the end") == ["appended"]


def pades_root():
    from asn1crypto.x509 import Certificate

    return Certificate.load(TRUST.roots[0].der)


@pytest.mark.parametrize(
    ("holder", "expected", "why"),
    [
        (PRETENDER, State.UNTRUSTED, pades.NO_AUTHORITY),
        (EXPIRED, State.OUT_OF_DATE, pades.EXPIRED),
        (REVOKED, State.OUT_OF_DATE, pades.REVOKED),
    ],
)
def test_signers_who_may_not(holder, expected, why):
    (verdict,) = verify_pdf(sign(blank_pdf(), holder), TRUST, NOW)
    assert (verdict.state, verdict.notes[0][0]) == (expected, why)
    assert (verdict.digest, verdict.value, verdict.certificate) == (Outcome.PASSED, Outcome.PASSED, Outcome.FAILED)


def test_a_trusted_certificate_of_another_unit_is_not_this_units(signed):
    assert states(signed, registered={OTHER.fingerprint}) == ["other_unit"]
    assert states(signed, registered=()) == ["other_unit"]


def test_without_a_list_the_verdict_says_that_revocation_was_not_checked():
    (verdict,) = verify_pdf(sign(blank_pdf(), REVOKED), trust(HOME), NOW)
    assert (verdict.state, verdict.crl) == (State.VALID, {})
    assert pades.NO_CRL in [text for text, _params in verdict.notes]


def test_a_list_that_is_absent_or_out_of_date_leaves_it_open(signed):
    other_list = trust(HOME, lists=(ROGUE.crl(),))
    old_list = trust(HOME, lists=(HOME.crl(updated=-60, due=-20),))
    found = [verify_pdf(signed, each, NOW)[0] for each in (other_list, old_list)]
    assert [(each.state, each.notes[0][0]) for each in found] == [
        (State.UNVERIFIABLE, pades.NO_CRL_OF_ISSUER),
        (State.UNVERIFIABLE, pades.STALE_CRL),
    ]


def test_nobody_is_trusted_by_default(signed):
    assert states(signed, trust()) == ["untrusted"]


def test_a_plain_pdf_has_no_signature_and_a_national_one_is_said_to_be_unverifiable(signed):
    assert verify_pdf(blank_pdf(), TRUST, NOW) == []
    (verdict,) = verify_pdf(national(signed), TRUST, NOW)
    assert (verdict.state, verdict.notes[0][0]) == (State.UNVERIFIABLE, pades.SM2_PDF)
