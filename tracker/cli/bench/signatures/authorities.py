"""Test authorities, signers and their PDFs: keys are made once per session, everything in memory."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tracker.signatures.certificates import read_certificate, read_revocation_list
from tracker.signatures.trust import Trust

NOW = datetime.now(UTC).replace(microsecond=0)
UNIT = "阜新市公安局"


STAMPER = "试验时间戳"


@cache
def key(name: str) -> Any:
    """Return one key per name and process; the time stamper's is RSA, since pyHanko's stamper knows nothing else."""
    return rsa.generate_private_key(65537, 2048) if name == STAMPER else ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the test: its name tells its key too."""

    name: str
    now: datetime = NOW
    """What its days are counted from."""

    @property
    def certificate(self) -> x509.Certificate:
        """Return its own certificate."""
        return _certificate(self.name, self.name, ca=True, start=-3000, days=900, now=self.now)

    @property
    def certificate_der(self) -> bytes:
        """Return its own certificate as bytes."""
        return self.certificate.public_bytes(Encoding.DER)

    def signer(self, holder: str, *, key_name: str = "", start: int = -90, days: int = 300) -> "Holder":
        """Return somebody with a certificate of this authority, valid from `start` to `days` days from now."""
        made = _certificate(holder, self.name, ca=False, start=start, days=days, key_name=key_name, now=self.now)
        return Holder(made, self)

    def crl(self, *revoked: x509.Certificate, updated: int = -1, due: int = 30) -> bytes:
        """Return the authority's list, made `updated` days from now."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        builder = builder.last_update(self.now + timedelta(days=updated)).next_update(self.now + timedelta(days=due))
        for each in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(each.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(self.now - timedelta(days=2)).build())
        return builder.sign(key(self.name), hashes.SHA256()).public_bytes(Encoding.DER)


@dataclass(frozen=True)
class Holder:
    """A certificate and who issued it."""

    certificate: x509.Certificate
    authority: Authority

    @property
    def pem(self) -> bytes:
        """Return the certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def fingerprint(self) -> str:
        """Return the certificate's SHA-256, hex."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()


@cache
def _certificate(
    holder: str,
    issuer: str,
    *,
    ca: bool,
    days: int,
    start: int = -90,
    key_name: str = "",
    stamping: bool = False,
    now: datetime = NOW,
) -> x509.Certificate:
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(holder))
        .issuer_name(_name(issuer))
        .public_key(key(key_name or holder).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=start))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=not ca, key_cert_sign=ca, crl_sign=ca, **usage),
            critical=True,
        )
    )
    if stamping:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(key(issuer), hashes.SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, text)])


def trust(*roots: Authority, lists: tuple[bytes, ...] = ()) -> Trust:
    """Return what a trust folder with these would hold."""
    read = tuple(read_certificate(each.certificate.public_bytes(Encoding.DER)) for each in roots)
    return Trust(read, tuple(map(read_revocation_list, lists)))


def blank_pdf() -> bytes:
    """Return one page with a line of drawing on it."""
    pdf, out = pikepdf.new(), BytesIO()
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Contents = pdf.make_stream(b"0 0 m 100 100 l S")
    pdf.save(out, deterministic_id=True, compress_streams=False)
    return out.getvalue()


def simple_signer(holder: Holder) -> Any:
    """Return pyHanko's signer with a holder's key."""
    subject = holder.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    private = key(subject).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(asn1.Certificate.load(holder.authority.certificate.public_bytes(Encoding.DER)))
    return SimpleSigner(
        signing_cert=asn1.Certificate.load(holder.certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=store,
    )


class _Dated(PdfSigner):
    """A signer whose signature claims a told moment instead of this machine's."""

    moment: datetime | None = None

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        """See PdfSigner."""
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.moment or session.system_time
        return session


def sign(pdf: bytes, holder: Holder, field: str = "Seal", **what: Any) -> bytes:
    """Return the PDF with a signature of the holder; `what` as in PdfSignatureMetadata, and the `moment` it claims."""
    stamper = what.pop("timestamper", None)
    moment = what.pop("moment", None)
    about = PdfSignatureMetadata(field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, **what)
    press = _Dated(about, simple_signer(holder), timestamper=stamper)
    press.moment = moment
    return bytes(apart(lambda: press.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))).getvalue()))


def apart(work: Callable[[], Any]) -> Any:
    """Do it in a thread of its own: pyHanko runs an event loop, and a browser test may have left one here."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(work).result()


def stamper_of(authority: Authority) -> Any:
    """Return a time stamper inside this process, certified by the authority."""
    certificate = _certificate(STAMPER, authority.name, ca=False, days=300, stamping=True)
    private = key(STAMPER).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        asn1.Certificate.load(certificate.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(private)
    )


def later(pdf: bytes, change: Callable[[Any], None]) -> bytes:
    """Return the PDF with an incremental update made by `change(writer)`."""
    writer, out = IncrementalPdfFileWriter(BytesIO(pdf)), BytesIO()
    change(writer)
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()
