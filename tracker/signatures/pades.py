"""Electronic signatures in a PDF, judged by pyHanko: nothing is fetched, only the office's own trust folder counts."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from tracker.kit.words import N_
from tracker.signatures.certificates import SM2_WITH_SM3, RevocationList, name_of
from tracker.signatures.trust import Trust, stale, used
from tracker.signatures.verdicts import Note, Outcome, State, Verdict

log = logging.getLogger(__name__)
NATIONAL = bytes.fromhex("2a811ccf5501")
"""What the object identifiers of China's own algorithms (SM2, SM3: 1.2.156.10197.1) begin with."""
MOST = 20
"""Signatures of one file that are judged."""

SM2_PDF = N_("The PDF is signed with SM2, which this system does not verify in PDF; check it with the vendor's reader.")
UNKNOWN_FORM = N_("The signature has a form that this system does not know; check it with the vendor's reader.")
DIGEST = N_("The signed content does not match its digest: bytes were changed after signing.")
VALUE = N_("The signature value does not belong to the content and the certificate.")
CHANGED_LATER = N_("After signing, something was drawn, annotated or replaced that the signature does not allow.")
NO_AUTHORITY = N_("The authority that issued the certificate is not among the configured roots.")
EXPIRED = N_("The certificate was not valid when the file was received (valid %(starts)s to %(ends)s).")
REVOKED = N_("The certificate is on its authority's revocation list.")
UNFIT = N_("The certificate may not be used for signing, or its chain has a fault.")
NO_CRL = N_("No revocation list is configured; revocation was not checked.")
NO_CRL_OF_ISSUER = N_(
    "No usable revocation list of the issuing authority is configured; revocation could not be checked."
)
STALE_CRL = N_("The revocation list is out of date (updated %(updated)s); the administrator must renew it.")
CRL_USED = N_("Revocation checked against the list of %(issuer)s, updated %(updated)s.")
UNTOUCHED = N_("Not changed since signing.")
APPENDED = N_("Bytes follow the signed part; what the signature covers is unchanged.")
FILLED = N_("A form was filled or a further signature added after this one.")
REMAINS = N_("The file holds parts of a signature that cannot be read; it may be cut off or damaged.")
TOO_MANY = N_("The file has more signatures than are judged here (%(most)s).")


def verify_pdf(data: bytes, trust: Trust, moment: datetime) -> list[Verdict]:
    """Return one verdict per signature in the file's order; none when there is no signature.

    `moment` is when the file was received: certificates and lists are judged as of then.
    """
    with ThreadPoolExecutor(1) as apart:  # pyHanko runs an event loop; the calling thread may have one already
        return apart.submit(_all, data, trust, moment).result()


def _all(data: bytes, trust: Trust, moment: datetime) -> list[Verdict]:
    try:
        found = list(_signatures(data))
    except Exception:  # pyHanko meets a hostile file here and stumbles in many ways
        log.info("signatures cannot be listed", exc_info=True)
        found = []
    if not found and b"/ByteRange" in data:  # a signature that no reader reaches: cut off, or hidden
        return [_unverifiable(REMAINS, moment)]
    verdicts = [_safely(each, trust, moment) for each in found[:MOST]]
    if len(found) > MOST:
        verdicts.append(_unverifiable(TOO_MANY, moment, most=MOST))
    return verdicts


def _signatures(data: bytes) -> Iterator[Any]:
    """Yield each signature as pyHanko's object, or the bytes of one it cannot take."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.fields import enumerate_sig_fields  # noqa: PLC0415
    from pyhanko.sign.validation import EmbeddedPdfSignature  # noqa: PLC0415

    reader = PdfFileReader(BytesIO(data), strict=False)
    for name, value, field in enumerate_sig_fields(reader, filled_status=True):
        if value.get_object().get("/Type") == "/DocTimeStamp":
            continue  # a time mark, nobody's signature
        try:
            yield EmbeddedPdfSignature(reader, field, name)
        except Exception:
            log.info("signature field cannot be read", exc_info=True)
            yield bytes(value.get_object().get("/Contents", b""))


def _safely(found: Any, trust: Trust, moment: datetime) -> Verdict:
    if isinstance(found, bytes):
        return _unverifiable(SM2_PDF if NATIONAL in found else UNKNOWN_FORM, moment)
    if NATIONAL in bytes(found.pkcs7_content):
        return _unverifiable(SM2_PDF, moment)
    try:
        return _judged(found, trust, moment)
    except Exception:
        log.info("signature cannot be judged", exc_info=True)
        return _unverifiable(UNKNOWN_FORM, moment)


def _unverifiable(why: str, moment: datetime, **params: object) -> Verdict:
    return Verdict(State.UNVERIFIABLE, "pdf", notes=((why, params),), checked_at=moment.isoformat())


def _judged(found: Any, trust: Trust, moment: datetime) -> Verdict:
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.settings import KeyUsageConstraints  # noqa: PLC0415

    either = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
    status = validate_pdf_signature(found, _context(trust, moment), key_usage_settings=either)
    certificate = status.signing_cert
    verdict = Verdict(
        State.UNVERIFIABLE,
        "pdf",
        digest=_outcome(status.intact),
        value=_outcome(status.valid),
        certificate=_outcome(status.trusted),
        holder=name_of(certificate.subject.dump()),
        issuer=name_of(certificate.issuer.dump()),
        serial=f"{certificate.serial_number:x}",
        fingerprint=sha256(certificate.dump()).hexdigest(),
        signed_at=status.signer_reported_dt.isoformat() if status.signer_reported_dt else "",
        checked_at=moment.isoformat(),
    )
    state, notes = _state(found, status, trust, moment)
    crl = _list_for(certificate, trust)
    about = _about_list(crl, trust)
    return replace(verdict, state=state, notes=(*notes, *about), crl=used(crl) if crl else {})


def _outcome(passed: bool) -> Outcome:
    return Outcome.PASSED if passed else Outcome.FAILED


def _context(trust: Trust, moment: datetime) -> Any:
    from asn1crypto import crl, x509  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    usable = [each for each in trust.roots if each.algorithm != "SM2"]
    lists = [crl.CertificateList.load(each.der) for each in _lists(trust)]
    # By default a certificate without a pointer to its list passes though it is revoked: seen, not guessed.
    demand = {"revocation_mode": "require", "crls": lists} if lists else {"revocation_mode": "soft-fail"}
    return ValidationContext(
        trust_roots=[x509.Certificate.load(each.der) for each in usable],
        allow_fetching=False,
        moment=moment,
        best_signature_time=moment,
        **demand,
    )


def _state(found: Any, status: Any, trust: Trust, moment: datetime) -> tuple[State, tuple[Note, ...]]:
    """Return the state and its decisive reason: first the content, then the signer, then what came later."""
    if not status.intact:
        return State.ALTERED, ((DIGEST, {}),)
    if not status.valid:
        return State.ALTERED, ((VALUE, {}),)
    if _changed_later(status):
        return State.ALTERED, ((CHANGED_LATER, {}),)
    if not status.trusted:
        return _distrusted(status, trust, moment)
    if not status.bottom_line:
        return State.UNVERIFIABLE, ((UNFIT, {}),)
    return _coverage(found, status)


def _changed_later(status: Any) -> bool:
    from pyhanko.sign.diff_analysis import ModificationLevel  # noqa: PLC0415
    from pyhanko.sign.validation.status import SignatureCoverageLevel as Level  # noqa: PLC0415

    partial = status.coverage not in (Level.ENTIRE_FILE, Level.ENTIRE_REVISION)
    return partial or status.modification_level == ModificationLevel.OTHER or not status.docmdp_ok


def _distrusted(status: Any, trust: Trust, moment: datetime) -> tuple[State, tuple[Note, ...]]:
    certificate, trouble = status.signing_cert, getattr(status.trust_problem_indic, "name", "")
    starts, ends = certificate.not_valid_before, certificate.not_valid_after
    if status.revoked or trouble.startswith("REVOKED"):
        return State.OUT_OF_DATE, ((REVOKED, {}),)
    if trouble == "NO_CERTIFICATE_CHAIN_FOUND":
        return State.UNTRUSTED, ((NO_AUTHORITY, {}),)
    if not starts <= moment <= ends:
        days = {"starts": starts.date().isoformat(), "ends": ends.date().isoformat()}
        return State.OUT_OF_DATE, ((EXPIRED, days),)
    if _lists(trust):
        return State.UNVERIFIABLE, (_why_no_list(_list_for(certificate, trust), moment),)
    return State.UNTRUSTED, ((UNFIT, {}),)


def _why_no_list(crl: RevocationList | None, moment: datetime) -> Note:
    if crl is not None and stale(crl, moment):
        return STALE_CRL, {"updated": crl.updated.date().isoformat()}
    return (NO_CRL_OF_ISSUER, {}) if crl is None else (UNFIT, {})


def _lists(trust: Trust) -> list[RevocationList]:
    """Return the lists that pyHanko can check; those signed with SM2 are for seals."""
    return [each for each in trust.lists if each.signature_oid != SM2_WITH_SM3]


def _coverage(found: Any, status: Any) -> tuple[State, tuple[Note, ...]]:
    from pyhanko.sign.diff_analysis import ModificationLevel  # noqa: PLC0415

    if status.modification_level in (ModificationLevel.FORM_FILLING, ModificationLevel.ANNOTATIONS):
        return State.APPENDED, ((FILLED, {}),)
    if _tail(found):
        return State.APPENDED, ((APPENDED, {}),)
    return State.VALID, ((UNTOUCHED, {}),)


def _tail(found: Any) -> bool:
    """Tell whether bytes stand behind the last end mark of the file, which no revision accounts for."""
    stream = found.reader.stream
    stream.seek(0)
    data = stream.read()
    return bool(data[data.rfind(b"%%EOF") + 5 :].strip(b"\r\n\0 "))


def _list_for(certificate: Any, trust: Trust) -> RevocationList | None:
    raw = certificate.issuer.dump()
    own = [each for each in _lists(trust) if each.issuer_raw == raw]
    return max(own, key=lambda each: each.updated, default=None)


def _about_list(crl: RevocationList | None, trust: Trust) -> tuple[Note, ...]:
    if not _lists(trust):
        return ((NO_CRL, {}),)
    if crl is None:
        return ()
    return ((CRL_USED, {"issuer": crl.issuer, "updated": crl.updated.date().isoformat()}),)
