"""Made-up papers of every type: the same seed gives the same contents, long, short, mixed and strange."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from random import Random
from typing import Any

Content = dict[str, Any]
ISSUER = "阜新市人民政府办公室"
PHRASES = (
    "进一步加强政府网站和政务新媒体管理",
    "按照国家和省有关要求",
    "对照问题逐项整改",
    "健全信息发布审核制度",
    "明确专人负责日常巡检",
    "确保信息内容准确及时",
    "部分栏目更新不及时",
    "存在错别字和错断链",
    "未按期报送整改情况",
    "主要领导亲自过问",
    "举一反三开展自查",
    "全面排查同类问题",
    "严格落实先审后发",
    "切实提高政策解读质量",
    "不断增强企业和群众的获得感",
    "以适当方式通报批评",
)
ODD = (
    "“贯彻总书安全生产”",
    "《政府网站发展指引》（国办发〔2017〕47号）",
    "Wi-Fi、App",
    "85.09%",
    "1868条",
    "http://www.fuxin.gov.cn/zwgk/202112/t20211208_1234567.html",
    "朱镕",
    "王䶮",
    "㛃",
    "2021年12月1日至20日",
    "210900202112280000123456789",
    "‘一网通办’",
    "……",
    "——",
    "20%—30%",
    "（含）",
    "第5期",
    "A类、B类",
    "“十四五”",
    "℃",
    "No.7",
    "〈附则〉",
    "C++",
    "①",
)
TITLE_WORDS = (
    "政府网站",
    "政务新媒体",
    "信息发布",
    "问题",
    "整改",
    "情况",
    "检查",
    "监管",
    "长期未更新",
    "严重表述错误",
    "公安系统",
    "第四季度",
    "2021年12月份",
    "“我为政府网站找错”",
    "栏目",
    "全市",
    "集约化平台",
)
COLUMNS = (
    ("序号", 1, "mid"),
    ("账号名称", 5, ""),
    ("平台", 2.4, "mid"),
    ("主管单位", 2.6, "mid"),
    ("最后更新", 3, "mid"),
    ("天数", 1.6, "end"),
)


def sentence(dice: Random, length: int) -> str:
    """Return a sentence of about `length` characters with odd things in it."""
    parts: list[str] = []
    while sum(map(len, parts)) < length:
        parts.append(dice.choice(PHRASES) + (dice.choice(ODD) if dice.random() < 0.35 else ""))
    return "，".join(parts) + "。"


def title(dice: Random, length: int, ending: str = "通知") -> str:
    """Return a title of about `length` characters, 5 at least."""
    middle = ""
    while len(middle) < length - 5:
        middle += dice.choice(TITLE_WORDS) + dice.choice(("", "", "和"))
    return f"关于{middle[: max(length - 5, 0)].rstrip('“和')}的{ending}".replace("关于的", "关于")


def letter(dice: Random, **more: Any) -> Content:
    """Return what every letter has."""
    number = dice.randint(1, 9999)
    contact = dice.choice(
        ("", "杨×，电话：0418-0000000", "市政府办公室政务公开办公室王××，电话：0418-0000000，传真：0418-0000001")
    )
    return {
        "draft": False,
        "issuer": ISSUER,
        "number": f"阜政办公开改〔2021〕{number}号",
        "title": title(dice, dice.randint(5, 60)),
        "recipient": dice.choice(("市公安局", "各县、区人民政府，市政府各部门", "阜新蒙古族自治县人民政府办公室")),
        "opening": [sentence(dice, dice.randint(10, 200)) for _ in range(dice.randint(1, 3))],
        "requirements": [
            f"（{n}）{sentence(dice, dice.randint(20, 120))}" for n in "一二三四五六"[: dice.randint(1, 4)]
        ],
        "deadline_words": "2022年1月10日17:30前",
        "contact": contact,
        "signer_line": ISSUER,
        "date": f"2021-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}",
        "copy_to": [f"市委网信办{n}" for n in range(dice.choice((0, 0, 1, 12)))],
        "verify_url": "http://rectify.example/v/K7Q2M9XW4T3B",
        "token": "K7Q2M9XW4T3B",
    } | more


def problem(dice: Random, seq: int) -> Content:
    """Return one problem of a notice or a reply sheet."""
    return {
        "seq": seq,
        "subject": f"示例派出所{seq}",
        "subject_kind": "政务新媒体",
        "platform": dice.choice(("微信公众号", "新浪微博", "")),
        "code": dice.choice(("", "2109000022")),
        "indicator": "2周内无更新",
        "level": dice.choice(("单项否决", "扣分", "预警")),
        "place": dice.choice(("", "首页", ODD[5])),
        "description": sentence(dice, dice.randint(10, 160)),
        "found_on": "2021-12-20",
    }


def overdue(seq: int) -> Content:
    """Return one notice that was not answered."""
    name = "关于限期整改政务新媒体有关问题的通知"
    return {
        "seq": seq,
        "notice_number": f"阜政办公开改〔2021〕{seq}号",
        "notice_title": name,
        "due": "2022年1月10日前",
        "days_late": seq % 9,
        "missing": "",
    }


def annex(dice: Random, rows: int, *, landscape: bool) -> Content:
    """Return an annex of this many rows."""
    cells = [
        [
            str(n),
            f"示例账号{n}{dice.choice(ODD[3:9])}",
            "微信公众号",
            "市公安局",
            "2021年12月1日",
            str(dice.randint(1, 99)),
        ]
        for n in range(1, rows + 1)
    ]
    columns = [{"name": name, "width": width, "align": align} for name, width, align in COLUMNS]
    return {
        "title": "部分政务新媒体2周内未更新账号名单",
        "landscape": landscape,
        "columns": columns,
        "rows": cells,
        "note": "",
    }


def notice(dice: Random) -> Content:
    """Return a 整改通知单."""
    return letter(dice, items=[problem(dice, n) for n in range(1, dice.choice((0, 1, 1, 2, 3, 6, 7, 24, 40)) + 1)])


def _rows(drawn: int) -> int:
    """Return how many rows an annex has: one in twelve runs to nearly 300."""
    return drawn if drawn <= 55 else 5 * drawn - 2


def bulletin(dice: Random) -> Content:
    """Return a 通报 of 1 to about 30 pages."""
    body = [sentence(dice, 120)]
    for head in "一二三四"[: dice.randint(1, 4)]:
        body.append(f"{head}、{dice.choice(PHRASES)}")
        for second in "一二三四五六"[: dice.randint(1, 6)]:
            body.append(f"（{second}）{sentence(dice, dice.randint(15, 60))}{sentence(dice, dice.randint(40, 200))}")
            body += [f"{n}.{sentence(dice, dice.randint(40, 160))}" for n in range(1, dice.randint(0, 4) + 1)]
    annexes = [
        annex(dice, _rows(dice.randint(1, 60)), landscape=dice.random() < 0.4) for _ in range(dice.choice((0, 1, 1, 2)))
    ]
    told = {
        "mark": "",
        "urgency": dice.choice(("", "特急")),
        "body": body,
        "annexes": annexes,
        "printed_by": "",
        "printed_on": "",
    }
    named = {"number": "阜政办公开〔2021〕6号", "title": title(dice, dice.randint(5, 60), "通报")}
    return (
        {key: value for key, value in letter(dice).items() if key not in {"opening", "requirements", "token"}}
        | told
        | named
    )


def urge(dice: Random) -> Content:
    """Return a 催办单."""
    return letter(dice, items=[overdue(n) for n in range(1, dice.choice((1, 1, 2, 5, 12)) + 1)])


def supervision_letter(dice: Random) -> Content:
    """Return a 督办函."""
    urged = [{"on": "2022-01-11", "by": "电话"}, {"on": "2022-01-13", "by": ""}][: dice.randint(0, 2)]
    return urge(dice) | {"urged": urged}


def correction(dice: Random) -> Content:
    """Return a 更正函."""
    errors = [
        {"seq": n, "where": f"正文第{n}页", "wrong": dice.choice(ODD[2:6]), "right": "85.90%"}
        for n in range(1, dice.randint(1, 9) + 1)
    ]
    corrected = {"number": "阜政办公开〔2021〕6号", "title": "关于2021年12月份检查情况的通报", "date": "2021-12-28"}
    return letter(dice, corrected=corrected, errors=errors, reason=dice.choice(("", "因统计口径有误")), closing=[])


def approval_sheet(dice: Random) -> Content:
    """Return a 处理单."""
    names = ("起草", "审核", "签发", "编号", "用印", "送达", "签收", "报送", "复核", "办结")
    steps = [
        {
            "seq": n + 1,
            "name": names[n % 10],
            "person": "王芳",
            "role": dice.choice(("", "科长")),
            "at": "2021-12-28 15:04",
            "opinion": dice.choice(("", "同意。", sentence(dice, 60))),
            "hash": sha256(str(n).encode()).hexdigest(),
        }
        for n in range(dice.randint(3, 30))
    ]
    told = letter(dice)
    kept = {key: told[key] for key in ("draft", "issuer", "number", "title", "recipient", "date")}
    return kept | {
        "kind": "整改通知单",
        "drafter": "王芳",
        "unit": "政务公开办",
        "due": "",
        "steps": steps,
        "head": "",
        "printed_on": "2022-01-11",
    }


def annex_table(dice: Random) -> Content:
    """Return an annex by itself."""
    told = letter(dice)
    kept = {key: told[key] for key in ("draft", "issuer", "number", "title", "date")}
    return kept | {"annexes": [annex(dice, dice.randint(1, 200), landscape=dice.random() < 0.5)]}


def reply_sheet(dice: Random) -> Content:
    """Return a sheet that a unit signs."""
    answered = {
        "result": "已整改",
        "measure": sentence(dice, 80),
        "finished_on": "2021-12-29",
        "responsible": "王×",
        "evidence": ["截图.png"],
    }
    return {
        "draft": False,
        "unit": "市公安局",
        "issuer": ISSUER,
        "notice_number": "阜政办公开改〔2021〕1号",
        "notice_title": title(dice, 20),
        "round": 1,
        "deadline_words": "2022年1月10日前",
        "items": [problem(dice, n) | answered for n in range(1, dice.randint(1, 6) + 1)],
        "url_base": "http://rectify.example",
        "token": "K7Q2M9XW4T3B",
        "version": 1,
        "printed_on": "2022-01-05",
    }


def receipt(dice: Random) -> Content:
    """Return the receipt of a reply."""
    told = reply_sheet(dice)
    kept = {
        key: told[key]
        for key in ("draft", "unit", "issuer", "notice_number", "notice_title", "round", "deadline_words")
    }

    def file(label: str) -> dict[str, Any]:
        return {"label": label, "name": "截图.png", "pages": 1, "sha256": sha256(label.encode()).hexdigest()}

    by_hand = {"brought_by": "李四", "way": "邮寄", "arrived_at": "2022-01-04 09:30:00"}
    return kept | {
        "receipt": "R-2022-000123",
        "submitted_at": "2022-01-05 15:04:05",
        "submitted_by": "王×",
        "registered": dice.choice((None, by_hand)),
        "content_sha256": sha256(b"items").hexdigest(),
        "files": [file("签字盖章件")],
        "items": [
            {"seq": each["seq"], "subject": each["subject"], "result": "已整改", "files": [file("首页")]}
            for each in told["items"]
        ],
        "date": "2022-01-05",
    }


MAKERS: dict[str, Callable[[Random], Content]] = {
    "rectification_notice": notice,
    "bulletin": bulletin,
    "urge": urge,
    "supervision_letter": supervision_letter,
    "correction": correction,
    "approval_sheet": approval_sheet,
    "annex_table": annex_table,
    "reply_sheet": reply_sheet,
    "receipt": receipt,
}
"""Type → maker of a content; half of a corpus are notices and bulletins, as in life."""


def contents(count: int, seed: int = 2021) -> Iterator[tuple[str, Content]]:
    """Yield `count` papers as (type, content); the n-th depends on `seed` and n only."""
    kinds = [*MAKERS, "rectification_notice", "bulletin", "rectification_notice", "bulletin"]
    for number in range(count):
        type_ = kinds[number % len(kinds)]
        yield type_, MAKERS[type_](Random(f"{seed}-{number}"))  # noqa: S311  (papers for measuring, no secrets)
