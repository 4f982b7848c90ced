"""Facts of made-up months, without a database."""

from dataclasses import replace
from datetime import date
from typing import Any

from tracker.bulletins.policy.annexes import annex_numbers
from tracker.bulletins.policy.facts import Facts, Figure, Owed, Percentages, Problem
from tracker.bulletins.policy.period import Period

COUNTS = {
    "sites.total": 31,
    "accounts.total": 161,
    "sites.checked": 31,
    "accounts.checked": 161,
    "sites.failed": 0,
    "accounts.failed": 24,
    "notices.sent": 1,
    "notices.done": 1,
    "reports.received": 3,
    "reports.true": 3,
    "reports.closed": 3,
    "changes.done": 21,
    "published.total": 1868,
    "published.texts": 472,
    "published.pictures": 1337,
    "published.videos": 59,
}
SILENT = Problem(
    "problem-1", 1, "veto", "两周未更新", "2周内未更新。", 24, 24, ("市公安局",), "/findings?indicator=1", True
)
PILOT = Problem("problem-2", 2, "deduct", "要点落实不到位", "未细化26个试点领域标准指引。", 2, 0, ("海州区", "太平区"))
FIFTH = Owed("owed-f7", "市公安局", "第5期通报", "/findings/7")


def facts(period: str = "2021-12", **more: Any) -> Facts:
    """The facts of December 2021, with other counts or groups where given (counts by key with _ for the dot)."""
    due = more.pop("due_words", "1月10日前")
    counts = {**COUNTS, **{key.replace("_", ".", 1): more.pop(key) for key in list(more) if "_" in key}}
    made = Facts(
        period=Period.parse(period),
        issuer="市政府办公室",
        basis="",
        until=date(2021, 12, 27),
        due_words=due,
        counts=counts,
        figures={},
        problems=more.pop("problems", (SILENT, PILOT)),
        owed=more.pop("owed", (FIFTH,)),
        annexed={"problem-1": 24} | more.pop("annexed", {}),
        reports_from="省政府办公厅",
        publisher="市政府网站集群",
        **more,
    )
    return replace(made, figures={key: Figure(key, shown, key) for key, shown in _shown(made).items()})


def _shown(made: Facts) -> dict[str, str]:
    count, write = made.counts, Percentages().write
    said = {key: str(value) for key, value in count.items()}
    said |= {"office": made.issuer, "due": made.due_words, "period": made.period.words, "period.noun": made.period.noun}
    said |= {"period.full": made.period.full_words, "reports.from": made.reports_from, "publisher": made.publisher}
    for kind in ("sites", "accounts"):
        checked = count[f"{kind}.checked"]
        said[f"{kind}.rate"] = write(checked - count[f"{kind}.failed"], checked) if checked else ""
    total, checked = (count[f"sites.{word}"] + count[f"accounts.{word}"] for word in ("total", "checked"))
    said["coverage"] = write(checked, total) if total else ""
    for each in made.problems:
        said |= {
            f"{each.key}.title": each.title,
            f"{each.key}.text": each.text,
            f"{each.key}.units": "、".join(each.units),
        }
        said |= {f"{each.key}.subjects": str(each.subjects), f"{each.key}.count": str(len(each.units))}
        said[f"{each.key}.again"] = each.recurring
    for each in made.owed:
        said |= {f"{each.key}.unit": each.unit, f"{each.key}.what": each.what}
    for each in made.namings:
        said |= {f"{each.key}.unit": each.unit, f"{each.key}.quarter": each.quarter}
        said |= {f"{each.key}.times": str(len(each.late)), f"{each.key}.what": "、".join(dict.fromkeys(each.late))}
    for each in made.demands:
        said |= {f"{each.key}.units": each.units, f"{each.key}.due": each.due}
    said |= {f"before.{key}": words for key, words in made.before.items()}
    said |= {f"{key}.annex": number for key, number in annex_numbers(made).items()}
    said |= {"owed.total": str(len(made.owed)), "owed.units": str(len({each.unit for each in made.owed}))}
    said["problems.total"] = str(sum(each.findings for each in made.problems))
    said["ledger.rows"] = str(made.annexed.get("ledger", 0))
    return said
