"""The registry's words and rules: platforms, states, and what a 网站标识码 looks like."""

import re
from collections.abc import Callable, Collection

from tracker.kit.words import N_
from tracker.org.policy import Work
from tracker.registry.models import SubjectKind, SubjectState

SITE_CODE = re.compile(r"(?:\d{10}|bm\d{8})", re.ASCII)
"""Ten digits, the first six the administrative division; bm and eight digits for ministries (国办发〔2017〕47号)."""

PLATFORMS = (
    "微信订阅号",
    "微信服务号",
    "微信小程序",
    "微信视频号",
    "新浪微博",
    "移动客户端（APP）",
    "今日头条",
    "抖音",
    "快手",
    "百家号",
    "大鱼号",
    "企鹅号",
    "百度贴吧",
    "其他",
)
"""As the national reporting system of official accounts names them; names of products, never translated."""

KIND_NAMES = {SubjectKind.SITE: N_("Website"), SubjectKind.ACCOUNT: N_("Official account")}

STATE_NAMES = {
    SubjectState.RUNNING: N_("Running"),
    SubjectState.CLOSING: N_("About to close"),
    SubjectState.CLOSED: N_("Shut down"),
    SubjectState.CANCELLED: N_("Deregistered"),
    SubjectState.MERGED: N_("Merged into another"),
    SubjectState.REOPENED: N_("Deregistered, online again"),
    SubjectState.UNREGISTERED: N_("Found, not registered"),
}

COUNTED = frozenset({SubjectState.RUNNING, SubjectState.CLOSING})
"""States in which a subject counts in totals and percentages.

What is about to close counts until it is gone: 杨陵 holds it to the same 14 days. What was found without registration
(未报备) and what was deregistered and went online again (已注销又私开, 三明) can have findings, but is no part of the
registered number that bulletins name: it is dealt with by 补录备案 or 注销关停 (阜阳) first.
"""

GONE = frozenset({SubjectState.CLOSED, SubjectState.CANCELLED, SubjectState.MERGED})
"""States in which nothing can be inspected any more."""

TAKEN_FOR: list[Callable[[Work, Collection[int]], dict[int, tuple[str, str]]]] = []
"""Rooms above say what snapshots were taken for: {snapshot id: (title, address of its page)}."""


def is_site_code(text: str) -> bool:
    """Tell whether the text is formed like a 网站标识码."""
    return SITE_CODE.fullmatch(text) is not None
