"""An office's signing key as tests need it: a certificate authority, a PKCS#12 file and its password file."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

from tracker.documents.signing import Pkcs12Signer

PASSWORD, OFFICE = "口令 with blanks", "阜新市人民政府办公室"
NOW = datetime.now(UTC)


@dataclass
class Desk:
    """A test authority, the office's key file and its password file."""

    root: bytes
    key: Path
    password: Path

    @property
    def signer(self) -> Pkcs12Signer:
        return Pkcs12Signer(self.key, self.password)


def certificate(
    holder: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    by: ec.EllipticCurvePrivateKey,
    days: int,
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, holder)])
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "crl_sign", "encipher_only", "decipher_only"), False
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=90))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, key_cert_sign=issuer is None, **usage),
            critical=True,
        )
    )
    return made.sign(by, hashes.SHA256())


def desk_in(folder: Path, days: int = 30) -> Desk:
    """Make an authority and the office's key in a folder, as private as they must be."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = certificate("试验根证书", root_key, None, root_key, 300)
    own = certificate(OFFICE, key, root, root_key, days)
    path, password = folder / "office.p12", folder / "password"
    path.write_bytes(serialize_key_and_certificates(b"", key, own, [root], BestAvailableEncryption(PASSWORD.encode())))
    password.write_text(PASSWORD + "\n")
    for each in (path, password):
        each.chmod(0o600)
    return Desk(root.public_bytes(Encoding.DER), path, password)
