"""The port of signing: what every way of signing papers promises, and how it fails."""

from typing import Protocol

from tracker.documents.press_room import RenderFailed
from tracker.kit.words import N_

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
