"""Signing with the office's own certificate from a PKCS#12 file, by pyHanko."""

import logging
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from tracker.documents.signatures import holder_of
from tracker.documents.signer import BROKEN, SigningFailed
from tracker.kit.clock import SystemClock
from tracker.kit.words import N_

log = logging.getLogger(__name__)
FIELD = "OfficeSignature"
UNREADABLE = N_(
    "The signing key or its password file cannot be read; the administrator must look at the worker's settings"
)
EXPOSED = N_("The signing key can be read by other accounts of the machine; only the worker may read it (chmod 600)")
WRONG_PASSWORD = N_("The signing key does not open: the password is wrong or the file is no PKCS#12 file")
OUT_OF_DATE = N_("The signing certificate of %(holder)s is valid from %(starts)s to %(ends)s only")


@dataclass(frozen=True)
class Pkcs12Signer:
    """Signs with the office's certificate from a PKCS#12 file: certified, SHA-256, no later change allowed.

    The file is read at each signature, so that a renewed certificate counts at once and no key stays in memory.
    """

    key: Path
    password: Path | None = None
    appearance: Path | None = None
    """A one-page PDF drawn as the signature's visible appearance; none by default."""

    def sign(self, pdf: bytes, reason: str) -> bytes:
        """See `Signer`. The time in the signature is this machine's, also where the product's clock was moved."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
        from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter  # noqa: PLC0415
        from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner  # noqa: PLC0415

        signer = self._signer()
        certificate = signer.signing_cert
        in_date(certificate, SystemClock().now())
        what = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            reason=reason,
            name=holder_of(certificate),
        )
        look = self._look(pdf)
        try:
            # pyHanko runs an event loop of its own, which a thread that has one already would refuse.
            with ThreadPoolExecutor(1) as apart:
                press = PdfSigner(what, signer, **look)
                out = apart.submit(press.sign_pdf, IncrementalPdfFileWriter(BytesIO(pdf))).result()
        except Exception as error:
            log.exception("signing failed")
            raise SigningFailed(BROKEN) from error
        return bytes(out.getvalue())

    def _signer(self) -> Any:
        from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415

        key = private(self.key)
        password = private(self.password).rstrip(b"\r\n") if self.password else None
        try:
            return SimpleSigner.load_pkcs12_data(key, (), password)
        except Exception as error:  # a file without key or certificate fails inside pyHanko in several ways
            raise SigningFailed(WRONG_PASSWORD) from error

    def _look(self, pdf: bytes) -> dict[str, Any]:
        if self.appearance is None:
            return {}
        from pyhanko.sign.fields import SigFieldSpec  # noqa: PLC0415
        from pyhanko.stamp import StaticStampStyle  # noqa: PLC0415

        page, box = seal_place(pdf)
        style = StaticStampStyle.from_pdf_file(str(self.appearance), border_width=0, background_opacity=1)
        return {"stamp_style": style, "new_field_spec": SigFieldSpec(FIELD, on_page=page, box=box)}


def private(path: Path) -> bytes:
    """Return a secret file's bytes.

    :raises SigningFailed: it is absent, unreadable, or open to other accounts of the machine.
    """
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SigningFailed(EXPOSED)
        return path.read_bytes()
    except OSError as error:
        raise SigningFailed(UNREADABLE) from error


def in_date(certificate: Any, now: datetime) -> None:
    """Let a certificate (asn1crypto) pass that is valid now.

    :raises SigningFailed: before its first or after its last day.
    """
    starts, ends = certificate.not_valid_before, certificate.not_valid_after
    if not starts <= now <= ends:
        raise SigningFailed(
            OUT_OF_DATE, holder=holder_of(certificate), starts=starts.date().isoformat(), ends=ends.date().isoformat()
        )


def seal_place(pdf: bytes) -> tuple[int, tuple[int, int, int, int]]:
    """Return page (from 0) and box (points) of the seal: 45 mm square, standing centrally over the date (7.3.5.1)."""
    from tracker.documents.measure import measure  # noqa: PLC0415
    from tracker.documents.points import signature  # noqa: PLC0415

    found = signature(measure(pdf))
    if found is None:
        raise SigningFailed(BROKEN)
    page, rows, at = found
    date = rows[at]
    unit = 72 / 25.4
    x, y = (date.left + date.right) / 2 * unit, (page.height - date.base) * unit
    half = 22.5 * unit
    lift = 0.3 * half
    box = (round(x - half), round(y - half + lift), round(x + half), round(y + half + lift))
    return page.number - 1, box
