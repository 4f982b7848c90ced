"""A webhook of the office's own: every letter as JSON to one address, signed, with a key under which it counts once."""

import hashlib
import hmac
import json

from tracker.kit.settings import Settings
from tracker.kit.words import N_
from tracker.org.models import Person
from tracker.reminders.channels import web
from tracker.reminders.channels.port import Letter
from tracker.reminders.channels.robots import link, now


class Webhook:
    """The channel; the receiver checks `Rectify-Signature` and does nothing a second time under one key.

    Rectify-Signature: t=<seconds>,v1=<hex of HMAC-SHA256(secret, "<seconds>." + body)>; Idempotency-Key: the letter's.
    """

    name = "webhook"
    label = N_("Webhook")
    per_minute = None
    together = 1

    def ready(self, settings: Settings) -> bool:
        """Tell whether an address is configured."""
        return bool(settings.webhook_url)

    def address(self, person: Person) -> str | None:
        """Return the account: the other system knows by it whom to tell."""
        return person.login

    def send(self, letter: Letter, settings: Settings) -> None:
        """Send one letter; any answer below 300 means that it was taken.

        :raises Later: not reached, busy, or a fault of the other side.
        :raises Never: refused for good.
        """
        body = json.dumps(content(letter, settings), ensure_ascii=False, sort_keys=True).encode()
        stamp = str(now() // 1000)
        signature = hmac.new(settings.webhook_secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"Rectify-Signature": f"t={stamp},v1={signature}", "Idempotency-Key": letter.key}
        web.judge_status(web.post(settings.webhook_url, body, settings, headers))


def content(letter: Letter, settings: Settings) -> dict[str, object]:
    """Return what the other system is told: whom, which notices, until when, where; never what a notice says."""
    return {
        "key": letter.key,
        "day": letter.day.isoformat(),
        "account": letter.address,
        "name": letter.person_name,
        "office": letter.office,
        "subject": letter.subject,
        "lines": [
            {"number": line.number, "text": line.text, "due": line.due, "link": link(line, settings)}
            for line in letter.lines
        ],
    }
