"""Certificates and revocation lists as they really come: SM2 too, and with bytes that strict parsers refuse."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from asn1crypto import core, crl, pem, x509

from tracker.signatures import sm2

SM2_WITH_SM3 = "1.2.156.10197.1.501"
EC_KEY = "1.2.840.10045.2.1"
RSA_KEY = "1.2.840.113549.1.1.1"
TEXTS = {0x0C: "utf-8", 0x13: "utf-8", 0x16: "utf-8", 0x14: "gb18030", 0x1E: "utf-16-be"}
"""Tags of string types and how their bytes are really written; GBK in a T61 string occurs."""
NAMES = {"2.5.4.3": "common_name", "2.5.4.10": "organization", "2.5.4.11": "unit"}
LARGEST = 64 * 1024


class NotACertificate(ValueError):
    """The bytes are no X.509 certificate, or none that can be read."""


class _Algorithm(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    _fields = [("algorithm", core.ObjectIdentifier), ("parameters", core.Any, {"optional": True})]  # noqa: RUF012


class _KeyInfo(core.Sequence):  # type: ignore[misc]
    _fields = [("algorithm", _Algorithm), ("public_key", core.BitString)]  # noqa: RUF012


class _Attribute(core.Sequence):  # type: ignore[misc]
    _fields = [("type", core.ObjectIdentifier), ("value", core.Any)]  # noqa: RUF012


class _Attributes(core.SetOf):  # type: ignore[misc]
    _child_spec = _Attribute


class _Name(core.SequenceOf):  # type: ignore[misc]
    _child_spec = _Attributes


@dataclass(frozen=True)
class Certificate:
    """What is needed of an X.509 certificate, read once."""

    der: bytes
    subject: str
    """Common name (else the organisation), best effort."""
    subject_raw: bytes
    issuer: str
    issuer_raw: bytes
    serial: int
    starts: datetime
    ends: datetime
    algorithm: str
    """SM2, RSA, EC or other."""
    public: bytes
    """Bytes of the public key; of SM2 and EC the point."""
    signed: bytes
    """The part that its issuer signed."""
    signature: bytes
    signature_oid: str
    authority: bool
    """It may issue certificates."""
    may_sign: bool
    """It may sign documents (key usage digitalSignature or nonRepudiation, or none named)."""

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the certificate, hex."""
        return sha256(self.der).hexdigest()

    def in_date(self, moment: datetime) -> bool:
        """Tell whether it is valid at a moment by its dates."""
        return self.starts <= moment <= self.ends


@dataclass(frozen=True)
class RevocationList:
    """A CRL: whose, how old, and the list itself."""

    der: bytes
    issuer: str
    issuer_raw: bytes
    updated: datetime
    due: datetime | None
    signed: bytes
    signature: bytes
    signature_oid: str

    def lists(self, serial: int) -> bool:
        """Tell whether the certificate with that serial number is revoked."""
        listed = crl.CertificateList.load(self.der)["tbs_cert_list"]["revoked_certificates"]
        return any(entry["user_certificate"].native == serial for entry in listed or ())


def pieces(data: bytes) -> Iterator[bytes]:
    """Yield the DER of everything in a PEM file, or the DER itself."""
    if not pem.detect(data):
        yield data
        return
    for _name, _headers, der in pem.unarmor(data, multiple=True):
        yield der


def read_certificate(data: bytes) -> Certificate:
    """Return a certificate from PEM or DER.

    :raises NotACertificate: it cannot be read.
    """
    try:
        der = next(pieces(data))
        return _certificate(x509.Certificate.load(der), der)
    except (ValueError, TypeError, KeyError, StopIteration, OverflowError) as error:
        raise NotACertificate(str(error)) from error


def _certificate(found: Any, der: bytes) -> Certificate:
    body = found["tbs_certificate"]
    key = _KeyInfo.load(body["subject_public_key_info"].dump())
    subject, issuer = body["subject"].dump(), body["issuer"].dump()
    validity = body["validity"]
    return Certificate(
        der=der,
        subject=name_of(subject),
        subject_raw=subject,
        issuer=name_of(issuer),
        issuer_raw=issuer,
        serial=body["serial_number"].native,
        starts=_moment(validity["not_before"].native),
        ends=_moment(validity["not_after"].native),
        algorithm=_algorithm(key),
        public=_bits(key["public_key"]),
        signed=body.dump(),
        signature=_bits(found["signature_value"]),
        signature_oid=_Algorithm.load(found["signature_algorithm"].dump())["algorithm"].dotted,
        **_uses(body),
    )


def _algorithm(key: Any) -> str:
    oid = key["algorithm"]["algorithm"].dotted
    if oid == EC_KEY:
        with suppress(ValueError, TypeError):
            parameters = core.ObjectIdentifier.load(key["algorithm"]["parameters"].dump())
            return "SM2" if parameters.dotted == sm2.CURVE_OID else "EC"
    return {RSA_KEY: "RSA", EC_KEY: "EC"}.get(oid, "other")


def _uses(body: Any) -> dict[str, bool]:
    """Return what the extensions allow; those that cannot be read allow nothing."""
    try:
        named = {each["extn_id"].native: each["extn_value"] for each in body["extensions"] or ()}
        basic, usage = named.get("basic_constraints"), named.get("key_usage")
        uses = usage.parsed.native if usage else None
        return {
            "authority": bool(basic and basic.parsed["ca"].native) and (uses is None or "key_cert_sign" in uses),
            "may_sign": uses is None or bool(uses & {"digital_signature", "non_repudiation"}),
        }
    except (ValueError, TypeError):
        return {"authority": False, "may_sign": False}


def name_of(raw: bytes) -> str:
    """Return the common name in a distinguished name (else organisation or unit), whatever string type holds it."""
    found: dict[str, str] = {}
    with suppress(ValueError, TypeError):
        for part in _Name.load(raw):
            for each in part:
                key = NAMES.get(each["type"].dotted)
                if key:
                    found.setdefault(key, _text(each["value"].dump()))
    return next((found[key] for key in NAMES.values() if found.get(key)), "")[:200]


def _text(raw: bytes) -> str:
    contents = _contents(raw)
    try:
        text = contents.decode(TEXTS.get(raw[0], "utf-8"))
    except UnicodeDecodeError:
        text = contents.decode("gb18030", "replace")
    return "".join(letter for letter in text if letter.isprintable())


def _contents(raw: bytes) -> bytes:
    """Return what stands behind tag and length of one DER value."""
    if raw[1] < 0x80:
        return raw[2:]
    return raw[2 + (raw[1] & 0x7F) :]


def read_revocation_list(data: bytes) -> RevocationList:
    """Return a CRL from PEM or DER.

    :raises NotACertificate: it cannot be read.
    """
    try:
        der = next(pieces(data))
        found = crl.CertificateList.load(der)
        body = found["tbs_cert_list"]
        issuer, due = body["issuer"].dump(), body["next_update"].native
        return RevocationList(
            der=der,
            issuer=name_of(issuer),
            issuer_raw=issuer,
            updated=_moment(body["this_update"].native),
            due=_moment(due) if due else None,
            signed=body.dump(),
            signature=_bits(found["signature"]),
            signature_oid=_Algorithm.load(found["signature_algorithm"].dump())["algorithm"].dotted,
        )
    except (ValueError, TypeError, KeyError, StopIteration) as error:
        raise NotACertificate(str(error)) from error


def _moment(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _bits(value: Any) -> bytes:
    return bytes(core.OctetBitString.load(value.dump()))
