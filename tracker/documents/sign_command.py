"""Signing by an outside service: a program that reads the PDF and writes the signed PDF."""

import logging
import os
import shlex
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass

from tracker.documents.signer import UNSIGNED, SigningFailed
from tracker.kit.words import N_

log = logging.getLogger(__name__)
SECONDS = 45
"""How long an outside service may take; with the renderer's own limit a try ends before another worker takes it."""
GROWTH = 4 * 1024 * 1024
"""A signature with its certificates is far smaller than this."""
NOT_STARTED = N_("The signing service could not be started")
TOO_SLOW = N_("The signing service did not answer within %(seconds)s seconds")
REFUSED = N_("The signing service refused the paper (it ended with %(status)s)")


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
