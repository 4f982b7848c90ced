"""Made-up OFD files with seals of both standards: an encoder of its own, so that the reader is not tested by itself."""

import shutil
import subprocess
import tempfile
import zipfile
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

from asn1crypto import core, crl, keys, x509

from tracker.signatures.sm2 import sm3

SM2_WITH_SM3 = "1.2.156.10197.1.501"
NOW = datetime.now(UTC).replace(microsecond=0)
NAMESPACE = "http://www.ofdspec.org/2016"
DISTID = ("-pkeyopt", "distid:1234567812345678")
OPENSSL = shutil.which("openssl") or ""
UNIT = "阜新市公安局"
Files = dict[str, bytes]


def openssl(*arguments: str, data: bytes = b"") -> bytes:
    """Run the openssl command."""
    return subprocess.run([OPENSSL, *arguments], input=data, check=True, capture_output=True).stdout  # noqa: S603


@cache
def private_key(name: str) -> bytes:  # noqa: ARG001  (the cache tells one from another by it)
    """Return one SM2 key (PEM) per name."""
    return openssl("ecparam", "-genkey", "-name", "SM2", "-noout")


@cache
def public_key(name: str) -> bytes:
    """Return the public key info (DER) of that key."""
    return openssl("ec", "-pubout", "-outform", "DER", data=private_key(name))


def sign(name: str, message: bytes) -> bytes:
    """Sign with the key of that name: SM2 with SM3, DER of r and s."""
    with tempfile.TemporaryDirectory() as folder:
        key, content = Path(folder, "key"), Path(folder, "content")
        key.write_bytes(private_key(name))
        content.write_bytes(message)
        digest = ("-rawin", "-digest", "sm3")
        return openssl("pkeyutl", "-sign", *digest, *DISTID, "-inkey", str(key), "-in", str(content))


@cache
def certificate(holder: str, issuer: str = "", *, start: int = -90, days: int = 300, serial: int = 7) -> bytes:
    """Return a certificate (DER) of the key named like its holder; without an issuer that of an authority itself."""
    usage = {"key_cert_sign", "crl_sign"} if not issuer else {"digital_signature", "non_repudiation"}
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": serial,
            "signature": {"algorithm": SM2_WITH_SM3},
            "issuer": x509.Name.build({"country_name": "CN", "common_name": issuer or holder}),
            "validity": {"not_before": _time(start), "not_after": _time(days)},
            "subject": x509.Name.build({"country_name": "CN", "common_name": holder}),
            "subject_public_key_info": keys.PublicKeyInfo.load(public_key(holder)),
            "extensions": [
                {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": not issuer}},
                {"extn_id": "key_usage", "critical": True, "extn_value": usage},
            ],
        }
    )
    return _signed(body.dump(), issuer or holder)


def revocation_list(issuer: str, *serials: int, updated: int = -1, due: int = 30) -> bytes:
    """Return the authority's list (DER) of these serial numbers."""
    entries = [{"user_certificate": each, "revocation_date": _time(-2)} for each in serials]
    body = crl.TbsCertList(
        {
            "version": "v2",
            "signature": {"algorithm": SM2_WITH_SM3},
            "issuer": x509.Name.build({"country_name": "CN", "common_name": issuer}),
            "this_update": _time(updated),
            "next_update": _time(due),
            **({"revoked_certificates": entries} if entries else {}),
        }
    )
    return _signed(body.dump(), issuer)


def _time(days: int) -> x509.Time:
    return x509.Time({"utc_time": NOW + timedelta(days=days)})


def _signed(body: bytes, by: str) -> bytes:
    return sequence(body, sequence(oid(SM2_WITH_SM3)), bits(sign(by, body)))


def der(tag: int, *parts: bytes) -> bytes:
    """Encode one value: tag, length, contents."""
    contents = b"".join(parts)
    size = len(contents)
    if size < 0x80:
        return bytes([tag, size]) + contents
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + contents


def sequence(*parts: bytes) -> bytes:
    """Encode a SEQUENCE."""
    return der(0x30, *parts)


def bits(value: bytes) -> bytes:
    """Encode a BIT STRING of whole bytes."""
    return der(0x03, b"\0", value)


def octets(value: bytes) -> bytes:
    """Encode an OCTET STRING."""
    return der(0x04, value)


def number(value: int) -> bytes:
    """Encode a small INTEGER."""
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1))


def ascii_text(value: str) -> bytes:
    """Encode an IA5String."""
    return der(0x16, value.encode())


def oid(dotted: str) -> bytes:
    """Encode an OBJECT IDENTIFIER."""
    return bytes(core.ObjectIdentifier(dotted).dump())


def moment(value: datetime, *, short: bool = False) -> bytes:
    """Encode a GeneralizedTime, or a UTCTime."""
    return der(0x17 if short else 0x18, value.strftime("%y%m%d%H%M%SZ" if short else "%Y%m%d%H%M%SZ").encode())


@dataclass(frozen=True)
class Stamp:
    """A seal and who sets it; by default all is in order."""

    version: int = 4
    signer: str = UNIT
    authority: str = "国密试验根"
    maker: str = "印章制作单位"
    named: str = ""
    """Holder of the certificate that the seal names; the signer's by default."""
    starts: int = -60
    ends: int = 200
    sealed: datetime = NOW - timedelta(hours=1)
    forged: bool = False
    """The maker's signature is somebody else's."""
    picture: bytes = b""
    serial: int = 7

    @property
    def certificate(self) -> bytes:
        """Return the signer's certificate."""
        return certificate(self.signer, self.authority, serial=self.serial)

    def seal(self) -> bytes:
        """Return the seal itself (SESeal)."""
        old = self.version == 1
        listed = certificate(self.named, self.authority) if self.named else self.certificate
        dates = [moment(NOW + timedelta(days=each), short=old) for each in (self.starts, self.starts, self.ends)]
        kind = () if old else (number(1),)
        about = sequence(
            number(1), der(0x0C, f"{self.signer}电子印章".encode()), *kind, sequence(octets(listed)), *dates
        )
        header = sequence(ascii_text("ES"), number(self.version), ascii_text("TEST"))
        drawn = sequence(ascii_text("png"), octets(self.picture), number(40), number(40))
        info = sequence(header, ascii_text("SEAL-1"), about, drawn)
        by = certificate(self.maker, self.authority, serial=9)
        made_of = (octets(by), oid(SM2_WITH_SM3))
        message = sequence(info, *made_of) if old else info
        made = bits(sign("旁人" if self.forged else self.maker, message))
        return sequence(info, sequence(*made_of, made)) if old else sequence(info, *made_of, made)

    def sign(self, description: bytes) -> bytes:
        """Return the signature (SES_Signature) over a Signature.xml."""
        old = self.version == 1
        when = bits(moment(self.sealed, short=True)) if old else moment(self.sealed)
        parts = (number(self.version), self.seal(), when, bits(sm3(description)), ascii_text("/Doc_0/Signs"))
        who = (octets(self.certificate), oid(SM2_WITH_SM3))
        to_sign = sequence(*parts, *who) if old else sequence(*parts)
        value = bits(sign(self.signer, to_sign))
        return sequence(to_sign, value) if old else sequence(to_sign, *who, value)


@dataclass
class Letter:
    """An OFD letter; `seal` sets a seal, `pack` makes the file."""

    files: Files = field(default_factory=lambda: dict(LETTER))
    seals: int = 0

    def seal(self, stamp: Stamp, leave_out: tuple[str, ...] = ()) -> "Letter":
        """Set a seal that protects every file there is now, except its own and the list of signatures."""
        self.seals += 1
        folder = f"Doc_0/Signs/Sign_{self.seals}"
        protected = [each for each in self.files if each != LIST and each not in leave_out]
        references = "".join(
            f'<ofd:Reference FileRef="/{each}"><ofd:CheckValue>{b64encode(sm3(self.files[each])).decode()}'
            "</ofd:CheckValue></ofd:Reference>"
            for each in protected
        )
        description = (
            f'<ofd:Signature xmlns:ofd="{NAMESPACE}"><ofd:SignedInfo><ofd:Provider ProviderName="test"/>'
            f"<ofd:SignatureMethod>{SM2_WITH_SM3}</ofd:SignatureMethod>"
            f'<ofd:References CheckMethod="1.2.156.10197.1.401">{references}</ofd:References></ofd:SignedInfo>'
            f"<ofd:SignedValue>/{folder}/SignedValue.dat</ofd:SignedValue></ofd:Signature>"
        ).encode()
        self.files[f"{folder}/Signature.xml"] = description
        self.files[f"{folder}/SignedValue.dat"] = stamp.sign(description)
        entries = "".join(
            f'<ofd:Signature ID="{n}" Type="Seal" BaseLoc="Sign_{n}/Signature.xml"/>' for n in range(1, self.seals + 1)
        )
        self.files[LIST] = f'<ofd:Signatures xmlns:ofd="{NAMESPACE}">{entries}</ofd:Signatures>'.encode()
        return self

    def pack(self) -> bytes:
        """Return the file."""
        return packed(self.files)


def packed(files: Files) -> bytes:
    """Return a zip archive of the files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def unpacked(data: bytes) -> Files:
    """Return the files of a zip archive."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


LIST = "Doc_0/Signs/Signatures.xml"
PAGE = "Doc_0/Pages/Page_0/Content.xml"


def _page(*lines: str) -> bytes:
    objects = "".join(
        f'<ofd:TextObject ID="{n}" Boundary="20 {20 + 10 * n} 100 5"><ofd:TextCode X="0" Y="4">{line}</ofd:TextCode>'
        "</ofd:TextObject>"
        for n, line in enumerate(lines)
    )
    layer = f"<ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content>"
    return f'<ofd:Page xmlns:ofd="{NAMESPACE}">{layer}</ofd:Page>'.encode()


LETTER: Files = {
    "OFD.xml": (
        f'<ofd:OFD xmlns:ofd="{NAMESPACE}" DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo/>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>"
        "</ofd:DocBody></ofd:OFD>"
    ).encode(),
    "Doc_0/Document.xml": (
        f'<ofd:Document xmlns:ofd="{NAMESPACE}"><ofd:CommonData><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>'
        '<ofd:TemplatePage ID="9" BaseLoc="TPLS/Tpl_0/Content.xml"/></ofd:CommonData><ofd:Pages>'
        '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/><ofd:Page ID="2" BaseLoc="Pages/Page_1/Content.xml"/>'
        "</ofd:Pages><ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>"
    ).encode(),
    "Doc_0/PublicRes.xml": f'<ofd:Res xmlns:ofd="{NAMESPACE}" BaseLoc="Res"/>'.encode(),
    "Doc_0/Tpls/Tpl_0/Content.xml": _page(),  # referred to as TPLS: genuine files do so
    PAGE: _page("整改情况报告", "已恢复更新，共3篇。"),
    "Doc_0/Pages/Page_1/Content.xml": _page("附件：截图"),
    "Doc_0/Attachs/original.xml": b"<not xml",  # attachments are never parsed
}
