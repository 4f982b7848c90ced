"""The Word forms of letters about earlier notices, and of the bulletin; run by make_word_templates.py."""

from __future__ import annotations

from typing import Any

from docx.shared import Mm, Pt
from word_sheet import RED, Sheet, element

NUMBER = '{{ c.number or c.get("series", "") ~ "〔" ~ (c.date[:4] or "　　") ~ "〕　号" }}'
"""Of a draft the series with a blank number."""
LATE = (
    '{% if c["items"]|length > 1 %}{{ item.seq }}.{% endif %}《{{ item.notice_title }}》（{{ item.notice_number }}）：'
    '应于{{ item.due }}报送，{{ (item.missing or "至今未报送整改情况").rstrip("。") }}'
    "{% if item.days_late %}，已逾期{{ item.days_late }}个工作日{% endif %}。"
)
ERROR = (
    '{% if c.errors|length > 1 %}{{ item.seq }}.{% endif %}{{ item.where ~ "：" if item.where else "" }}'
    "{% if item.wrong and item.right %}“{{ item.wrong }}”应为“{{ item.right }}”"
    "{% elif item.right %}增加“{{ item.right }}”{% else %}删去“{{ item.wrong }}”{% endif %}。"
)
MANY = 'c["items"]|length > 6'
"""More overdue notices than this stand in an annex, as on the PDF."""


def urge() -> Sheet:
    """催办单."""
    sheet = _head()
    with sheet.only("c.opening"):
        sheet.add("公文正文", "{{p c.opening|text }}")
    with sheet.only("not c.opening"):
        sheet.add(
            "公文正文",
            '经核对，截至{{ c.date|chinese_date if c.date else "　　年　月　日" }}，'
            "你单位尚未按期报送下列通知的整改情况，现予催办。",
        )
    _overdue(sheet, "未按期报送的通知共")
    with sheet.only("c.requirements"):
        sheet.add("公文正文", "{{p c.requirements|text }}")
    sheet.add(
        "公文正文",
        '请于{{ c.deadline_words or "　　月　　日前" }}将整改情况经主要领导签字、盖章后报{{ c.issuer|we }}；'
        "确有困难的，请书面说明原因。",
    )
    return _foot(sheet, "未按期报送整改情况的通知清单")


def supervision_letter() -> Sheet:
    """督办函."""
    sheet = _head()
    with sheet.only("c.opening"):
        sheet.add("公文正文", "{{p c.opening|text }}")
    _heading(sheet, "一、督办事项")
    _overdue(sheet, "你单位逾期未报送整改情况的通知共")
    with sheet.only("c.urged"):
        sheet.add(
            "公文正文",
            "上述事项已于{% for each in c.urged %}{{ each.on|chinese_date }}"
            "{% if each.by %}（{{ each.by }}）{% endif %}{% if not loop.last %}、{% endif %}{% endfor %}"
            "催办{{ c.urged|length }}次。",
        )
    _heading(sheet, "二、有关要求")
    with sheet.only("c.requirements"):
        sheet.add("公文正文", "{{p c.requirements|text }}")
    sheet.add(
        "公文正文",
        '请于{{ c.deadline_words or "　　月　　日前" }}将办理结果经主要领导签字、盖章后报{{ c.issuer|we }}。',
    )
    return _foot(sheet, "督办事项清单")


def correction() -> Sheet:
    """更正函."""
    sheet = _head()
    sheet.add(
        "公文正文",
        "{{ c.issuer|we }}{{ c.corrected.date|chinese_date }}印发的《{{ c.corrected.title }}》"
        '（{{ c.corrected.number }}）有误，{% if c.reason %}{{ c.reason.rstrip("。，") }}，{% endif %}现更正如下：',
    )
    sheet.add("公文正文", "{%p for item in c.errors %}")
    sheet.add("公文正文", ERROR)
    sheet.add("公文正文", "{%p endfor %}")
    with sheet.only("c.closing"):
        sheet.add("公文正文", "{{p c.closing|text }}")
    with sheet.only("not c.closing"):
        sheet.add("公文正文", "原文件其他内容不变。由此带来的不便，敬请谅解。")
    sheet.add("公文正文", "特此更正。")
    return _foot(sheet, "")


def bulletin() -> Sheet:
    """通报 in the general format: red mark and rule, text with its own numbering, annexes, 版记 at the end."""
    sheet = Sheet(letter=False)
    with sheet.only("c.urgency"):
        sheet.add("公文顶格").add_run("{{ c.urgency }}").style = sheet.file.styles["公文黑体"]
    mark = sheet.add("发文机关标志", '{{r (c.mark or c.issuer ~ "文件")|sized(40, 150) }}')
    mark.paragraph_format.space_before, mark.paragraph_format.space_after = Pt(40), Pt(20)
    _rule(sheet.add("公文居中", NUMBER))
    sheet.blank(2)
    sheet.add("公文标题", "{{r c.title|title }}")
    sheet.blank()
    sheet.add("公文顶格", '{{ c.recipient.rstrip("：:") }}：')
    sheet.add("公文正文", "{{p c.body|text }}")
    with sheet.only("c.annexes"):
        sheet.blank()
        sheet.add("公文正文", "{%p for annex in c.annexes %}")
        sheet.add(
            "公文正文",
            '{{ "附件：" if loop.first else "　　　" }}'
            '{{ loop.index ~ "." if c.annexes|length > 1 else "" }}{{ annex.title }}',
        )
        sheet.add("公文正文", "{%p endfor %}")
    _signed(sheet)
    sheet.add("公文正文", "{%p for annex in c.annexes %}")
    head = sheet.add("公文顶格")
    head.paragraph_format.page_break_before = True
    head.add_run('附件{{ loop.index if c.annexes|length > 1 else "" }}').style = sheet.file.styles["公文黑体"]
    sheet.blank()
    sheet.add("公文标题", "{{r annex.title|title }}")
    sheet.blank()
    sheet.add("公文正文", "{{p annex|table }}")
    with sheet.only("annex.note"):
        sheet.add("表格文字", "{{ annex.note }}")
    sheet.add("公文正文", "{%p endfor %}")
    sheet.blank()
    with sheet.only("c.copy_to"):
        sheet.add("抄送", '　抄送：{{ c.copy_to|join("，") }}。')
    sheet.add("抄送", "　{{ c.printed_by or c.issuer }}　　{{ (c.printed_on or c.date)|chinese_date }}印发")
    return sheet


def _head() -> Sheet:
    sheet = Sheet(letter=True)
    sheet.add("公文落款", NUMBER)
    sheet.blank(2)
    sheet.add("公文标题", "{{r c.title|title }}")
    sheet.blank()
    sheet.add("公文顶格", '{{ c.recipient.rstrip("：:") }}：')
    return sheet


def _heading(sheet: Sheet, text: str) -> None:
    sheet.add("公文正文").add_run(text).style = sheet.file.styles["公文黑体"]


def _overdue(sheet: Sheet, told: str) -> None:
    """Add what is overdue: each in a paragraph, or where to look when there are many."""
    with sheet.only(MANY):
        sheet.add("公文正文", told + '{{ c["items"]|length }}件，详见附件。')
    sheet.add("公文正文", f"{{%p if not ({MANY}) %}}")
    sheet.add("公文正文", '{%p for item in c["items"] %}')
    sheet.add("公文正文", LATE)
    sheet.add("公文正文", "{%p endfor %}")
    sheet.add("公文正文", "{%p endif %}")


def _rule(paragraph: Any) -> None:
    """Give the number's line the red rule of the general format, 4 mm below it (7.2.7)."""
    borders = element("w:pBdr")
    borders.append(element("w:bottom", val="single", sz="16", space="11", color=RED))
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"
    )


def _signed(sheet: Sheet) -> None:
    sheet.blank(2)
    sheet.add("公文落款", "{{p c|signed }}")
    with sheet.only("c.contact"):
        sheet.add("公文正文", "（联系方式：{{ c.contact }}）")


def _foot(sheet: Sheet, annexed: str) -> Sheet:
    """Add signature, the annex of that title when there are many, and 抄送."""
    if annexed:
        with sheet.only(MANY):
            sheet.blank()
            sheet.add("公文正文", f"附件：{annexed}")
    _signed(sheet)
    if annexed:
        with sheet.only(MANY):
            _annex(sheet, annexed)
    with sheet.only("c.copy_to"):
        sheet.blank()
        sheet.add("抄送", '　抄送：{{ c.copy_to|join("，") }}。')
    return sheet


def _annex(sheet: Sheet, title: str) -> None:
    head = sheet.add("公文顶格")
    head.paragraph_format.page_break_before = True
    head.add_run("附件").style = sheet.file.styles["公文黑体"]
    sheet.blank()
    sheet.add("公文标题", title)
    sheet.blank()
    table = sheet.table(
        (12, 64, 26, 18, 36),
        [
            ("序号", "通知及文号", "报送期限", "逾期工作日", "未报送事项"),
            ('{%tr for item in c["items"] %}', "", "", "", ""),
            (
                "{{ item.seq }}",
                "{{ item.notice_title }}（{{ item.notice_number }}）",
                "{{ item.due }}",
                '{{ item.days_late or "" }}',
                '{{ item.missing or "整改情况" }}',
            ),
            ("{%tr endfor %}", "", "", "", ""),
        ],
        heads=1,
    )
    table.rows[0].height = Mm(9)
