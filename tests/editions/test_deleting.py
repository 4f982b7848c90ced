"""Whatever is planted in a document is proposed, deleted, and found nowhere in the files that the public gets."""

import re
import unicodedata
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.documents.render import close, render
from tracker.editions.jobs import found_in
from tracker.editions.models import PublicEdition
from tracker.editions.paper import page, told
from tracker.editions.policy.deleting import LEFT_OUT, NOTE, Mark, abridged, leaves, places, public
from tracker.editions.policy.finding import find, longer
from tracker.editions.policy.folding import key, visible
from tracker.editions.policy.traces import forms, markup_parts, traces

PEOPLE = ["张三", "欧阳明月", "王丽", "买买提·艾合买提"]


def bulletin(*body: str, rows: list[list[str]] | None = None, **changes: Any) -> dict[str, Any]:
    """The frozen content of an issued bulletin."""
    columns = [{"name": name, "width": 1, "align": ""} for name in ("序号", "单位", "联系人", "手机")]
    annex = {"title": "名单", "landscape": False, "columns": columns, "rows": rows or [], "note": ""}
    return {
        "type": "bulletin", "draft": False, "issuer": "阜新市人民政府办公室", "series": "", "mark": "", "urgency": "",
        "number": "阜政办〔2021〕6号", "title": "关于12月份检查情况的通报", "recipient": "各县、区人民政府",
        "contact": "", "signer_line": "阜新市人民政府办公室", "date": "2021-12-28", "copy_to": [], "printed_by": "",
        "printed_on": "2021-12-29", "verify_url": "http://localhost/v/K7Q2M9XW4T3B", "token": "",
        "body": list(body), "annexes": [annex] if rows else [],
    } | changes  # fmt: skip


def marks_of(content: dict[str, Any]) -> list[Mark]:
    return [Mark(each.text) for each in find(content, PEOPLE)]


def markup(content: dict[str, Any]) -> str:
    from datetime import date

    return page(PublicEdition(content=content, source="市政府办公室", published_on=date(2021, 12, 29)))


WIDE = "139－1234－5678".translate({ord("0") + n: 0xFF10 + n for n in range(10)})
HOSTILE = bulletin(
    "一、总体情况",
    "31个网站、161个账号，共1868条；标识码2109000022，留言20170706b7e1ea81。联系人：张　三，电话：0418-",
    f"2821234转801。手机{WIDE}或+86 138 0013 8001，1380\u200b0138002，(0418)2825678。",
    "邮箱ＡＢＣ@gov.cn、zhang.san@fx.gov.cn，身份证210902199001011234，张三丰同志，欧阳明月同志。",
    rows=[["1", "细河区", "赵钱孙", "138\n0013 8003"], ["2", "海州区", "买买提·艾合买提", "13800138004"]],
    title="关于王丽同志13800138005反映问题的通报",
    contact="政务公开办 周武 0418-2829999",
)
GONE = [
    "张三", "王丽", "周武", "赵钱孙", "欧阳明月", "买买提·艾合买提", "04182821234801", "13912345678", "13800138001",
    "13800138002", "04182825678", "abc@gov.cn", "zhang.san@fx.gov.cn", "210902199001011234", "13800138003",
    "13800138004", "13800138005", "04182829999",
]  # fmt: skip
STAYS = ["1868", "2109000022", "20170706b7e1ea81", "31个网站", "2021年12月28日"]


def test_req_13_numbers_and_names_are_found_however_they_are_written() -> None:
    found = {key(each.text) for each in find(HOSTILE, PEOPLE)}
    assert found == {key(text) for text in GONE}


def test_req_13_the_public_text_has_marks_a_note_and_no_way_to_the_unabridged_paper() -> None:
    content, count = abridged(HOSTILE, marks_of(HOSTILE))
    assert (content["verify_url"], content["contact"], content["omission"]) == ("", "", NOTE)
    assert content["title"] == f"关于{LEFT_OUT}同志{LEFT_OUT}反映问题的通报"
    assert content["body"][1].endswith(f"联系人：{LEFT_OUT}，电话：{LEFT_OUT}")
    assert content["annexes"][0]["rows"] == [["1", "细河区", LEFT_OUT, LEFT_OUT], ["2", "海州区", LEFT_OUT, LEFT_OUT]]
    assert count == 19  # the number that runs through two paragraphs counts twice, the contact line once
    untouched, none = abridged(bulletin("全部合格。"), [])
    assert (untouched["omission"], none) == ("", 0)


def test_a_name_inside_a_longer_one_is_hinted_at_and_the_longer_one_can_stay_whole() -> None:
    content = bulletin("张三负责，张三丰参加，张三同志主持。")
    texts = leaves(public(content))
    assert longer(texts, "张三", places(texts, [Mark("张三")])) == ["张三丰"]
    cut, _count = abridged(content, [Mark("张三"), Mark("张三丰", out=False)])
    assert cut["body"] == [f"{LEFT_OUT}负责，张三丰参加，{LEFT_OUT}同志主持。"]
    assert found_in(printed(cut), markup(cut), "名", [Mark("张三"), Mark("张三丰", out=False)]) == []


def test_neighbours_that_only_look_like_a_number_stay() -> None:
    content = bulletin("2021年12月28日至2022年1月10日，共1868条（472+1337+59）。", rows=[["1", "2109000022", "", ""]])
    assert find(content, PEOPLE) == []


def test_the_page_is_markup_with_headings_a_table_and_nothing_that_runs() -> None:
    content, _count = abridged(
        bulletin("一、总体情况", "<script>alert(1)</script>&amp;", rows=[["1", "<b>", "", ""]]), []
    )
    text = markup(content)
    assert "<h2>一、总体情况</h2>" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;" in text
    assert re.findall(r"<script|<link|<img|<iframe|href=|src=|url\(|@import|javascript:|<!--", text) == []
    assert told(content).day == "2021年12月28日"
    for tag in ("ArticleTitle", "PubDate", "ContentSource"):
        assert f'<meta name="{tag}" content="' in text


def printed(content: dict[str, Any]) -> bytes:
    return render("bulletin", content).pdf


def everything(pdf: bytes) -> tuple[str, bytes]:
    """A PDF's text layer and all its bytes, unpacked; written apart from the check that the product makes."""
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(leaf.get_textpage().get_text_bounded() for leaf in document)
    document.close()
    with pikepdf.open(BytesIO(pdf)) as unpacked:
        streams = [each.read_bytes() for each in unpacked.objects if isinstance(each, pikepdf.Stream)]
        out = BytesIO()
        unpacked.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return text, b"\n".join([pdf, out.getvalue(), *streams])


def survives(wanted: str, text: str, data: bytes = b"") -> bool:
    """Tell whether a string is anywhere: letters only in the text, and in eight encodings in the bytes."""
    bare = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).lower()
    forms_ = {wanted.encode(e) for e in ("utf-8", "utf-16-be", "utf-16-le", "gb18030")}
    forms_ |= {form.hex().encode() for form in forms_} | {wanted.encode("utf-16-be").hex().upper().encode()}
    return re.sub(r"[\W_]", "", key(wanted)) in bare or any(form in data for form in forms_ if len(form) > 5)


@pytest.fixture(scope="module", autouse=True)
def _children() -> Any:
    yield
    close()


@pytest.mark.pdf
def test_req_13_nothing_deleted_is_in_the_files_and_the_check_sees_all_of_it_in_the_unabridged_ones() -> None:
    content, _count = abridged(HOSTILE, marks_of(HOSTILE))
    pdf, html = printed(content), markup(content)
    text, data = everything(pdf)
    assert [each for each in GONE if survives(each, text + html, data)] == []
    assert [each for each in STAYS if each not in text] == []
    assert [each for each in STAYS if each not in html] == []
    assert found_in(pdf, html, "公开版", marks_of(HOSTILE)) == []
    whole = {key(each["text"]) for each in found_in(printed(HOSTILE), "", "名", marks_of(HOSTILE))}
    assert whole == {key(each) for each in GONE}


@cache
def blank() -> bytes:
    return printed(bulletin("正文。"))


@pytest.mark.pdf
@pytest.mark.parametrize("where", ["metadata", "attachment", "annotation", "stream", "name", "utf-16", "comment"])
def test_req_13_the_check_finds_a_string_in_every_corner_of_a_file(where: str) -> None:
    clean, html, marks = blank(), "<p>正文</p>", [Mark("张三"), Mark("0418-2821234")]
    assert found_in(clean, html, "名", marks) == []
    out = BytesIO()
    with pikepdf.open(BytesIO(clean)) as pdf:
        if where == "metadata":
            pdf.docinfo["/Subject"] = "经办：张 三"
        elif where == "attachment":
            pdf.attachments["x.txt"] = "电话 (0418) 282-1234".encode()
        elif where == "annotation":
            note = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Contents="张三", Rect=[0, 0, 1, 1]
            )
            pdf.pages[0].Annots = pdf.make_indirect([note])
        elif where == "stream":
            pdf.Root.Hidden = pdf.make_stream("（张三）".encode("gb18030"))
        elif where == "name":
            pdf.Root[pikepdf.Name("/04182821234")] = 1
        elif where == "utf-16":
            pdf.Root.Hidden = pdf.make_stream(forms("张三")["plain utf-16-be HEX"])
        else:
            html = "<p>正文</p><!-- &#24352;&#19977; -->"
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert found_in(out.getvalue(), html, "名", marks) != []


def notice(problems: int) -> dict[str, Any]:
    """The frozen content of an issued rectification notice."""
    frame = {name: value for name, value in bulletin().items() if name not in ("body", "annexes", "mark", "urgency")}
    item = {
        "subject": "细河发布", "subject_kind": "政务新媒体", "platform": "新浪微博", "code": "",
        "indicator": "两周未更新",
        "level": "单项否决", "place": "首页", "description": "前2周内无更新。", "found_on": "2021-12-20",
    }  # fmt: skip
    return frame | {
        "type": "rectification_notice", "opening": ["经检查，现通知如下。"], "receipt_words": "3日内",
        "requirements": ["（一）立即整改。举一反三。"], "deadline_words": "1月10日前",
        "items": [{"seq": n + 1, **item} for n in range(problems)],
    }  # fmt: skip


@pytest.mark.pdf
@pytest.mark.parametrize(
    "content", [bulletin("一、情况", "（一）甲。乙丙。", rows=[["1", "甲区", "", "丁"]]), notice(2), notice(7)]
)
def test_both_files_say_the_same(content: dict[str, Any]) -> None:
    cut, _count = abridged(content, [Mark("丙")])
    text, _data = everything(render(cut["type"], cut).pdf)
    said = told(cut)
    cells = [cell for annex in said.annexes for table in annex["tables"] for row in table["rows"] for cell in row]
    printed_text = re.sub(r"\s|—\d+—", "", text)
    assert [line for _level, line in said.text if re.sub(r"\s", "", line) not in printed_text] == []
    assert [cell for cell in cells if "（" not in cell and cell not in printed_text] == []
    assert len(said.annexes) == len(re.findall("附件\r?\n", text))


HAN = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动"
SEPARATORS = st.sampled_from(["", "-", " ", "－", "　", "\u200b", "\n", "—"])
FILL = st.text(alphabet=HAN + "，。、；：（）《》", max_size=12)


@st.composite
def numbers(draw: Any) -> tuple[str, str]:
    """A telephone number: its digits, and a way of writing it."""
    mobile = draw(st.booleans())
    digits = (
        "1" + draw(st.sampled_from("3456789")) if mobile else "0418" + draw(st.sampled_from("23456789"))
    ) + "".join(draw(st.lists(st.sampled_from("0123456789"), min_size=9 if mobile else 6, max_size=9 if mobile else 6)))
    cut = (3, 7) if mobile else (4, 8)
    between = draw(SEPARATORS)
    written = (
        between.join((digits[: cut[0]], digits[cut[0] : cut[1]], digits[cut[1] :]))
        if mobile
        else (digits[:4] + between + digits[4:])
    )
    wide = {ord("0") + n: 0xFF10 + n for n in range(10)} if draw(st.booleans()) else {}
    return digits, written.translate(wide)


PLANTS = st.lists(st.tuples(FILL, st.one_of(numbers(), st.sampled_from([(n, n) for n in PEOPLE])), FILL), max_size=3)


@given(PLANTS, PLANTS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_req_13_no_planted_string_survives_the_deletion(body: Any, cells: Any) -> None:
    content = bulletin(
        *(before + "，" + written + "，" + after for before, (_d, written), after in body),
        rows=[["1", before + "、" + written, "", after] for before, (_d, written), after in cells],
    )
    cut, _count = abridged(content, marks_of(content))
    text = "\n".join(leaf.text for leaf in leaves(cut)) + markup(cut)
    planted = [wanted for _before, (wanted, _written), _after in [*body, *cells]]
    assert [wanted for wanted in planted if survives(wanted, text)] == []
    others = visible("".join(before + after for before, _planted, after in [*body, *cells]))
    assert [char for char in others if char in HAN and char not in text] == []


@pytest.mark.pdf
@given(PLANTS, PLANTS)
@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_req_13_no_planted_string_survives_in_the_files(body: Any, cells: Any) -> None:
    content = bulletin(
        "一、情况",
        *(before + "，" + written + "，" + after for before, (_d, written), after in body),
        rows=[["1", before + "、" + written, "", after] for before, (_d, written), after in cells],
    )
    cut, _count = abridged(content, marks_of(content))
    pdf, html = printed(cut), markup(cut)
    text, data = everything(pdf)
    planted = [wanted for _before, (wanted, _written), _after in [*body, *cells]]
    assert [wanted for wanted in planted if survives(wanted, text + html, data)] == []
    assert found_in(pdf, html, "名", marks_of(content)) == []


NOT_SEEN = "\ufe00\U000e0100\u034f\u3164\uffa0\u2800\u180b\u17b4"
"""Variation selectors and fillers: characters without ink that are neither blanks nor controls."""
DISGUISED = [
    *(f"李{char}小{char}明" for char in NOT_SEEN), "李\u0332小\u0332明\u0332", "李·小•明", "李-小_明", "李”“小”“明",
    "一三八一二三四五六七八", "幺叁捌壹贰叁肆伍陆柒捌", "138一2345678",
    "138，1234，5678", "138_1234•5678", "138]1234+5678",
    "⑴⑶⑻⑴⑵⑶⑷⑸⑹⑺⑻", "١٣٨١٢٣٤٥٦٧٨", "".join(f"{digit}\ufe0f\u20e3" for digit in "13812345678"),
    "+86-418-2345678", "（418）2345678", "wang[at]fx.gov.cn", "wang#fx。gov。cn",
]  # fmt: skip


def test_req_13_a_disguised_string_is_deleted_and_one_that_was_not_is_traced() -> None:
    """Signs, fillers, other numerals and words between or instead of the characters hide nothing."""
    marks = [Mark("李小明"), Mark("13812345678"), Mark("0418-2345678"), Mark("wang@fx.gov.cn")]
    said = [abridged(bulletin(each), marks)[0]["body"][0].rstrip("\u0332\u20e3") for each in DISGUISED]
    assert said == [LEFT_OUT] * len(DISGUISED)
    whole = [said for said in DISGUISED if not list(traces(markup_parts(f"<p>{said}</p>", "页"), marks))]
    assert whole == []
    spared = ["电话： 418-2345678。", "一、二、三，张、三，1868=472+1337+59", "李先生、小明同志"]
    said = [abridged(bulletin(each), marks)[0]["body"][0] for each in spared]
    assert said == [f"电话： {LEFT_OUT}。", *spared[1:]]


def test_req_13_a_number_said_once_without_its_area_code_is_proposed_too() -> None:
    content = bulletin("电话0418-2821234，亦可拨2821234分机。邮箱zhang[at]fx.gov.cn；传真010-68001234。005，20211228。")
    found = [key(each.text) for each in find(content, PEOPLE)]
    assert found == ["04182821234", "zhang[at]fx.gov.cn", "01068001234", "2821234"]


def test_a_row_of_small_figures_is_no_telephone() -> None:
    cells = [{"name": "合计"}, *({"name": f"{n}月"} for n in range(1, 13))]
    row = ["合计", *"133032313231"]
    content = bulletin("见附件。") | {"annexes": [{"title": "数据", "columns": cells, "rows": [row]}]}
    assert [found for found in find(content, PEOPLE) if found.kind.value == "phone"] == []
