"""One POST to an address of the settings: bounded in time and size, no redirects, and no secret in what is said of it.

Only addresses of the environment are ever asked, so nobody who types into a page decides where this server connects to.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from tracker.kit.settings import Settings
from tracker.kit.words import N_
from tracker.reminders.channels.port import Later, Never

logging.getLogger("urllib3").setLevel(logging.WARNING)  # at DEBUG it writes addresses, and in them a robot's key
CONNECT, READ = 5.0, 15.0
"""Seconds until a connection stands, and between two parts of the answer."""
MOST = 64 * 1024
"""Bytes of an answer that are read."""
NO_ANSWER = N_("The other side did not answer in time.")
UNREACHABLE = N_("The other side could not be reached. Check the address, the network and the proxy.")
NO_TRUST = N_("The certificate of the other side is not trusted.")
BUSY = N_("The other side is busy or refuses for now.")
REFUSED = N_("The other side refuses the request. Check the address in the settings.")
MOVED = N_("The address has moved; redirects are not followed. Enter the new address in the settings.")
AGAIN = frozenset({408, 425, 429})
"""Statuses below 500 after which a later try may succeed."""
SHOWN = 200
"""Letters of the other side's own words that are kept."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes

    @property
    def fields(self) -> dict[str, Any]:
        """Return the JSON object of the answer; empty when it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def post(url: str, payload: Mapping[str, Any] | bytes, settings: Settings, headers: Mapping[str, str]) -> Answer:
    """Send JSON and return the answer, whatever its status below 300 or its words.

    :raises Later: no connection, no answer in time, or one that says "not now".
    :raises Never: a redirect, or a certificate nobody vouches for.
    """
    import requests  # noqa: PLC0415  (only a worker that speaks to robots pays for it)

    body = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
    typed = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Rectify", **headers}
    with requests.Session() as session:
        session.trust_env = False  # neither a proxy nor a password of the machine's environment
        session.proxies = {"http": settings.http_proxy, "https": settings.http_proxy} if settings.http_proxy else {}
        try:
            with session.post(
                url, data=body, headers=typed, timeout=(CONNECT, READ), allow_redirects=False, stream=True
            ) as found:
                return Answer(found.status_code, next(found.iter_content(MOST), b""))
        except (requests.exceptions.RequestException, OSError) as error:
            raise _refusal(error) from None  # `from None`: the exception's words hold the address


def _refusal(error: Exception) -> Later | Never:
    """Return what a failed exchange means: nothing sent, or perhaps taken although no answer came."""
    from requests import exceptions  # noqa: PLC0415

    if isinstance(error, exceptions.SSLError):
        return Never(NO_TRUST)
    cause = error.args[0] if error.args else None
    if isinstance(error, exceptions.ConnectTimeout | exceptions.ProxyError) or hasattr(cause, "reason"):
        return Later(UNREACHABLE, unreachable=True)
    return Later(NO_ANSWER, unsure=True)


def judge_status(answer: Answer) -> None:
    """Judge an answer by its status alone.

    :raises Later: 408, 425, 429 and 5xx.
    :raises Never: any other status from 300.
    """
    if answer.status < 300:
        return
    if answer.status in AGAIN or answer.status >= 500:
        raise Later(BUSY)
    raise Never(MOVED if answer.status < 400 else REFUSED)


def told(words: str, secrets: Iterable[str]) -> str:
    """Return the other side's words on one line, cut, with every secret taken out."""
    kept = " ".join(words.split())
    for secret in sorted({form for each in secrets for form in _forms(each)}, key=len, reverse=True):
        kept = kept.replace(secret, "…")
    return kept[:SHOWN]


def _forms(secret: str) -> list[str]:
    return [secret, quote(secret, safe=""), quote_plus(secret)] if len(secret) > 3 else []


def secrets_in(url: str) -> list[str]:
    """Return what in an address is secret: values of its query, and the last part of its path."""
    parts = urlsplit(url)
    return [value for _name, value in parse_qsl(parts.query)] + [parts.path.rpartition("/")[2], url]
