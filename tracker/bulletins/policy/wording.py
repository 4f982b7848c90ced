"""The bulletin's own sentences: which words fit which counts. Every figure and every quoted problem is a place.

The order of parts is the office's own (its bulletin of 2021-12-28); headings carry no number here, since numbering is
put on when the text is laid out and can therefore neither repeat nor jump.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.bulletins.policy.annexes import LEDGER, MONTHS, see
from tracker.bulletins.policy.binding import Piece, parse
from tracker.bulletins.policy.facts import Facts, Problem
from tracker.bulletins.policy.unanswered import named, unanswered

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
        blocks += [block for key, text in requirements for block in _step(key, text, facts)]
    if facts.due_words and (facts.problems or facts.owed):
        blocks.append(_block("deadline", Role.PLAIN, DEADLINE))
    return blocks


def _step(key: str, text: str, facts: Facts) -> Iterator[Block]:
    yield Block(key, Role.SECTION, (text,))
    if any(demand.key == key for demand in facts.demands):
        yield _block(
            f"{key}{DEMAND}", Role.PLAIN, f"请{{{key}.units}}于{{{key}.due}}，将落实情况报{{office}}政务公开办。"
        )


DEMAND = "-demand"
"""Of a step's key: the sentence that asks some units for an answer by a day of its own."""
DEADLINE = (
    "请相关县区和市政府相关部门于{due}，将本次通报指出具体问题的整改情况经主要领导签字、盖章后报{office}政务公开办。"
)


def _block(key: str, role: Role, template: str) -> Block:
    return Block(key, role, tuple(parse(template)))


def _inspected(facts: Facts) -> bool:
    return facts.counts["sites.total"] + facts.counts["accounts.total"] > 0


def _opening(facts: Facts) -> Iterator[Block]:
    if not _inspected(facts):
        yield _block("opening", Role.PLAIN, "现将{period.full}全市政府网站和政务新媒体监管情况通报如下。")
        return
    text = "按照国家和省关于开展政府网站和政务新媒体监管检查的工作要求，"
    text += "根据{basis}，" if facts.basis else ""
    text += "{office}对全市各级各类政府网站和政务新媒体开展了{period.full}检查。现将有关情况通报如下。"
    yield _block("opening", Role.PLAIN, text)


def _state(facts: Facts) -> Iterator[Block]:
    yield _block("state", Role.PART, "全市政府网站和政务新媒体监管情况")
    yield _block("population", Role.PLAIN, _population(facts))
    yield _block("general", Role.SECTION, "总体情况")
    yield _block("overall", Role.PLAIN, _overall(facts))
    if facts.months:
        yield _block("months", Role.PLAIN, f"{{period}}各月情况{see(facts, MONTHS, 'listed')}。")
    yield _block("reports", Role.ITEM, _reports(facts))
    if published := _published(facts):
        yield _block("published", Role.ITEM, published)
    for work in facts.works:
        yield _block(work.key, Role.ITEM, f"{{{work.key}.heading}}。{{{work.key}.text}}")


def _population(facts: Facts) -> str:
    count = facts.counts
    if not _inspected(facts):
        return "{period.noun}没有开展检查。"
    text = "全市目前共有政府网站{sites.total}家，"
    text += "全市在全国政务新媒体信息报送系统上登记的政务新媒体有{accounts.total}个。"
    everything = (count["sites.checked"], count["accounts.checked"]) == (count["sites.total"], count["accounts.total"])
    covered = "覆盖全市" if everything else "抽查"
    text += f"{{period.noun}}检查{covered}{{sites.checked}}个政府网站和{{accounts.checked}}个政务新媒体，"
    text += "抽查比例为{coverage}。其中，"
    return text + _rate(facts, "sites", "政府网站") + "；" + _rate(facts, "accounts", "政务新媒体") + "。"


def _rate(facts: Facts, kind: str, name: str) -> str:
    """Return the pass rate of a kind, compared with the period before where that was counted.

    Over several months nobody is said to pass who failed in one of them.
    """
    if not facts.counts[f"{kind}.checked"]:
        return f"{name}未抽查"
    lead = f"各次检查均合格的{name}占" if facts.period.several else f"{name}合格率"
    compared = f"，{{before.{kind}.rate}}" if f"{kind}.rate" in facts.before else ""
    return f"{lead}{{{kind}.rate}}{compared}"


def _overall(facts: Facts) -> str:
    sent, done = facts.counts["notices.sent"], facts.counts["notices.done"]
    lead = "从{period}检查情况看，全市各县区、市政府各部门持续加强政府网站与政务新媒体日常管理。"
    lead = lead if _inspected(facts) else ""
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
    yield _block("problems", Role.SECTION, "检查发现的主要问题" if facts.period.several else "存在的主要问题")
    unanswered_ = unanswered(facts)
    if "problems" in facts.before and facts.problems:
        yield _block("compared", Role.PLAIN, _compared(facts))
    for problem in facts.problems[:-1]:
        yield _block(problem.key, Role.ITEM, _problem(facts, problem))
    if facts.problems:
        also = f"另外，{unanswered_}" if unanswered_ else ""
        yield _block(facts.problems[-1].key, Role.ITEM, _problem(facts, facts.problems[-1]) + also)
    elif unanswered_:
        yield _block("owed", Role.PLAIN, "{period.noun}未发现新的问题。" + unanswered_)
    else:
        yield _block("none", Role.PLAIN, "{period.noun}未发现需要通报的问题。")
    for key, template in named(facts):
        yield _block(key, Role.ITEM if facts.problems else Role.PLAIN, template)
    if facts.ledger and facts.annexed.get(LEDGER):
        yield _block(
            "ledger",
            Role.PLAIN,
            f"{{period}}检查发现的问题及整改情况{see(facts, LEDGER, 'listed')}，共{{ledger.rows}}项。",
        )


def _compared(facts: Facts) -> str:
    text = "{period.noun}发现需要通报的问题{problems.total}个"
    text += "，{before.problems}" if "problems" in facts.before else ""
    if "owed" in facts.before:
        text += "；逾期未反馈的整改情况报告{owed.total}份，{before.owed}"
    return text + "。"


def _problem(facts: Facts, problem: Problem) -> str:
    key = problem.key
    who = f"{{{key}.units}}" if len(problem.units) <= NAMED_AT_MOST else f"{{{key}.count}}个单位"
    if problem.annexed:
        again = f"，{{{key}.again}}" if problem.recurring else ""
        return f"{{{key}.title}}。{who}有{{{key}.subjects}}个{problem.noun}存在该问题（{see(facts, key)}）{again}。"
    return f"{{{key}.title}}。{who}：{{{key}.text}}" + (f"{{{key}.again}}。" if problem.recurring else "")
