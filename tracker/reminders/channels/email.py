"""E-mail over SMTP: number and link only, never content; one Message-ID per message, however often it is tried."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

from tracker.kit.clock import office_time
from tracker.kit.settings import Settings
from tracker.kit.words import N_
from tracker.reminders.operations import texts
from tracker.reminders.operations.deliver import Letter

WAIT = 20.0
"""Seconds without an answer after which a try has failed."""
BAD_ADDRESS = N_("The e-mail address is not valid.")
FIRST_PERMANENT = 500
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


@dataclass
class NotSent(Exception):
    """Why a letter did not go out. `permanent`: trying again cannot help; `unreachable`: nor will the next letter."""

    reason: str
    permanent: bool = False
    unreachable: bool = False


def message_id(letter: Letter, settings: Settings) -> str:
    """Return the letter's Message-ID: from its key and the sender's domain, the same on every host and at every try."""
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost"
    return f"<{letter.key}@{domain}>"


def compose(letter: Letter, settings: Settings) -> EmailMessage:
    """Return the letter as a mail with a plain text and an HTML alternative.

    :raises NotSent: the address cannot stand in a mail.
    """
    mail = EmailMessage()
    mail["Subject"] = letter.subject
    mail["From"] = settings.mail_from
    try:
        mail["To"] = Address(letter.name, addr_spec=letter.address)
    except (ValueError, IndexError) as error:
        raise NotSent(BAD_ADDRESS, permanent=True) from error
    mail["Date"] = format_datetime(office_time(letter.at))
    mail["Message-ID"] = message_id(letter, settings)
    mail["Auto-Submitted"] = "auto-generated"
    url = settings.public_url + letter.link
    mail.set_content(f"{letter.body}\n\n{url}\n\n{settings.office_name}\n")
    paragraphs = [line for line in letter.body.splitlines() if line.strip()]
    page = texts.html(
        letter.kind, letter.locale, subject=letter.subject, paragraphs=paragraphs, url=url, office=settings.office_name
    )
    mail.add_alternative(page, subtype="html")
    return mail


def send(letter: Letter, settings: Settings) -> None:
    """Send one letter; returning means that the server took it.

    :raises NotSent: it did not, with its own words.
    """
    mail = compose(letter, settings)
    try:
        server = _connected(urlsplit(settings.smtp_url))
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(_words(error), unreachable=True) from error
    try:
        server.send_message(mail)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise NotSent(_words(error), permanent=_is_permanent(error)) from error
    finally:
        # The server has answered by now; a quarrel about saying goodbye must not send the letter twice.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


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
    return f"{type(error).__name__}: {error}"[:300]


def _answer(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"[:300]
