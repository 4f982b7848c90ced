"""The words of a message, in the language of whom it is for.

Its own Jinja environment: messages are written by the worker, which has no page, no request and no language of one.
"""

from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

ROOT = Path(__file__).resolve().parents[3]
CHINESE = "zh_Hans_CN"
LOCALES = (CHINESE, "en")


def subject(kind: str, locale: str, **context: Any) -> str:
    """Return the subject of a kind of message: one line, whatever stands in its parts."""
    return " ".join(_render(f"{kind}/subject.txt", locale, context).split())


def body(kind: str, locale: str, **context: Any) -> str:
    """Return the plain text of a kind of message."""
    return _render(f"{kind}/body.txt", locale, context).strip()


def html(kind: str, locale: str, **context: Any) -> str:
    """Return the HTML of a kind of message; every value is escaped."""
    return _render(f"{kind}/body.html", locale, context)


def due_words(on: date, at: time | None, locale: str) -> str:
    """Return a deadline as a person reads it: 2022年1月10日17:30, or 10 Jan 2022 17:30."""
    if _known(locale) == CHINESE:
        return f"{on.year}年{on.month}月{on.day}日" + (f"{at:%H:%M}" if at else "")
    return str(format_date(on, "d MMM y", locale=locale)) + (f" {at:%H:%M}" if at else "")


def _render(name: str, locale: str, context: dict[str, Any]) -> str:
    return _environment(_known(locale)).get_template(name).render(**context)


def _known(locale: str) -> str:
    return locale if locale in LOCALES else CHINESE


@cache
def _environment(locale: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates" / "messages"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = Translations.load(ROOT / "translations", [locale])
    environment.install_gettext_callables(words.ugettext, words.ungettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["language"] = locale.replace("_", "-")
    return environment
