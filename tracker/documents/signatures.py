"""What a signed paper says about itself, read from its own bytes: is it still the paper, and who signed it."""

import logging
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

from tracker.documents.signer import UNSIGNED, SigningFailed

log = logging.getLogger(__name__)
NATIONAL = bytes.fromhex("2a811ccf5501")
"""What the object identifiers of China's own algorithms (SM2, SM3: 1.2.156.10197.1) begin with."""
NOT_VERIFIED = "国密签名（本系统未核验）"


@dataclass(frozen=True)
class Signature:
    """Whose certificate signed, its serial number (hex), who issued it."""

    holder: str
    serial: str
    issuer: str


def holder_of(certificate: Any) -> str:
    """Return the common name of a certificate's holder, the whole name when it has none."""
    name = certificate.subject
    return str(name.native.get("common_name") or name.human_friendly)


def same_paper(before: bytes, after: bytes) -> bool:
    """Tell whether a file shows the same pages, carries the same notice.json and still calls itself PDF/A."""
    try:
        return marks_of(before) == marks_of(after)
    except Exception:
        log.exception("the signed file cannot be read")
        return False


def marks_of(pdf: bytes) -> tuple[str, ...]:
    """Return what must survive signing: each page's text and ink, the attached content, the PDF/A mark.

    :raises pikepdf.PdfError: when the bytes are no PDF.
    """
    import pikepdf  # noqa: PLC0415

    with pikepdf.open(BytesIO(pdf)) as file:
        inks = [sha256(_ink(page)).hexdigest() for page in file.pages]
        notes = [
            f"{name}:{sha256(each.get_file().read_bytes()).hexdigest()}" for name, each in file.attachments.items()
        ]
        with file.open_metadata() as metadata:
            return (*inks, *sorted(notes), metadata.pdfa_status)


def _ink(page: Any) -> bytes:
    page.contents_coalesce()
    return bytes(page.Contents.read_bytes())


def signature_on(pdf: bytes) -> Signature:
    """Return whose signature stands on a paper: exactly one, intact, over the whole file.

    Whether its certificate is trusted is for readers to judge; the office knows what it configured. A signature by
    SM2 can be seen but not computed here; it is named as one that was not verified.

    :raises SigningFailed: there is none, or it does not hold.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    try:
        if signed_nationally(pdf):
            return Signature(NOT_VERIFIED, "", "")
        (found,) = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
        whole = _covers_all(found)
        certificate = found.signer_cert
    except Exception as error:
        raise SigningFailed(UNSIGNED) from error
    if not whole:
        raise SigningFailed(UNSIGNED)
    return Signature(holder_of(certificate), f"{certificate.serial_number:x}", str(certificate.issuer.human_friendly))


def signed_nationally(pdf: bytes) -> bool:
    """Tell whether the one signature of a PDF spans all of the file and was made with SM2 or SM3.

    :raises pikepdf.PdfError: when the bytes are no PDF.
    """
    import pikepdf  # noqa: PLC0415

    with pikepdf.open(BytesIO(pdf)) as file:
        form: Any = file.Root.get("/AcroForm", {})
        values = [field.V for field in form.get("/Fields", []) if "/V" in field and "/ByteRange" in field.V]
        if len(values) != 1 or NATIONAL not in bytes(values[0].Contents):
            return False
        start, first, second, rest = (int(each) for each in values[0].ByteRange)
        return start == 0 and first < second and second + rest == len(pdf)


def _covers_all(found: Any) -> bool:
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity  # noqa: PLC0415
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415

    digest = found.compute_digest()
    intact, valid = validate_sig_integrity(
        found.signer_info, found.signer_cert, expected_content_type="data", actual_digest=digest
    )
    return bool(intact and valid and found.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE)
