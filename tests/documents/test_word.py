"""Word files of papers: the office's page and grid, its fonts by name, and every text exactly as it was typed."""

import zipfile
from io import BytesIO
from random import Random

import make_word_templates
import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from tracker.cli.bench import corpus
from tracker.documents.compose import TEMPLATES
from tracker.documents.word import COPY, DRAFT, NoWordForm, word

NOTICE, REPLY = "rectification_notice", "reply_sheet"
HOSTILE = [
    "{{7*7}}", "{% for x in y %}", "{_{8*8}_}", "{%_ x _%}", "{# gone #}", "<w:p>&amp;</w:p>",
    "a & b < c > d \"e\" 'f'", "]]>",
    "${x}", "{{r c.title }}", "{{p c.title }}", "𠮷𰻝 é 〇", "％s %(n)s", "_x0041_",
]  # fmt: skip


def opened(type_: str, content: dict):
    return Document(BytesIO(word(type_, content)))


def told(file) -> list[str]:
    return [paragraph.text for paragraph in file.paragraphs]


def test_page_and_grid_are_those_of_the_standard(notice):
    section = opened(NOTICE, notice()).sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    sides = (section.left_margin, section.right_margin)
    assert [round(each.mm, 1) for each in (*sizes, *sides)] == [210, 297, 37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("linesAndChars", "579")
    high = section.page_height.twips - section.top_margin.twips - section.bottom_margin.twips
    wide = section.page_width.twips - section.left_margin.twips - section.right_margin.twips
    body = opened(NOTICE, notice()).styles["公文正文"].element.rPr
    size = int(body.find(qn("w:sz")).get(qn("w:val"))) * 10 + int(body.find(qn("w:spacing")).get(qn("w:val")))
    assert (high // 579, wide // size) == (22, 28)


def test_fonts_are_named_for_chinese_and_latin(notice):
    styles = opened(NOTICE, notice()).styles
    wanted = {
        "公文正文": ("仿宋_GB2312", 16), "公文标题": ("方正小标宋简体", 22), "发文机关标志": ("方正小标宋简体", 40),
        "抄送": ("仿宋_GB2312", 14),
        "公文黑体": ("黑体", None), "公文楷体": ("楷体_GB2312", None), "页码": ("宋体", 14),
    }  # fmt: skip
    for name, (font, size) in wanted.items():
        fonts = styles[name].element.rPr.find(qn("w:rFonts"))
        assert {fonts.get(qn(f"w:{part}")) for part in ("eastAsia", "ascii", "hAnsi")} == {font}
        assert (styles[name].font.size.pt if styles[name].font.size else None) == size
    assert str(styles["发文机关标志"].font.color.rgb) == "FF0000"


def test_letter_head_lines_and_page_numbers(notice):
    file = opened(NOTICE, notice())
    section = file.sections[0]
    head, foot = section.first_page_header.paragraphs[1], section.first_page_footer.paragraphs[0]
    assert head.text == "阜新市人民政府办公室"
    rules = [each._p.pPr.find(qn("w:pBdr"))[0] for each in (head, foot)]
    assert [(rule.get(qn("w:val")), rule.get(qn("w:color"))) for rule in rules] == [
        ("thickThinSmallGap", "FF0000"),
        ("thinThickSmallGap", "FF0000"),
    ]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (paragraph,) = footer.paragraphs
        assert "".join(each.text for each in paragraph._p.iter(qn("w:t"))) == "— 1 —"
        assert paragraph._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert paragraph._p.find(qn("w:fldSimple")).get(qn("w:instr")) == "PAGE"
    assert file.settings.odd_and_even_pages_header_footer


def test_the_text_says_what_the_paper_says(notice):
    lines = [line for line in told(opened(NOTICE, notice(2))) if line]
    assert lines[0] == "阜政办公开改〔2021〕1号"
    assert lines[1].replace("\n", "") == "关于限期整改政府网站信息发布严重表述错误等问题的通知"
    assert lines[2] == "市公安局："
    assert lines[4:8] == [
        "一、存在的问题",
        "1.示例派出所1（微信公众号）：2021年12月1日至20日未更新任何信息。检查指标：2周内无更新；定性：否决；发现日期：2021年12月20日。",
        "2.示例派出所2（微信公众号）：2021年12月1日至20日未更新任何信息。检查指标：2周内无更新；定性：否决；发现日期：2021年12月20日。",
        "二、整改要求",
    ]
    assert lines[10:] == [
        "请于2022年1月10日前将整改情况经主要领导签字、盖章后报我办。",
        "阜新市人民政府办公室",
        "2021年12月28日",
        "（联系方式：杨×，电话：0418-0000000）",
        "　抄送：市委网信办。",
    ]


def test_levels_keep_their_faces(notice):
    file = opened(NOTICE, notice(requirements=["一、总体要求", "（一）立即整改。对照问题。", "1.逐项。"]))
    faces = {paragraph.text: [run.style.name for run in paragraph.runs] for paragraph in file.paragraphs}
    assert faces["一、总体要求"] == ["公文黑体"]
    assert faces["（一）立即整改。对照问题。"] == ["公文楷体", "Default Paragraph Font"]
    assert faces["1.逐项。"] == ["Default Paragraph Font"]


def test_more_than_six_problems_go_into_a_table_whose_head_is_repeated(notice):
    file = opened(NOTICE, notice(30))
    (table,) = file.tables
    assert len(table.rows) == 31
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.text for cell in table.rows[30].cells][:4] == [
        "30",
        "示例派出所30（微信公众号）",
        "2周内无更新",
        "否决",
    ]
    assert opened(NOTICE, notice(6)).tables == []


@pytest.mark.parametrize("typed", HOSTILE)
def test_a_notice_shows_every_text_as_typed(notice, typed):
    item = {**notice()["items"][0], "description": typed, "subject": typed}
    changes = {"opening": [typed], "requirements": [typed], "contact": typed, "recipient": typed, "copy_to": [typed]}
    changes |= {"title": typed, "issuer": typed, "signer_line": typed, "number": typed, "items": [item]}
    file = opened(NOTICE, notice() | changes)
    lines = told(file)
    assert (lines[0], lines[3].replace("\n", ""), lines[5]) == (typed, typed, f"{typed}：")
    assert lines.count(typed) >= 4
    assert f"（联系方式：{typed}）" in lines
    assert f"　抄送：{typed}。" in lines
    assert [line for line in lines if line.startswith(f"{typed}（微信公众号）：{typed}")] != []
    assert file.sections[0].first_page_header.paragraphs[1].text == typed
    assert file.core_properties.title == typed


@pytest.mark.parametrize("typed", HOSTILE)
def test_a_reply_shows_every_text_as_typed(reply, typed):
    item = {**reply()["items"][0], "description": typed, "measure": f"{typed}\n{typed}", "evidence": [typed]}
    file = opened(REPLY, reply() | {"unit": typed, "issuer": typed, "items": [item]})
    cells = [cell.text for row in file.tables[0].rows for cell in row.cells]
    assert {typed, f"{typed}\n{typed}"} <= set(cells)
    assert (cells[1], cells[3]) == (typed, typed)


def test_controls_are_left_out_as_on_the_paper(notice):
    data = word(NOTICE, notice(opening=["甲\x00\x07\x0b\x1f\ufffe乙\u202e丙\ud800"]))
    assert "甲乙丙" in told(Document(BytesIO(data)))
    with zipfile.ZipFile(BytesIO(data)) as file:
        for name in file.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(file.read(name))


def test_a_draft_says_so_and_an_issued_copy_names_the_pdf(notice, reply):
    draft = notice(draft=True, number="", series="阜政办公开改")
    for type_, content, note in ((NOTICE, draft, DRAFT), (NOTICE, notice(), COPY), (REPLY, reply(), COPY)):
        section = opened(type_, content).sections[0]
        heads = [section.header, section.even_page_header] + [section.first_page_header] * (type_ == NOTICE)
        assert [head.paragraphs[0].text for head in heads] == [note] * len(heads)
    assert told(opened(NOTICE, draft))[0] == "阜政办公开改〔2021〕　号"


def test_signer_and_date_stand_as_on_the_paper(notice):
    file = opened(NOTICE, notice(signer_line="办"))
    signer, date = [each for each in file.paragraphs if each.style.name == "公文落款"][1:]
    ends = [int(each._p.pPr.find(qn("w:ind")).get(qn("w:right"))) for each in (signer, date)]
    assert ends[1] == pytest.approx(4 * 156 / 28 * 56.7, abs=3)
    assert ends[0] > ends[1]


def test_a_type_without_a_form_is_refused(notice):
    for name in ("../notices", "approval_sheet_of_nobody", "", "parts"):
        with pytest.raises(NoWordForm):
            word(name, notice())


@pytest.mark.parametrize("type_", sorted(make_word_templates.FORMS))
def test_the_committed_forms_are_what_the_tool_makes(type_):
    committed = zipfile.ZipFile(TEMPLATES / type_ / "page.docx")
    made = zipfile.ZipFile(BytesIO(make_word_templates.FORMS[type_]().bytes()))
    assert {name: made.read(name) for name in made.namelist()} == {
        name: committed.read(name) for name in committed.namelist()
    }


def test_the_tool_writes_a_form_for_each_type(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(make_word_templates, "FOLDER", tmp_path / "templates" / "documents")
    for name in make_word_templates.FORMS:
        (make_word_templates.FOLDER / name).mkdir(parents=True)
    assert make_word_templates.main() == 0
    assert capsys.readouterr().out.split() == [
        f"templates/documents/{name}/page.docx" for name in make_word_templates.FORMS
    ]


@pytest.mark.parametrize("type_", ["urge", "supervision_letter", "correction", "bulletin"])
def test_every_other_paper_for_sending_has_its_word_file_on_the_grid(type_):
    for seed in (5, 8):
        content = corpus.MAKERS[type_](Random(seed))
        file = opened(type_, content)
        grid = file.sections[0]._sectPr.find(qn("w:docGrid"))
        assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("linesAndChars", "579")
        lines = told(file)
        assert {content["number"], "市公安局：" if content["recipient"] == "市公安局" else lines[0]} <= set(lines)
        assert "".join(content["title"].split()) in "".join("".join(lines).split())
        assert not any("{" in line or "None" in line for line in lines)


def test_an_annex_becomes_a_table_whose_head_is_repeated():
    annex = {
        "title": "名单",
        "columns": [{"name": "序号", "width": 1, "align": "mid"}, {"name": "账号", "width": 5, "align": ""}],
        "rows": [["1", "甲 & <乙>"], ["2", "丙\n丁"]],
        "landscape": False,
        "note": "",
    }
    (table,) = opened("bulletin", corpus.MAKERS["bulletin"](Random(5)) | {"annexes": [annex]}).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["序号", "账号"],
        ["1", "甲 & <乙>"],
        ["2", "丙\n丁"],
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
