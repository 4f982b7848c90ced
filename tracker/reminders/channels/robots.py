"""Group robots of WeCom (企业微信), DingTalk (钉钉) and Feishu (飞书): one message tells many people of a group.

A group reads it, so it says no more than who, which notice, until when, and a link that asks for signing in.
Signed as each platform's rules for webhook robots say; all three allow 20 messages a minute or more, we send fewer.
"""

import base64
import hashlib
import hmac
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from tracker.kit.settings import Settings
from tracker.kit.words import N_
from tracker.org.models import Person
from tracker.reminders.channels import web
from tracker.reminders.channels.port import Later, Letter, Line, Never
from tracker.reminders.operations import texts

LINES = 8
"""Lines of one person in one message; the rest is behind the link to the inbox."""
FEWER = (LINES, 4, 2, 1)
"""Tried in turn where a single letter is too long for the platform."""
LONGEST = 120
"""Letters of one line."""
SAFE = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in "[]<>*`#@"} | {ord(blank): " " for blank in "\n\r\t"}
"""Signs of markup become their wide forms: no name and no title formats a group's message, calls somebody, links."""
BROKEN = N_("The robot's answer cannot be read.")


def now() -> int:
    """Return the real moment in milliseconds: platforms compare it with theirs, whatever clock the office shows."""
    return time.time_ns() // 1_000_000


def plain(text: str) -> str:
    """Return a text without anything that a platform takes for markup."""
    return text.translate(SAFE)[:LONGEST]


class Robot(ABC):
    """A robot of one group; each platform says how it wants to be asked and how it answers."""

    name: ClassVar[str]
    label: ClassVar[str]
    per_minute: ClassVar[int] = 18
    """Below the 20 of WeCom and DingTalk, whose clocks are not ours."""
    most: ClassVar[int]
    """Bytes of one message's text."""
    together: ClassVar[int] = 30
    code: ClassVar[str] = "errcode"
    words: ClassVar[str] = "errmsg"
    busy: ClassVar[frozenset[int]]
    """Codes that say "not now"."""
    final: ClassVar[frozenset[int]]
    """Codes that no later try changes; any other code is tried again until the tries are used up."""

    @abstractmethod
    def url(self, settings: Settings) -> str:
        """Return the configured address; empty when there is no such robot."""

    def secret(self, _settings: Settings, /) -> str:
        """Return the signing secret; empty when the robot has none."""
        return ""

    @abstractmethod
    def message(self, letters: Sequence[Letter], settings: Settings, lines: int = LINES) -> dict[str, Any]:
        """Return the body of one message to the group, with at most `lines` lines a letter."""

    def signed(self, body: dict[str, Any], settings: Settings) -> tuple[str, dict[str, Any]]:
        """Return address and body with the signature in its place; as they are for a robot without one."""
        return self.url(settings), body

    def address(self, person: Person) -> str | None:
        """Return by what the person is called in this group; None when nothing is entered."""
        found: str = getattr(person, self.name).strip()
        return found or None

    def ready(self, settings: Settings) -> bool:
        """Tell whether the robot is configured."""
        return bool(self.url(settings))

    def fitting(self, letters: Sequence[Letter], settings: Settings) -> int:
        """Return how many of these letters, from the first, fit into one message; at least one."""
        count = 1
        while count < min(len(letters), self.together) and self._fits(letters[: count + 1], settings):
            count += 1
        return count

    def _fits(self, letters: Sequence[Letter], settings: Settings, lines: int = LINES) -> bool:
        return len(str(self.message(letters, settings, lines)).encode()) <= self.most

    def send(self, letter: Letter, settings: Settings) -> None:
        """Send one letter; see `send_all`."""
        self.send_all([letter], settings)

    def send_all(self, letters: Sequence[Letter], settings: Settings) -> None:
        """Tell the group of these letters in one message; returning means that the platform took it.

        :raises Later: not reached, or busy.
        :raises Never: refused for good: key, signature, keyword, network address or a stopped robot.
        """
        lines = next(n for n in FEWER if n == 1 or self._fits(letters, settings, n))
        url, body = self.signed(self.message(letters, settings, lines), settings)
        self._judge(web.post(url, body, settings, {}), settings)

    def _judge(self, answer: web.Answer, settings: Settings) -> None:
        found = answer.fields.get(self.code)
        if not isinstance(found, int):
            web.judge_status(answer)
            raise Later(BROKEN)
        if found == 0:
            return
        secrets = [*web.secrets_in(self.url(settings)), self.secret(settings)]
        said = web.told(f"{self.code} {found}: {answer.fields.get(self.words, '')}", secrets)
        raise (Never if found in self.final and found not in self.busy else Later)(said)


def heading(letter: Letter) -> str:
    """Return the first line of a group's message."""
    return texts.subject("robot", texts.CHINESE, office=plain(letter.office))


def more(letter: Letter, lines: int) -> str:
    """Return what stands for the matters that are left out; empty when there are none."""
    left = len(_matters(letter)) - lines
    return texts.body("robot", texts.CHINESE, n=left) if left > 0 else ""


def shown(letter: Letter, lines: int) -> list[tuple[str, Line]]:
    """Return what a group sees of a letter: each matter once, as number and deadline, and the line with its link."""
    return [(_words(line), line) for line in _matters(letter)[:lines]]


def _matters(letter: Letter) -> list[Line]:
    """Return one line of each matter: the newest, which knows the deadline as it stands."""
    return list({line.link: line for line in letter.lines}.values())


def _words(line: Line) -> str:
    number = plain(line.number) or texts.subject("robot_matter", texts.CHINESE)
    return f"{number}（{plain(line.due)}）" if line.due else number


class WeCom(Robot):
    """企业微信: the key in the address is all its authority; markdown calls by userid, plain text also by mobile."""

    name, label, most = "wecom", N_("WeCom"), 3600
    busy = frozenset({-1, 45009, 45033})
    final = frozenset({40008, 40035, 40058, 44004, 45002, 93000, 93004, 93008})
    most_text = 1800
    """WeCom takes 4096 bytes of markdown and 2048 of plain text."""

    def url(self, settings: Settings) -> str:
        """Return the address with its key."""
        return settings.wecom_url

    def _fits(self, letters: Sequence[Letter], settings: Settings, lines: int = LINES) -> bool:
        body = self.message(letters, settings, lines)
        kind = body["msgtype"]
        return len(body[kind]["content"].encode()) <= (self.most_text if kind == "text" else self.most)

    def message(self, letters: Sequence[Letter], settings: Settings, lines: int = LINES) -> dict[str, Any]:
        """Return markdown; plain text as soon as somebody is called by mobile, which markdown cannot."""
        if any(_is_mobile(letter.address) for letter in letters):
            return {"msgtype": "text", "text": self._text(letters, settings, lines)}
        parts = [f"**{heading(letters[0])}**"]
        for letter in letters:
            parts.append(f"{plain(letter.person_name)} <@{letter.address}>")
            parts += [f"> [{words}]({link(line, settings)})" for words, line in shown(letter, lines)]
            parts += [f"> {more(letter, lines)}"] if more(letter, lines) else []
        return {"msgtype": "markdown", "markdown": {"content": "\n".join(parts)}}

    def _text(self, letters: Sequence[Letter], settings: Settings, lines: int) -> dict[str, Any]:
        parts = [heading(letters[0])]
        for letter in letters:
            parts.append(f"{plain(letter.person_name)}：")
            parts += [f"{words} {link(line, settings)}" for words, line in shown(letter, lines)]
            parts += [more(letter, lines)] if more(letter, lines) else []
        called = list(dict.fromkeys(letter.address for letter in letters))
        return {
            "content": "\n".join(parts),
            "mentioned_list": [each for each in called if not _is_mobile(each)],
            "mentioned_mobile_list": [each for each in called if _is_mobile(each)],
        }


class DingTalk(Robot):
    r"""钉钉: base64(HMAC-SHA256(secret, "timestamp\nsecret")) beside the timestamp in the address; calls by mobile."""

    name, label, most = "dingtalk", N_("DingTalk"), 15_000
    busy = frozenset({-1, 90018, 90030, 130101, 410100})
    final = frozenset({300001, 300005, 310000, 400013, 400014, 400101, 400102, 400105, 400106, 430101, 430102, 430103})

    def url(self, settings: Settings) -> str:
        """Return the address with its access token."""
        return settings.dingtalk_url

    def secret(self, settings: Settings, /) -> str:
        """Return the secret of 加签."""
        return settings.dingtalk_secret

    def signed(self, body: dict[str, Any], settings: Settings) -> tuple[str, dict[str, Any]]:
        """Return the address with timestamp (milliseconds) and signature."""
        url, secret = self.url(settings), self.secret(settings)
        if not secret:
            return url, body
        stamp = str(now())
        sign = base64.b64encode(hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)).decode()
        joint = "&" if urlsplit(url).query else "?"
        return url + joint + urlencode({"timestamp": stamp, "sign": sign}), body

    def message(self, letters: Sequence[Letter], settings: Settings, lines: int = LINES) -> dict[str, Any]:
        """Return markdown; who is called stands in the text and in the list."""
        parts = [f"#### {heading(letters[0])}"]
        for letter in letters:
            parts.append(f"{plain(letter.person_name)} @{letter.address}")
            parts += [f"- [{words}]({link(line, settings)})" for words, line in shown(letter, lines)]
            parts += [f"- {more(letter, lines)}"] if more(letter, lines) else []
        called = list(dict.fromkeys(letter.address for letter in letters))
        return {
            "msgtype": "markdown",
            "markdown": {"title": heading(letters[0]), "text": "\n\n".join(parts)},
            "at": {
                "atMobiles": [each for each in called if _is_mobile(each)],
                "atUserIds": [each for each in called if not _is_mobile(each)],
                "isAtAll": False,
            },
        }


class Feishu(Robot):
    r"""飞书: base64(HMAC-SHA256("timestamp\nsecret", "")) beside the timestamp (seconds) in the body; calls by id."""

    name, label, most = "feishu", N_("Feishu"), 15_000
    code, words = "code", "msg"
    busy = frozenset({9499, 11232})
    final = frozenset({19001, 19002, 19007, 19021, 19022, 19024})

    def url(self, settings: Settings) -> str:
        """Return the address with its token."""
        return settings.feishu_url

    def secret(self, settings: Settings, /) -> str:
        """Return the secret of 签名校验."""
        return settings.feishu_secret

    def signed(self, body: dict[str, Any], settings: Settings) -> tuple[str, dict[str, Any]]:
        """Return the body with timestamp and signature."""
        secret = self.secret(settings)
        if not secret:
            return self.url(settings), body
        stamp = str(now() // 1000)
        sign = base64.b64encode(hmac.digest(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256)).decode()
        return self.url(settings), {"timestamp": stamp, "sign": sign, **body}

    def message(self, letters: Sequence[Letter], settings: Settings, lines: int = LINES) -> dict[str, Any]:
        """Return a rich text: one paragraph a line, links as links."""
        rows: list[list[dict[str, str]]] = []
        for letter in letters:
            at = {"tag": "at", "user_id": letter.address}
            rows.append([{"tag": "text", "text": f"{plain(letter.person_name)} "}, at])
            linked = ((words, link(line, settings)) for words, line in shown(letter, lines))
            rows += [[{"tag": "a", "text": words, "href": url}] for words, url in linked]
            rows += [[{"tag": "text", "text": more(letter, lines)}]] if more(letter, lines) else []
        post = {"zh_cn": {"title": heading(letters[0]), "content": rows}}
        return {"msg_type": "post", "content": {"post": post}}


def link(line: Line, settings: Settings) -> str:
    """Return the address of a line, whole."""
    return line.link if line.link.startswith(("http://", "https://")) else settings.public_url + line.link


def _is_mobile(text: str) -> bool:
    return len(text) == 11 and text.isdecimal() and text.startswith("1")


ROBOTS: tuple[Robot, ...] = (WeCom(), DingTalk(), Feishu())
