"""A real HTTP server that stands in for the platforms' robots and for an office's webhook.

It checks signatures by code of its own, written from the platforms' descriptions, and answers as they do.
"""

import base64
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

KEY, TOKEN, HOOK = "693axxx6-7aoc-4bc4", "566cc69da782ec", "b1a6ab20-hook"
SECRETS = {"dingtalk": "SECd0f3", "feishu": "feishu-secret", "webhook": "shared secret"}


@dataclass
class Robots:
    """What arrived (platform, body), and the answers to give instead of "taken" (used up one by one)."""

    port: int = 0
    taken: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    """Idempotency keys of the webhook, in order of arrival."""
    moments: list[float] = field(default_factory=list)
    answers: list[tuple[int, dict[str, Any] | bytes]] = field(default_factory=list)
    hang: float = 0

    def settings(self) -> dict[str, str]:
        """Settings that lead here."""
        root = f"http://127.0.0.1:{self.port}"
        return {
            "wecom_url": f"{root}/cgi-bin/webhook/send?key={KEY}",
            "dingtalk_url": f"{root}/robot/send?access_token={TOKEN}",
            "dingtalk_secret": SECRETS["dingtalk"],
            "feishu_url": f"{root}/open-apis/bot/v2/hook/{HOOK}",
            "feishu_secret": SECRETS["feishu"],
            "webhook_url": f"{root}/letters",
            "webhook_secret": SECRETS["webhook"],
        }


def _near(stamp: str, per_second: int) -> bool:
    return stamp.isdecimal() and abs(int(stamp) / per_second - time.time()) < 3600


def wecom_fault(query: dict[str, list[str]], body: dict[str, Any]) -> tuple[int, str] | None:
    """What WeCom says against a request; None when it takes it."""
    if query.get("key") != [KEY]:
        return 93000, "invalid webhook url"
    kind = body["msgtype"]
    size = len(body[kind]["content"].encode())
    return None if size <= {"markdown": 4096, "text": 2048}[kind] else (45002, "content size out of limit")


def dingtalk_fault(query: dict[str, list[str]], body: dict[str, Any]) -> tuple[int, str] | None:
    """The same for DingTalk: the text signed is timestamp, line feed, secret; the key is the secret."""
    if query.get("access_token") != [TOKEN]:
        return 300001, "token is not exist"
    stamp = query["timestamp"][0]
    wanted = hmac.new(bytes(SECRETS["dingtalk"], "utf-8"), bytes(stamp + "\n" + SECRETS["dingtalk"], "utf-8"), "sha256")
    if base64.b64encode(wanted.digest()).decode() != query["sign"][0] or not _near(stamp, 1000):
        return 310000, "sign not match"
    called = body["at"]["atMobiles"] + body["at"]["atUserIds"]
    return None if all(f"@{each}" in body["markdown"]["text"] for each in called) else (310000, "at not in text")


def feishu_fault(_query: dict[str, list[str]], body: dict[str, Any]) -> tuple[int, str] | None:
    """The same for Feishu: timestamp, line feed, secret are the key; nothing is signed with it."""
    stamp = body.get("timestamp", "")
    wanted = hmac.new(bytes(f"{stamp}\n{SECRETS['feishu']}", "utf-8"), b"", "sha256")
    right = base64.b64encode(wanted.digest()).decode() == body.get("sign") and _near(stamp, 1)
    return None if right else (19021, "sign match fail or timestamp is not within one hour from current time")


def webhook_fault(headers: Any, raw: bytes) -> str:
    """What the office's own system says against a request; empty when it takes it."""
    parts = dict(each.split("=", 1) for each in headers["Rectify-Signature"].split(","))
    wanted = hmac.new(SECRETS["webhook"].encode(), parts["t"].encode() + b"." + raw, "sha256").hexdigest()
    return "" if parts["v1"] == wanted and _near(parts["t"], 1) else "bad signature"


PLATFORMS: dict[str, tuple[str, Callable[..., tuple[int, str] | None], str, str]] = {
    "/cgi-bin/webhook/send": ("wecom", wecom_fault, "errcode", "errmsg"),
    "/robot/send": ("dingtalk", dingtalk_fault, "errcode", "errmsg"),
    f"/open-apis/bot/v2/hook/{HOOK}": ("feishu", feishu_fault, "code", "msg"),
}


class Platform(BaseHTTPRequestHandler):
    """One request."""

    robots: ClassVar[Robots]

    def log_message(self, *_about: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.robots.moments.append(time.monotonic())
        if self.robots.answers:
            given = self.robots.answers.pop(0)
            time.sleep(self.robots.hang)
            self.answer(*given)
        elif parts.path == "/letters":
            self.hook(raw)
        else:
            self.robot(parts.path, parse_qs(parts.query), json.loads(raw))

    def hook(self, raw: bytes) -> None:
        fault = webhook_fault(self.headers, raw)
        if not fault:
            self.robots.keys.append(self.headers["Idempotency-Key"])
            self.robots.taken.append(("webhook", json.loads(raw)))
        self.answer(401 if fault else 202, {"fault": fault})

    def robot(self, path: str, query: dict[str, list[str]], body: dict[str, Any]) -> None:
        name, fault_of, code, words = PLATFORMS[path]
        fault = fault_of(query, body)
        if fault is None:
            self.robots.taken.append((name, body))
        number, said = fault or (0, "ok")
        self.answer(200, {code: number, words: said})

    def answer(self, status: int, body: dict[str, Any] | bytes) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        with suppress(BrokenPipeError, ConnectionResetError):  # who asked may have left
            self.send_response(status)
            if status in (301, 302, 307, 308):
                self.send_header("Location", f"http://127.0.0.1:{self.robots.port}/letters")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)


@contextmanager
def robot_server() -> Iterator[Robots]:
    """The server, in threads of this process."""
    robots = Robots()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Platform,), {"robots": robots}))
    robots.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield robots
    server.shutdown()
    thread.join()
    server.server_close()
