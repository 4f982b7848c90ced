"""Make the Word forms of papers: `python tools/make_word_templates.py` writes templates/documents/<type>/page.docx.

Nobody needs Word for it; whoever has Word may open a page.docx and change it there instead, its placeholders are plain
text. What the placeholders may say is in tracker/documents/word.py. The same source gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import word_letters
from docx.shared import Mm
from word_sheet import Sheet

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "documents"
NAMED = (
    "{{ item.subject }}{% if item.platform or item.code %}（{{ [item.platform or item.subject_kind,"
    ' ("标识码" ~ item.code) if item.code else ""]|select|join("，") }}）'
    "{% elif item.subject_kind %}（{{ item.subject_kind }}）{% endif %}"
)
FACTS = (
    '{{ [("检查指标：" ~ item.indicator) if item.indicator else "", ("定性：" ~ item.level) if item.level else "",'
    ' ("发现日期：" ~ item.found_on|chinese_date) if item.found_on else "",'
    ' ("位置：" ~ item.place) if item.place else ""]|select|join("；") }}'
)
PROBLEM = (
    '{% if c["items"]|length > 1 %}{{ item.seq }}.{% endif %}' + NAMED + '：{{ item.description.rstrip("。") }}'
    "{% if item.description %}。{% endif %}" + FACTS + "。"
)


def rectification_notice() -> Sheet:
    """整改通知单: a letter; more than six problems go into an annex, as on the PDF."""
    sheet = Sheet(letter=True)
    sheet.add("公文落款", word_letters.NUMBER)
    sheet.blank(2)
    sheet.add("公文标题", "{{r c.title|title }}")
    sheet.blank()
    sheet.add("公文顶格", '{{ c.recipient.rstrip("：:") }}：')
    sheet.add("公文正文", "{{p c.opening|text }}")
    sheet.add("公文正文").add_run("一、存在的问题").style = sheet.file.styles["公文黑体"]
    sheet.add("公文正文", '{%p if c["items"]|length > 6 %}')
    sheet.add("公文正文", '检查共发现问题{{ c["items"]|length }}项，逐项情况见附件。')
    sheet.add("公文正文", "{%p else %}")
    sheet.add("公文正文", '{%p for item in c["items"] %}')
    sheet.add("公文正文", PROBLEM)
    sheet.add("公文正文", "{%p endfor %}")
    sheet.add("公文正文", "{%p endif %}")
    sheet.add("公文正文").add_run("二、整改要求").style = sheet.file.styles["公文黑体"]
    sheet.add("公文正文", "{{p c.requirements|text }}")
    sheet.add(
        "公文正文",
        '请于{{ c.deadline_words or "　　月　　日前" }}将整改情况经主要领导签字、盖章后报{{ c.issuer|we }}。',
    )
    with sheet.only('c["items"]|length > 6'):
        sheet.blank()
        sheet.add("公文正文", "附件：问题清单")
    sheet.blank(2)
    sheet.add("公文落款", "{{p c|signed }}")
    with sheet.only("c.contact"):
        sheet.add("公文正文", "（联系方式：{{ c.contact }}）")
    with sheet.only('c["items"]|length > 6'):
        annex(sheet)
    with sheet.only("c.copy_to"):
        sheet.blank()
        sheet.add("抄送", '　抄送：{{ c.copy_to|join("，") }}。')
    return sheet


def annex(sheet: Sheet) -> None:
    """附件 on a new page: the problems as a table whose head is repeated."""
    head = sheet.add("公文顶格")
    head.paragraph_format.page_break_before = True
    head.add_run("附件").style = sheet.file.styles["公文黑体"]
    sheet.blank()
    sheet.add("公文标题", "问题清单")
    sheet.blank()
    sheet.table(
        (14, 43, 28, 14, 57),
        [
            ("序号", "网站或账号", "检查指标", "定性", "问题及发现日期"),
            ('{%tr for item in c["items"] %}', "", "", "", ""),
            (
                "{{ item.seq }}",
                "{{ item.subject }}{% if item.platform or item.subject_kind %}"
                "（{{ item.platform or item.subject_kind }}）{% endif %}"
                "{% if item.code %}标识码：{{ item.code }}{% endif %}",
                "{{ item.indicator }}",
                "{{ item.level }}",
                "{{ item.description }}{% if item.found_on %}（{{ item.found_on|chinese_date }}）{% endif %}"
                "{% if item.place %} {{ item.place }}{% endif %}",
            ),
            ("{%tr endfor %}", "", "", "", ""),
        ],
        heads=1,
    )


def reply_sheet() -> Sheet:
    """整改情况报告 of a unit; the code that a scan is matched by is on the PDF only."""
    sheet = Sheet(letter=False)
    sheet.add("公文标题", "整改情况报告")
    sheet.blank()
    sheet.table(
        (26, 52, 26, 52),
        [
            ("报送单位", "{{ c.unit }}", "主送机关", "{{ c.issuer }}"),
            ("所复通知", "《{{ c.notice_title }}》（{{ c.notice_number }}）", "<", "<"),
            ("报送次数", "第{{ c.round }}次", "报送期限", "{{ c.deadline_words }}"),
            ('{%tr for item in c["items"] %}', "", "", ""),
            ("事项{{ item.seq }}", "{{ item.subject }}", "<", "<"),
            ("存在问题", "{{ item.description }}", "<", "<"),
            ("整改结果", "{{ item.result }}", "完成日期", '{{ (item.finished_on or "")|chinese_date }}'),
            ("整改措施", "{{ item.measure }}", "<", "<"),
            ("责任人", "{{ item.responsible }}", "佐证材料", '{{ item.evidence|join("；") or "无" }}'),
            ("{%tr endfor %}", "", "", ""),
        ],
    )
    sheet.blank()
    signing = [("主要领导（签字）：", "报送单位（盖章）："), ("　　年　　月　　日",) * 2]
    boxes = sheet.table((78, 78), signing)
    boxes.rows[0].height = Mm(45)
    return sheet


FORMS: dict[str, Callable[[], Sheet]] = {
    "rectification_notice": rectification_notice,
    "reply_sheet": reply_sheet,
    "urge": word_letters.urge,
    "supervision_letter": word_letters.supervision_letter,
    "correction": word_letters.correction,
    "bulletin": word_letters.bulletin,
}


def main() -> int:
    """Write every form and name it."""
    for type_, make in FORMS.items():
        path = FOLDER / type_ / "page.docx"
        path.write_bytes(make().bytes())
        print(path.relative_to(FOLDER.parent.parent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
