"""Pages in simplified Chinese (the default) and English; dates on the office's wall clock."""

from datetime import date, datetime
from typing import Any

from flask import Flask, has_request_context, session
from flask_babel import Babel, format_date, gettext

from tracker.kit.clock import office_time
from tracker.web import identity

LANGUAGES = {"zh_Hans_CN": "中文", "en": "English"}
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def init_app(app: Flask) -> None:
    """Choose the language per request and teach templates to show moments, dates and domain sentences."""
    Babel(app, locale_selector=chosen)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.filters.update(moment=moment, day=day, clock=clock, said=said)
    app.jinja_env.globals.update(languages=LANGUAGES, language=chosen, translated=translated)


def chosen() -> str:
    """Return the language of this request: what was switched to, else the person's own, else Chinese."""
    if not has_request_context():
        return "zh_Hans_CN"
    switched = session.get("language")
    if switched in LANGUAGES:
        return str(switched)
    person = identity.current()
    return person.locale if person.locale in LANGUAGES else "zh_Hans_CN"


def moment(value: datetime | None) -> str:
    """Return a moment as 2021-12-28 16:30 on the office's wall clock."""
    return office_time(value).strftime("%Y-%m-%d %H:%M") if value else ""


def clock(value: datetime | None) -> str:
    """Return only the hour and minute on the office's wall clock."""
    return office_time(value).strftime("%H:%M") if value else ""


def day(value: date | None) -> str:
    """Return a date with its weekday: 1月10日 周一, or Mon 10 Jan."""
    if value is None:
        return ""
    if chosen() == "en":
        return str(format_date(value, "EEE d MMM y"))
    return f"{value.year}年{value.month}月{value.day}日 {WEEKDAYS[value.weekday()]}"


def said(sentence: Any, **params: Any) -> str:
    """Return a msgid (or a domain error with its parameters) as a sentence in this request's language."""
    if hasattr(sentence, "msgid"):
        return str(gettext(sentence.msgid, **sentence.params) if sentence.params else gettext(sentence.msgid))
    if not sentence:
        return ""
    return str(gettext(str(sentence), **params) if params else gettext(str(sentence)))


def translated(params: dict[str, Any]) -> dict[str, Any]:
    """Return a sentence's parameters with those that are sentences themselves translated."""
    return {key: gettext(value) if isinstance(value, str) and value else value for key, value in params.items()}
