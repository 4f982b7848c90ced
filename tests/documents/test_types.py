"""Each type of paper: what it says, where it stands, and that the self-check has nothing against it."""

from io import BytesIO
from random import Random

import pdfplumber
import pikepdf
import pytest

from tracker.cli.bench import corpus
from tracker.documents import annexes, compose, preflight, render
from tracker.documents.measure import measure
from tracker.documents.selfcheck import check_pdf

pytestmark = pytest.mark.pdf


@pytest.fixture(autouse=True)
def _fonts_are_here():
    if preflight.check():
        pytest.skip("fonts or libraries are missing")


def printed(type_, **changes):
    content = corpus.MAKERS[type_](Random(5)) | changes
    done = render.render(type_, content)
    assert [check for check in check_pdf(done.pdf) if not check.ok] == []
    return done


def pages_of(pdf):
    with pdfplumber.open(BytesIO(pdf)) as document:
        return ["".join(char["text"] for char in page.chars) for page in document.pages]


def text_of(pdf):
    return "".join(pages_of(pdf)).replace(" ", "")


def test_corpus_knows_every_type():
    assert sorted(corpus.MAKERS) == compose.types()


@pytest.mark.parametrize("type_", corpus.MAKERS)
def test_a_paper_of_each_type_passes_every_point(of_corpus, type_):
    assert [check for check in check_pdf(of_corpus(type_).pdf) if not check.ok] == []


def test_same_seed_same_corpus():
    assert list(corpus.contents(12)) == list(corpus.contents(12))


SHORT = {
    "opening": ["现将检查中发现的问题通知如下。"],
    "requirements": ["请对照问题立即整改。"],
    "title": "关于限期整改有关问题的通知",
}
ONE = corpus.problem(Random(1), 1) | {"description": "两周内未更新任何信息。", "place": "首页"}


@pytest.mark.parametrize(
    "more", [{}, {"contact": "王芳，电话：0418-0000000"}, {"contact": "", "copy_to": ["市委网信办"]}]
)
def test_notice_of_one_problem_stands_on_one_page(more):
    assert printed("rectification_notice", items=[ONE], **{"contact": "", "copy_to": []} | SHORT | more).pages == 1


def test_lines_come_closer_only_to_save_a_page():
    lines = {done.pages for n in range(10, 400, 60) for done in [printed("correction", reason="因" * n, copy_to=[])]}
    assert lines == {1, 2}


def test_urging_tells_what_is_late():
    text = text_of(printed("urge", items=[corpus.overdue(3)], opening=[]).pdf)
    assert (
        "《关于限期整改政务新媒体有关问题的通知》（阜政办公开改〔2021〕3号）：应于2022年1月10日前报送，至今未报送整改情况，已逾期3个工作日。"
        in text
    )


def test_supervision_letter_tells_when_it_was_urged():
    urged = [{"on": "2022-01-11", "by": "电话"}, {"on": "2022-01-13", "by": ""}]
    assert "已于2022年1月11日（电话）、2022年1月13日催办2次" in text_of(printed("supervision_letter", urged=urged).pdf)


def test_correction_tells_number_wrong_and_right():
    errors = [{"seq": 1, "where": "第一段", "wrong": "85.9%", "right": "85.09%"}]
    errors += [
        {"seq": 2, "where": "", "wrong": "重复句", "right": ""},
        {"seq": 3, "where": "末段", "wrong": "", "right": "12月"},
    ]
    text = text_of(printed("correction", errors=errors).pdf)
    told = [
        "（阜政办公开〔2021〕6号）",
        "第一段：“85.9%”应为“85.09%”。",
        "删去“重复句”。",
        "末段：增加“12月”。",
        "特此更正。",
    ]
    assert [part for part in told if part not in text] == []


def test_approval_sheet_names_every_step():
    content = corpus.MAKERS["approval_sheet"](Random(5))
    content["steps"] = content["steps"][:12]
    text = text_of(render.render("approval_sheet", content).pdf)
    assert [step for step in content["steps"] if step["hash"] not in text or step["name"] not in text] == []


@pytest.mark.parametrize(
    ("length", "pages"),
    [(1, 1), (300, 2), (700, 4)],
)
def test_copies_of_a_letter_stand_on_its_last_even_page_or_its_only_one(length, pages):
    changes = {"opening": ["国" * length], "items": [ONE], "copy_to": ["市委办公室"], "contact": ""}
    done = printed("rectification_notice", **SHORT | changes)
    told = pages_of(done.pdf)
    assert (done.pages, ["抄送" in page for page in told]) == (pages, [False] * (pages - 1) + [True])


def test_long_cells_stay_inside_their_column():
    words = [
        "进一步加强政府网站和政务新媒体管理，确保信息内容准确及时" * 3,
        "http://www.fuxin.gov.cn/zwgk/202112/t2021.html" * 2,
    ]
    rows = [["1", word, "", "", "", "1"] for word in words]
    done = printed("annex_table", annexes=[corpus.annex(Random(1), 1, landscape=False) | {"rows": rows}])
    with pdfplumber.open(BytesIO(done.pdf)) as document:
        page = document.pages[0]
        _, left, right, *_ = sorted({round(line["x0"], 1) for line in [*page.rects, *page.lines] if line["height"] > 9})
        inside = [char for char in page.chars if left + 1 < char["x0"] < right and char["size"] < 11]
    assert max(char["x1"] for char in inside) < right - 2


@pytest.mark.parametrize("length", range(300, 1500, 300))
def test_colophon_stands_on_the_last_even_page(length):
    done = printed("bulletin", body=["国" * length], annexes=[], copy_to=["市委办公室"])
    assert done.pages % 2 == 0
    assert "印发" in pages_of(done.pdf)[-1]


def test_page_after_a_blank_one_has_no_number():
    found = set()
    for lines in range(14, 22, 2):
        paper = measure(printed("bulletin", body=["国" * 28 * (lines + 6)], annexes=[], copy_to=["某"] * 60).pdf)
        blank = [page.number for page in paper.pages if not page.rows]
        found.add(bool(blank))
        bare = [page.number for page in paper.pages if not any(row.base > 266 for row in page.rows)]
        assert bare == ([len(paper.pages) - 1, len(paper.pages)] if blank else [])
    assert found == {True, False}


def test_addressees_that_leave_no_room_move_to_the_colophon():
    recipient = "各县、区人民政府，" * 25 + "市政府各部门"
    done = printed("bulletin", recipient=recipient, annexes=[], copy_to=[])
    first, *_, last = pages_of(done.pdf)
    assert ("各县、区人民政府" in first, "主送：各县、区人民政府" in last) == (False, True)


def test_landscape_annex_is_turned_on_portrait_paper_and_its_bookmark_leads_to_its_head():
    done = printed("bulletin", body=["总体情况如下。"], annexes=[corpus.annex(Random(1), 30, landscape=True)])
    with pikepdf.open(BytesIO(done.pdf)) as document:
        boxes = {tuple(round(float(edge)) for edge in page.MediaBox) for page in document.pages}
        with document.open_outline() as outline:
            place = [round(float(each)) for each in list(outline.root[-1].destination)[2:4]]
    assert (boxes, place) == ({(0, 0, 595, 842)}, [0, 842])
    assert sum(bool(page.turned) for page in measure(done.pdf).pages) >= 2


def test_annex_of_more_than_300_rows_is_split_and_says_so():
    whole = corpus.annex(Random(1), 320, landscape=False)
    parts = annexes.split(whole)
    assert [len(part["rows"]) for part in parts] == [300, 20]
    assert [row for part in parts for row in part["rows"]] == whole["rows"]
    assert annexes.split(parts[1]) == [parts[1]]
    text = text_of(printed("annex_table", annexes=parts[1:]).pdf)
    assert "（第2部分，共2部分）" in text
    assert "本附件共320行，分为2部分，本部分为第301行至第320行。" in text


def test_long_cells_do_not_stop_the_paper():
    rows = [["1", "国" * 2_000, "一", "a" * 2_000, "一", "1"]]
    done = printed("annex_table", annexes=[corpus.annex(Random(1), 1, landscape=False) | {"rows": rows}])
    assert text_of(done.pdf).count("国") == 2_000


@pytest.mark.parametrize("length", range(100, 420, 28))
def test_signature_and_note_share_a_page_with_text_wherever_the_page_ends(length):
    contact = "市政府办公室政务公开办公室王××，电话：0418-0000000，传真：0418-0000001"
    printed("urge", opening=["国" * length], contact=contact, items=[corpus.overdue(1)], requirements=[], copy_to=[])
