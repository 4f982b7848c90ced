"""The bulletin's own sentences: which words fit which counts. Every figure and every quoted problem is a place.

The order of parts is the office's own (its bulletin of 2021-12-28); headings carry no number here, since numbering is
put on when the text is laid out and can therefore neither repeat nor jump.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.bulletins.policy.binding import Piece, parse
from tracker.bulletins.policy.facts import Facts, Problem

ANNEX_FROM = 5
"""So many subjects under one indicator are listed in an annex instead of being named in the text."""
NAMED_AT_MOST = 3
"""So many units are named in a sentence; of more the text tells the number."""


class Role(StrEnum):
    """What a block is in the text: it decides type and numbering."""

    PLAIN = "plain"
    PART = "part"
    SECTION = "section"
    ITEM = "item"


@dataclass(frozen=True)
class Block:
    """One paragraph: a name that stays the same over all drafts, its role and its pieces."""

    key: str
    role: Role
    pieces: tuple[Piece, ...]


def written(facts: Facts, requirements: Sequence[tuple[str, str]]) -> list[Block]:
    """Return the whole text as the ledger has it; `requirements` are (key, text) of the next steps."""
    blocks = [*_opening(facts), *_state(facts), *_problems(facts)]
    if requirements:
        blocks.append(_block("next", Role.PART, "下一步工作要求"))
        blocks += [Block(key, Role.SECTION, (text,)) for key, text in requirements]
    if facts.due_words and (facts.problems or facts.owed):
        blocks.append(_block("deadline", Role.PLAIN, DEADLINE))
    return blocks


DEADLINE = (
    "请相关县区和市政府相关部门于{due}，将本次通报指出具体问题的整改情况经主要领导签字、盖章后报{office}政务公开办。"
)


def _block(key: str, role: Role, template: str) -> Block:
    return Block(key, role, tuple(parse(template)))


def _opening(facts: Facts) -> Iterator[Block]:
    text = "按照国家和省关于开展政府网站和政务新媒体监管检查的工作要求，"
    text += "根据{basis}，" if facts.basis else ""
    text += "{office}对全市各级各类政府网站和政务新媒体开展了{period.full}检查。现将有关情况通报如下。"
    yield _block("opening", Role.PLAIN, text)


def _state(facts: Facts) -> Iterator[Block]:
    yield _block("state", Role.PART, "全市政府网站和政务新媒体监管情况")
    yield _block("population", Role.PLAIN, _population(facts))
    yield _block("general", Role.SECTION, "总体情况")
    yield _block("overall", Role.PLAIN, _overall(facts))
    yield _block("reports", Role.ITEM, _reports(facts))
    if published := _published(facts):
        yield _block("published", Role.ITEM, published)
    for work in facts.works:
        yield _block(work.key, Role.ITEM, f"{{{work.key}.heading}}。{{{work.key}.text}}")


def _population(facts: Facts) -> str:
    count = facts.counts
    if not count["sites.total"] + count["accounts.total"]:
        return "{period.noun}没有开展检查。"
    text = "全市目前共有政府网站{sites.total}家，"
    text += "全市在全国政务新媒体信息报送系统上登记的政务新媒体有{accounts.total}个。"
    everything = (count["sites.checked"], count["accounts.checked"]) == (count["sites.total"], count["accounts.total"])
    covered = "覆盖全市" if everything else "抽查"
    text += f"{{period.noun}}检查{covered}{{sites.checked}}个政府网站和{{accounts.checked}}个政务新媒体，"
    text += "抽查比例为{coverage}。其中，"
    text += "政府网站合格率{sites.rate}" if count["sites.checked"] else "政府网站未抽查"
    text += "；政务新媒体合格率{accounts.rate}" if count["accounts.checked"] else "；政务新媒体未抽查"
    if compared := _compared(facts):
        text += f"。{compared}"
    return text + "。"


def _compared(facts: Facts) -> str:
    """Return the comparison with the period before; nothing when that has no snapshot of its own."""
    if "accounts.rate" not in facts.before or not facts.counts["accounts.checked"]:
        return ""
    return "政务新媒体合格率上期为{before.accounts.rate}"


def _overall(facts: Facts) -> str:
    sent, done = facts.counts["notices.sent"], facts.counts["notices.done"]
    lead = "从{period}检查情况看，全市各县区、市政府各部门持续加强政府网站与政务新媒体日常管理。"
    if sent == 0:
        return lead + "{period}{office}未下发政府网站与政务新媒体整改通知单。"
    text = lead + "{period}{office}下发政府网站与政务新媒体整改通知单{notices.sent}份，"
    if done == sent:
        return text + ("已整改完毕。" if sent == 1 else "已全部整改完毕。")
    return text + ("尚在整改。" if done == 0 else "已整改完毕{notices.done}份。")


def _reports(facts: Facts) -> str:
    got, true, closed = (facts.counts[f"reports.{word}"] for word in ("received", "true", "closed"))
    heading = "办理网友找错情况。"
    source = "{reports.from}转办" if facts.reports_from else ""
    if got == 0:
        return f"{heading}{{period}}全市各级政府网站未收到{source}“我为政府网站找错”留言。"
    text = f"{heading}{{period}}全市各级政府网站共受理{source}“我为政府网站找错”留言{{reports.received}}条，"
    text += "经核实均不属实" if true == 0 else "其中问题属实的留言{reports.true}条"
    if closed == got:
        return text + ("，已回复办结。" if got == 1 else "，已全部回复办结。")
    return text + ("，正在办理。" if closed == 0 else "，已回复办结{reports.closed}条。")


def _published(facts: Facts) -> str:
    done, total = facts.counts["changes.done"], facts.counts["published.total"]
    parts = [
        "{period}完成网站更改需求单{changes.done}份" if done else "{period}没有完成的网站更改需求单",
        "{publisher}共发布{published.total}条信息，其中文字信息{published.texts}条，图片信息{published.pictures}条，"
        "视频信息{published.videos}条"
        if total
        else "",
    ]
    return "政府网站集约化平台总体运行良好。" + "，".join(filter(None, parts)) + "。" if done or total else ""


def _problems(facts: Facts) -> Iterator[Block]:
    yield _block("problems", Role.SECTION, "存在的主要问题")
    unanswered = _owed(facts)
    for problem in facts.problems[:-1]:
        yield _block(problem.key, Role.ITEM, _problem(problem))
    if facts.problems:
        also = f"另外，{unanswered}" if unanswered else ""
        yield _block(facts.problems[-1].key, Role.ITEM, _problem(facts.problems[-1]) + also)
    elif unanswered:
        yield _block("owed", Role.PLAIN, "{period.noun}未发现新的问题。" + unanswered)
    else:
        yield _block("none", Role.PLAIN, "{period.noun}未发现需要通报的问题。")


def _owed(facts: Facts) -> str:
    if not facts.owed:
        return ""
    names = "，".join(f"{{{each.key}.unit}}未反馈{{{each.key}.what}}" for each in facts.owed)
    return f"{names}中指出问题的整改情况报告。"


def _problem(problem: Problem) -> str:
    key = problem.key
    who = f"{{{key}.units}}" if len(problem.units) <= NAMED_AT_MOST else f"{{{key}.count}}个单位"
    if problem.annexed:
        return f"{{{key}.title}}。{who}有{{{key}.subjects}}个账号存在该问题（具体名单详见附件）。"
    return f"{{{key}.title}}。{who}：{{{key}.text}}"
