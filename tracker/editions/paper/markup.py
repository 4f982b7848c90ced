"""From the content of an edition to HTML; every text enters as a value under autoescape."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker.charts import table
from tracker.charts.figure import loaded
from tracker.documents.compose import chinese_date, we
from tracker.editions.models import PublicEdition

TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "documents" / "public"
ANNEXED = 6
"""More problems than these stand in an annex (as in the paper)."""
HEADING = 40
"""A numbered paragraph that is longer is running text (as in the paper)."""
_FIRST, _SECOND = re.compile(r"[一二三四五六七八九十]{1,3}、"), re.compile(r"（[一二三四五六七八九十]{1,3}）")


@dataclass(frozen=True)
class Told:
    """What stands between addressee and signature, the day in words, and the annexes."""

    text: list[tuple[int, str]]
    """Paragraphs with the level of a heading, 0 for running text."""
    day: str
    annexes: list[dict[str, Any]] = field(default_factory=list)


def told(content: Mapping[str, Any]) -> Told:
    """Return what the paper of this content says."""
    body, annexes = (_bulletin if content["type"] == "bulletin" else _rectification)(content)
    return Told([(_level(text), text) for text in body], chinese_date(content["date"]), annexes)


def _level(text: str) -> int:
    if len(text) > HEADING or text[-1:] in "。；：":
        return 0
    return 2 if _FIRST.match(text) else 3 if _SECOND.match(text) else 0


FACTS = {"indicator": "检查指标：", "level": "定性：", "found_on": "发现日期：", "place": "位置："}
Parts = tuple[list[str], list[dict[str, Any]]]


def _bulletin(content: Mapping[str, Any]) -> Parts:
    texts = (each if isinstance(each, str) else str(each.get("text", "")) for each in content["body"])
    annexes = [{"title": each["title"], "tables": list(_tables(each))} for each in content.get("annexes", ())]
    return [line for text in texts for line in text.split("\n") if line.strip()], annexes


def _tables(annex: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield an annex as tables; a drawn figure by its table twin, which tells the same numbers."""
    for drawn in annex.get("charts") or ():
        figure = loaded(drawn)
        rows = [(row.label, *row.cells) for row in table.rows(figure)]
        title = f"{figure.title}（单位：{figure.measure}）"
        yield {"title": title, "columns": table.head(figure), "rows": rows, "note": figure.note}
    if not annex.get("charts"):
        names = [column["name"] for column in annex["columns"]]
        yield {"title": annex["title"], "columns": names, "rows": annex["rows"], "note": annex.get("note") or ""}


def _rectification(content: Mapping[str, Any]) -> Parts:
    """Return what templates/documents/rectification_notice prints."""
    items = content["items"]
    receipt = f"{content['receipt_words']}签收本通知，并于" if content.get("receipt_words") else ""
    asked = f"请于{receipt}{content['deadline_words']}将整改情况经主要领导签字、盖章后报{we(content['issuer'])}。"
    if len(items) > ANNEXED:
        problems, annexes = [f"检查共发现问题{len(items)}项，逐项情况见附件。"], [_list(items)]
    else:
        problems, annexes = [_problem(item, len(items) > 1) for item in items], []
    return [*content["opening"], "一、存在的问题", *problems, "二、整改要求", *content["requirements"], asked], annexes


def _list(items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    columns = ["序号", "网站或账号", "检查指标", "定性", "问题及发现日期"]
    rows = [[str(item["seq"]), _named(item), item["indicator"], item["level"], _told_of(item)] for item in items]
    return {"title": "问题清单", "tables": [{"title": "问题清单", "columns": columns, "rows": rows, "note": ""}]}


def _told_of(item: Mapping[str, Any]) -> str:
    day = f"（{chinese_date(item['found_on'])}）" if item.get("found_on") else ""
    return f"{item.get('description') or ''}{day}{item.get('place') or ''}"


def _named(item: Mapping[str, Any]) -> str:
    kind = item.get("platform") or item.get("subject_kind") or ""
    code = f"标识码{item['code']}" if item.get("code") else ""
    named = "，".join(filter(None, (kind, code)))
    return f"{item['subject']}{f'（{named}）' if named else ''}"


def _problem(item: Mapping[str, Any], numbered: bool) -> str:
    description = str(item.get("description") or "").rstrip("。")
    lead = f"{item['seq']}." if numbered else ""
    sentences = [f"{each}。" for each in (description, "；".join(_facts(item))) if each]
    return f"{lead}{_named(item)}：{''.join(sentences)}"


def _facts(item: Mapping[str, Any]) -> Iterator[str]:
    for name, words in FACTS.items():
        if item.get(name):
            yield words + (chinese_date(item[name]) if name == "found_on" else str(item[name]))


def tags_of(edition: PublicEdition) -> dict[str, str]:
    """Return the page tags that government portals ask for (国办发〔2017〕47号), those left empty are left out."""
    tags = {
        "SiteName": edition.site_name,
        "SiteDomain": edition.site_domain,
        "SiteIDCode": edition.site_code,
        "ColumnName": edition.column_name,
        "ColumnType": edition.column_type,
        "ArticleTitle": str((edition.content or {}).get("title", "")),
        "PubDate": edition.published_on.isoformat(),
        "ContentSource": edition.source,
    }
    return {name: content for name, content in tags.items() if content}


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def page(edition: PublicEdition) -> str:
    """Return the HTML file of an edition that was handed in; the same edition gives the same bytes."""
    content = edition.content or {}
    template = _environment().get_template("edition.html")
    return template.render(c=content, tags=tags_of(edition), told=told(content))
