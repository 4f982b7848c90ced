"""E-mail over SMTP: number and link only, never content; one Message-ID per message, however often it is tried."""

import logging
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

from tracker.kit.clock import office_time
from tracker.kit.settings import Settings
from tracker.kit.words import N_
from tracker.org.models import Person
from tracker.reminders.channels.port import Later, Letter, Line, Never
from tracker.reminders.operations import texts

log = logging.getLogger(__name__)
WAIT = 20.0
"""Seconds without an answer after which a try has failed."""
BAD_ADDRESS = N_("The e-mail address is not valid.")
NOT_REACHED = N_("The mail server cannot be reached. Check its address and the network.")
NO_ANSWER = N_("The mail server did not answer in time.")
HUNG_UP = N_("The mail server hung up without an answer.")
NO_TRUST = N_("The certificate of the mail server is not trusted.")
FIRST_PERMANENT = 500
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class EMail:
    """The channel."""

    name = "email"
    label = N_("E-mail")
    per_minute = None
    together = 1

    def ready(self, settings: Settings) -> bool:
        """Tell whether a mail server is named."""
        return bool(settings.smtp_url)

    def address(self, person: Person) -> str | None:
        """Return the person's address."""
        return person.email.strip() or None

    def send(self, letter: Letter, settings: Settings) -> None:
        """Send one letter; returning means that the server took it.

        :raises Later: it did not, with its own words; unsure when the connection broke after the letter was given.
        :raises Never: the address is none, or the server refused this letter for good.
        """
        send(letter, settings)


def message_id(letter: Letter, settings: Settings) -> str:
    """Return the letter's Message-ID: from its key and the sender's domain, the same on every host and at every try."""
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost"
    return f"<{letter.key}@{domain}>"


def compose(letter: Letter, settings: Settings) -> EmailMessage:
    """Return the letter as a mail with a plain text and an HTML alternative.

    :raises Never: the address cannot stand in a mail.
    """
    mail = EmailMessage()
    mail["Subject"] = letter.subject
    mail["From"] = settings.mail_from
    try:
        mail["To"] = Address(letter.person_name, addr_spec=letter.address)
    except (ValueError, IndexError) as error:
        raise Never(BAD_ADDRESS) from error
    mail["Date"] = format_datetime(office_time(letter.at))
    mail["Message-ID"] = message_id(letter, settings)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"  # Exchange: no "out of office" back to a machine
    host = urlsplit(settings.public_url).hostname or "localhost"
    mail["List-Id"] = f"<letters.{host}>"
    mail["List-Unsubscribe"] = f"<{settings.public_url}/channels>"  # where the reader chooses another way
    words = {
        "matters": matters(letter.lines),
        "url": settings.public_url,
        "office": letter.office,
        "name": letter.person_name,
    }
    mail.set_content(texts.body("letter", letter.locale, **words) + "\n")
    mail.add_alternative(texts.html("letter", letter.locale, subject=letter.subject, **words), subtype="html")
    return mail


def matters(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of a letter by what they are about, in the order in which each first comes up."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.link, []).append(line)
    return list(found.values())


def send(letter: Letter, settings: Settings) -> None:
    """Send one letter; see `EMail.send`."""
    mail = compose(letter, settings)
    try:
        server = _connected(urlsplit(settings.smtp_url))
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail server: %s", error)
        raise Later(_words(error), unreachable=True) from error
    try:
        server.send_message(mail)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        if _is_permanent(error):
            raise Never(_words(error)) from error
        raise Later(_words(error), unsure=_is_unsure(error)) from error
    finally:
        # The server has answered by now; a quarrel about saying goodbye must not send the letter twice.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _is_unsure(error: Exception) -> bool:
    """Tell whether the server may have taken the letter: it did not answer, or its answer was lost."""
    return isinstance(error, OSError) and not isinstance(
        error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused
    )


def _connected(url: SplitResult) -> smtplib.SMTP:
    """Return a session with the server of smtp://, smtps:// or smtp+starttls://[user:password@]host[:port]."""
    host, port = url.hostname or "localhost", url.port or PORTS.get(url.scheme, 25)
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=WAIT, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=WAIT)
    try:
        if url.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _is_permanent(error: Exception) -> bool:
    """Tell whether the server refused this very letter for good (RFC 5321: 5yz to RCPT or DATA)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= FIRST_PERMANENT for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError | smtplib.SMTPNotSupportedError) and (
        getattr(error, "smtp_code", FIRST_PERMANENT) >= FIRST_PERMANENT
    )


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _answer(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError):
        return NO_ANSWER
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return HUNG_UP
    if isinstance(error, ssl.SSLError):
        return NO_TRUST
    if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
        return NOT_REACHED
    return f"{type(error).__name__}: {error}"[:300]


def _answer(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"[:300]
