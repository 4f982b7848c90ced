"""Signing official papers electronically: a small port with two ways in, chosen by the settings; none is the default.

Without a signer the paper keeps a blank place and is sealed by hand (打印盖章); no picture of a seal is ever made or
kept here. Keys stay in files beside the database or behind an outside service. pyHanko takes half a second and 50 MB to
load: only a worker that signs does so.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tracker.documents.pkcs12 import Pkcs12Signer
from tracker.documents.render import Rendered
from tracker.documents.sign_command import CommandSigner
from tracker.documents.signatures import Signature, same_paper, signature_on
from tracker.documents.signer import UNSIGNED, Signer, SigningFailed
from tracker.kit.settings import Settings
from tracker.kit.words import N_

__all__ = ["CommandSigner", "Pkcs12Signer", "SignedPaper", "Signer", "SigningFailed", "signed", "signer_for"]

TWO_WAYS = N_("Two ways of signing are set up; the administrator must leave one")


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
