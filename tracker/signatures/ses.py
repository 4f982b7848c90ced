"""Electronic seals and their signatures as ASN.1: GM/T 0031-2014 (v1) and GB/T 38540-2020 (v4), told by shape."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import core

ES = "ES"
"""What the header of every seal begins with."""


class NotASeal(ValueError):
    """The bytes are no seal signature of either standard."""


class Header(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """SES_Header."""

    _fields = [("id", core.IA5String), ("version", core.Integer), ("vid", core.IA5String)]  # noqa: RUF012


class Certificates(core.SequenceOf):  # type: ignore[misc]
    """CertInfoList: certificates whole."""

    _child_spec = core.OctetString


class CertificateDigest(core.Sequence):  # type: ignore[misc]
    """CertDigestObj."""

    _fields = [("type", core.PrintableString), ("value", core.OctetString)]  # noqa: RUF012


class CertificateDigests(core.SequenceOf):  # type: ignore[misc]
    """CertDigestList."""

    _child_spec = CertificateDigest


class PropertiesV1(core.Sequence):  # type: ignore[misc]
    """SES_ESPropertyInfo of GM/T 0031; times as UTCTime, GeneralizedTime is tolerated."""

    _fields = [  # noqa: RUF012
        ("type", core.Integer),
        ("name", core.UTF8String),
        ("certificates", Certificates),
        ("made", core.Any),
        ("starts", core.Any),
        ("ends", core.Any),
    ]


class PropertiesV4(core.Sequence):  # type: ignore[misc]
    """SES_ESPropertyInfo of GB/T 38540; list type 1 = certificates, 2 = their digests."""

    _fields = [  # noqa: RUF012
        ("type", core.Integer),
        ("name", core.UTF8String),
        ("list_type", core.Integer),
        ("certificates", core.Any),
        ("made", core.Any),
        ("starts", core.Any),
        ("ends", core.Any),
    ]


class Picture(core.Sequence):  # type: ignore[misc]
    """SES_ESPictrueInfo: kind of picture, its bytes, millimetres."""

    _fields = [  # noqa: RUF012
        ("type", core.IA5String),
        ("data", core.OctetString),
        ("width", core.Integer),
        ("height", core.Integer),
    ]


def _seal_info(properties: type) -> list[tuple[Any, ...]]:
    return [
        ("header", Header),
        ("id", core.IA5String),
        ("properties", properties),
        ("picture", Picture),
        ("extras", core.Any, {"optional": True}),
    ]


class SealInfoV1(core.Sequence):  # type: ignore[misc]
    """SES_SealInfo of GM/T 0031."""

    _fields = _seal_info(PropertiesV1)


class SealInfoV4(core.Sequence):  # type: ignore[misc]
    """SES_SealInfo of GB/T 38540."""

    _fields = _seal_info(PropertiesV4)


class MakerV1(core.Sequence):  # type: ignore[misc]
    """SES_SignInfo: the seal maker's certificate, algorithm and signature."""

    _fields = [  # noqa: RUF012
        ("certificate", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
        ("signature", core.BitString),
    ]


class SealV1(core.Sequence):  # type: ignore[misc]
    """SESeal of GM/T 0031."""

    _fields = [("info", SealInfoV1), ("maker", MakerV1)]  # noqa: RUF012


class SealV4(core.Sequence):  # type: ignore[misc]
    """SESeal of GB/T 38540."""

    _fields = [  # noqa: RUF012
        ("info", SealInfoV4),
        ("certificate", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
        ("signature", core.BitString),
    ]


class ToSignV1(core.Sequence):  # type: ignore[misc]
    """TBS_Sign of GM/T 0031: signer's certificate and algorithm are inside."""

    _fields = [  # noqa: RUF012
        ("version", core.Integer),
        ("seal", SealV1),
        ("time", core.BitString),
        ("digest", core.BitString),
        ("about", core.IA5String),
        ("certificate", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
    ]


class ToSignV4(core.Sequence):  # type: ignore[misc]
    """TBS_Sign of GB/T 38540."""

    _fields = [  # noqa: RUF012
        ("version", core.Integer),
        ("seal", SealV4),
        ("time", core.GeneralizedTime),
        ("digest", core.BitString),
        ("about", core.IA5String),
        ("extras", core.Any, {"optional": True}),
    ]


class SignatureV1(core.Sequence):  # type: ignore[misc]
    """SES_Signature of GM/T 0031."""

    _fields = [("to_sign", ToSignV1), ("signature", core.BitString)]  # noqa: RUF012


class SignatureV4(core.Sequence):  # type: ignore[misc]
    """SES_Signature of GB/T 38540."""

    _fields = [  # noqa: RUF012
        ("to_sign", ToSignV4),
        ("certificate", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
        ("signature", core.BitString),
        ("stamp", core.Any, {"optional": True}),
    ]


class MadeV1(core.Sequence):  # type: ignore[misc]
    """What the maker of a v1 seal signs."""

    _fields = [  # noqa: RUF012
        ("info", SealInfoV1),
        ("certificate", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
    ]


@dataclass(frozen=True)
class Signed:
    """Bytes, the signature over them, and the certificate (DER) and algorithm it claims."""

    message: bytes
    signature: bytes
    certificate: bytes
    algorithm: str


@dataclass(frozen=True)
class SealSignature:
    """One seal set under a document, both standards alike."""

    signer: Signed
    maker: Signed
    """The seal itself, signed by who made it."""
    digest: bytes
    """Of the file Signature.xml."""
    time: datetime | None
    """When the signer says it was; None where a time stamp of a form unknown here stands."""
    name: str
    starts: datetime
    ends: datetime
    picture_kind: str
    picture: bytes
    signers: frozenset[bytes]
    """Certificates (DER) that may use the seal …"""
    signer_digests: frozenset[bytes]
    """… or their digests, where the seal holds only those."""


def read_signature(data: bytes) -> SealSignature:
    """Return a seal signature of either standard.

    :raises NotASeal: it is neither; a bare SM2 or CMS value (Type="Sign") is not.
    """
    for shape, read in ((SignatureV4, _v4), (SignatureV1, _v1)):
        try:
            return read(shape.load(data, strict=True))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            continue
    raise NotASeal("neither GM/T 0031 nor GB/T 38540")


def _v4(found: Any) -> SealSignature:
    to_sign = found["to_sign"]
    seal, info = to_sign["seal"], to_sign["seal"]["info"]
    whole, digests = _allowed(info["properties"])
    return SealSignature(
        signer=Signed(
            to_sign.dump(), _bits(found["signature"]), found["certificate"].native, found["algorithm"].dotted
        ),
        maker=Signed(info.dump(), _bits(seal["signature"]), seal["certificate"].native, seal["algorithm"].dotted),
        digest=_bits(to_sign["digest"]),
        time=to_sign["time"].native.astimezone(UTC),
        signers=whole,
        signer_digests=digests,
        **_about(info),
    )


def _v1(found: Any) -> SealSignature:
    to_sign = found["to_sign"]
    seal, info = to_sign["seal"], to_sign["seal"]["info"]
    maker = seal["maker"]
    made = MadeV1({"certificate": maker["certificate"], "algorithm": maker["algorithm"], "info": info})
    return SealSignature(
        signer=Signed(
            to_sign.dump(), _bits(found["signature"]), to_sign["certificate"].native, to_sign["algorithm"].dotted
        ),
        maker=Signed(made.dump(), _bits(maker["signature"]), maker["certificate"].native, maker["algorithm"].dotted),
        digest=_bits(to_sign["digest"]),
        time=_time_in(_bits(to_sign["time"])),
        signers=frozenset(each.native for each in info["properties"]["certificates"]),
        signer_digests=frozenset(),
        **_about(info),
    )


def _about(info: Any) -> dict[str, Any]:
    if info["header"]["id"].native != ES:
        raise NotASeal("header")
    properties, picture = info["properties"], info["picture"]
    return {
        "name": properties["name"].native[:200],
        "starts": _time(properties["starts"].dump()),
        "ends": _time(properties["ends"].dump()),
        "picture_kind": picture["type"].native.lower()[:10],
        "picture": picture["data"].native,
    }


def _allowed(properties: Any) -> tuple[frozenset[bytes], frozenset[bytes]]:
    raw = properties["certificates"].dump()
    if properties["list_type"].native == 1:
        return frozenset(each.native for each in Certificates.load(raw)), frozenset()
    return frozenset(), frozenset(each["value"].native for each in CertificateDigests.load(raw))


def _time(raw: bytes) -> datetime:
    """Return the moment in a UTCTime or GeneralizedTime.

    :raises ValueError: it is neither.
    """
    value = core.load(raw).native
    if not isinstance(value, datetime):
        raise NotASeal("time")
    return value.astimezone(UTC)


def _time_in(raw: bytes) -> datetime | None:
    try:
        return _time(raw)
    except (ValueError, TypeError):
        return None


def _bits(value: Any) -> bytes:
    return bytes(core.OctetBitString.load(value.dump()))
