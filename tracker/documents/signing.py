"""Signing official papers electronically: a small port with two ways in, chosen by the settings; none is the default.

Without a signer the paper keeps a blank place and is sealed by hand (打印盖章); no picture of a seal is ever made or
kept here. Keys stay in files beside the database or behind an outside service. pyHanko takes half a second and 50 MB to
load: only a worker that signs does so.
"""

import logging
import os
import shlex
import signal
import stat
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from tracker.documents.press_room import RenderFailed
from tracker.documents.render import Rendered
from tracker.kit.clock import SystemClock
from tracker.kit.settings import Settings
from tracker.kit.words import N_

log = logging.getLogger(__name__)
FIELD = "OfficeSignature"
SECONDS = 45
"""How long an outside service may take; with the renderer's own limit a try ends before another worker takes it."""
NATIONAL = bytes.fromhex("2a811ccf5501")
"""What the object identifiers of China's own algorithms (SM2, SM3: 1.2.156.10197.1) begin with."""
NOT_VERIFIED = "国密签名（本系统未核验）"
GROWTH = 4 * 1024 * 1024
"""A signature with its certificates is far smaller than this."""
UNREADABLE = N_(
    "The signing key or its password file cannot be read; the administrator must look at the worker's settings"
)
EXPOSED = N_("The signing key can be read by other accounts of the machine; only the worker may read it (chmod 600)")
WRONG_PASSWORD = N_("The signing key does not open: the password is wrong or the file is no PKCS#12 file")
OUT_OF_DATE = N_("The signing certificate of %(holder)s is valid from %(starts)s to %(ends)s only")
TWO_WAYS = N_("Two ways of signing are set up; the administrator must leave one")
NOT_STARTED = N_("The signing service could not be started")
TOO_SLOW = N_("The signing service did not answer within %(seconds)s seconds")
REFUSED = N_("The signing service refused the paper (it ended with %(status)s)")
UNSIGNED = N_("The signing service gave back a file that is not this paper with a valid signature")
BROKEN = N_("The paper could not be signed")


class SigningFailed(RenderFailed):
    """A paper that must be signed was not; it is tried again like one that could not be rendered."""


class Signer(Protocol):
    """Signs a finished paper."""

    def sign(self, pdf: bytes, reason: str) -> bytes:
        """Return the paper with an electronic signature over all of it.

        :raises SigningFailed: with a sentence for people; never returns an unsigned paper.
        """
        ...


@dataclass(frozen=True)
class Signature:
    """Whose certificate signed, its serial number (hex), who issued it."""

    holder: str
    serial: str
    issuer: str


@dataclass(frozen=True)
class SignedPaper(Rendered):
    """A rendered paper after signing; bytes and hash are those of the signed file."""

    signature: Signature


def signer_for(settings: Settings) -> Signer | None:
    """Return the signer that the settings ask for, None when papers are sealed by hand.

    :raises SigningFailed: two ways are set up at once.
    """
    if settings.sign_p12 and settings.sign_command:
        raise SigningFailed(TWO_WAYS)
    if settings.sign_p12:
        password = Path(settings.sign_p12_password_file) if settings.sign_p12_password_file else None
        appearance = Path(settings.sign_appearance) if settings.sign_appearance else None
        return Pkcs12Signer(Path(settings.sign_p12), password, appearance)
    return CommandSigner(settings.sign_command) if settings.sign_command else None


def signed(signer: Signer | None, rendered: Rendered, reason: str) -> Rendered:
    """Return the paper signed, or as it is when there is no signer.

    What comes back is looked at before it may be kept: the same pages, `notice.json` and PDF/A mark, and one intact
    signature that covers all of the file.

    :raises SigningFailed: no signer's answer passes unsigned, damaged or exchanged.
    """
    if signer is None:
        return rendered
    pdf = signer.sign(rendered.pdf, reason)
    if not same_paper(rendered.pdf, pdf):
        raise SigningFailed(UNSIGNED)
    found = signature_on(pdf)
    return SignedPaper(pdf, sha256(pdf).hexdigest(), rendered.pages, rendered.fallbacks, found)


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
            out = PdfSigner(what, signer, **look).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
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


def holder_of(certificate: Any) -> str:
    """Return the common name of a certificate's holder, the whole name when it has none."""
    name = certificate.subject
    return str(name.native.get("common_name") or name.human_friendly)


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


@dataclass(frozen=True)
class CommandSigner:
    """Lets an outside signing service sign: a program that reads the PDF and writes the signed PDF.

    `command` is split like a shell's words, but no shell runs it. The program finds the reason in SIGN_REASON and
    nothing of our own settings in its environment.
    """

    command: str
    seconds: float = SECONDS

    def sign(self, pdf: bytes, reason: str) -> bytes:
        """See `Signer`."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RECTIFY_")}
        try:
            process = subprocess.Popen(  # noqa: S603  (the administrator's own setting)
                shlex.split(self.command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment | {"SIGN_REASON": reason},
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise SigningFailed(NOT_STARTED) from error
        return self._answer(process, pdf)

    def _answer(self, process: "subprocess.Popen[bytes]", pdf: bytes) -> bytes:
        try:
            answer, complaint = process.communicate(pdf, timeout=self.seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # with whatever it started, or its pipes would hold us
            process.communicate()
            raise SigningFailed(TOO_SLOW, seconds=f"{self.seconds:g}") from None
        if complaint:
            log.warning("signing service: %s", complaint[:2000].decode(errors="replace"))
        if process.returncode:
            raise SigningFailed(REFUSED, status=process.returncode)
        if len(answer) > len(pdf) + GROWTH:
            raise SigningFailed(UNSIGNED)
        return answer


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
        form = file.Root.get("/AcroForm", {})
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
