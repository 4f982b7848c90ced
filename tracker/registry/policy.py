"""The registry's words and rules: platforms, states, and what a 网站标识码 looks like."""

import re

from tracker.kit.words import N_
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
    SubjectState.UNREGISTERED: N_("Found, not registered"),
}

COUNTED = frozenset({SubjectState.RUNNING, SubjectState.CLOSING})
"""States in which a subject is inspected and counted."""


def is_site_code(text: str) -> bool:
    """Tell whether the text is formed like a 网站标识码."""
    return SITE_CODE.fullmatch(text) is not None
