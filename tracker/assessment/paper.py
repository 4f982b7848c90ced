"""The sheet as an official table, and as plain text: Chinese officialese, from the frozen figures only."""

from typing import Any

TYPE = "annex_table"
OWNER, PURPOSE = "assessment", "official"
KINDS = {"veto": "否决", "deduct": "扣分", "bonus": "加分"}
COLUMNS = (
    ("序号", 4, "mid"),
    ("类别", 5, "mid"),
    ("考核指标", 13, ""),
    ("评分规则", 30, ""),
    ("依据", 14, ""),
    ("数量", 5, "end"),
    ("每项分值", 6, "end"),
    ("封顶", 5, "end"),
    ("计分", 6, "end"),
    ("调整", 6, "end"),
    ("实扣（加）分", 8, "end"),
)
UNCONFIRMED = "（待核）"


def title(year: int, unit: str) -> str:
    """Return the sheet's title."""
    return f"{unit}{year}年度政府网站与政务新媒体监管工作考核评分表"


def content(frozen: dict[str, Any], *, issuer: str, sha256: str) -> dict[str, Any]:
    """Return what the paper of a signed sheet says (templates/documents/annex_table)."""
    annex = {
        "title": title(frozen["year"], frozen["unit_full"]),
        "columns": [{"name": name, "width": width, "align": align} for name, width, align in COLUMNS],
        "rows": rows(frozen),
        "landscape": True,
        "alone": True,
        "note": " ".join(summary(frozen)) + f" 签发：{frozen['signed']}。评分表内容校验码（SHA-256）：{sha256}",
    }
    return {
        "draft": False,
        "issuer": issuer,
        "signer_line": issuer,
        "title": annex["title"],
        "number": "",
        "date": frozen["as_of"],
        "annexes": [annex],
        "frozen": frozen,
    }


def rows(figures: dict[str, Any]) -> list[list[str]]:
    """Return the table's rows: a line each, then the sums."""
    found = [[str(number), *_cells(line)] for number, line in enumerate(figures["lines"], 1)]
    for group in figures["groups"]:
        cap = f"本组封顶{group['cap']}分" if group["cap"] else "不封顶"
        found.append(["", "小计", group["name"], f"各项扣分合计{group['found']}分，{cap}", *[""] * 6, group["points"]])
    bonus = f"加分项合计{figures['bonus_found']}分"
    found.append(["", "合计", "扣分", "各组小计之和，不超过扣分指标总分", *[""] * 6, figures["lost"]])
    found.append(["", "合计", "加分", bonus, *[""] * 6, figures["bonus"]])
    found.append(["", "合计", "考核得分", f"考核结果：{figures['verdict']}", *[""] * 6, figures["total"]])
    return found


def _cells(line: dict[str, Any]) -> list[str]:
    by_hand, vetoes = not line["counts"], line["kind"] == "veto"
    return [
        KINDS[line["kind"]],
        line["title"],
        line["rule"] + (UNCONFIRMED if line["unconfirmed"] else ""),
        line["source"],
        "人工评定" if by_hand else str(line["count"]),
        "—" if vetoes or line["points_each"] == "0" else line["points_each"],
        line["cap"] or "—",
        "—" if vetoes or by_hand else line["computed"] if line["counted"] else "不计",
        "—" if line["adjusted"] == "0" else line["adjusted"],
        ("否决" if line["vetoes"] else "未触发") if vetoes else line["points"],
    ]


def summary(figures: dict[str, Any]) -> list[str]:
    """Return what the sheet comes to, in sentences."""
    told = [f"数据截至{_chinese(figures['as_of'])}，评分权重为第{figures['edition']}版（第0版为系统随附的指标）。"]
    if figures["vetoes"]:
        told.append(f"触发单项否决{len(figures['vetoes'])}项，考核结果为不合格。")
    for each in figures["adjustments"]:
        evidence = f"（依据：{each['evidence']}）" if each["evidence"] else ""
        told.append(f"{each['line']}人工调整{each['points']}：{each['reason'].rstrip('。')}{evidence}。")
    told += [_objection(each) for each in figures["objections"]]
    if figures["agreed"]:
        told.append(f"被考核单位核对无异议（{figures['agreed']}）。")
    told.append("标注“待核”的规则尚未与正式文本核对，或为本办自定。")
    return told


def _objection(each: dict[str, Any]) -> str:
    decided = "予以采纳" if each["upheld"] else "未予采纳"
    return f"被考核单位对{each['line']}提出异议，{decided}：{each['answer'].rstrip('。')}。"


def _chinese(day: str) -> str:
    year, month, number = (int(part) for part in day.split("-"))
    return f"{year}年{month}月{number}日"


def text(unit: str, year: int, figures: dict[str, Any], state: str) -> str:
    """Return the sheet as lines to print in a terminal, from figures frozen or not."""
    lines = [title(year, unit), state, ""]
    lines += ["\t".join(cells) for cells in ([name for name, _width, _align in COLUMNS], *rows(figures))]
    return "\n".join(lines)
