"""Papers as they come out of the child: the same bytes, the right places, nothing fetched, nothing lost."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import pairwise

import pdfplumber
import pikepdf
import pytest
import zxingcpp
from PIL import Image

from tracker.documents import preflight, render
from tracker.documents.geometry import LEFT, PAGE_WIDTH, RIGHT, points
from tracker.documents.preview import page_images
from tracker.documents.render import RenderFailed

pytestmark = pytest.mark.pdf
NOTICE, REPLY = "rectification_notice", "reply_sheet"
BODY = 16.0


@pytest.fixture(autouse=True)
def _fonts_are_here():
    lacking = [each.sentence % each.params for each in preflight.check()]
    if lacking:
        pytest.skip("; ".join(lacking))


def body_lines(pdf: bytes) -> list[list[tuple[float, float, float, str]]]:
    """Return for each page its lines of 16 pt text: (baseline, left, right in mm from the upper left corner, text)."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        return [_lines(page) for page in document.pages]


def _lines(page):
    rows: dict[float, list[dict]] = {}
    for char in page.chars:
        if abs(char["size"] - BODY) < 0.1:
            rows.setdefault(round(page.height - char["matrix"][5], 1), []).append(char)
    mm = points(1)
    return [
        (
            base / mm,
            min(c["x0"] for c in row) / mm,
            max(c["x1"] for c in row) / mm,
            "".join(c["text"] for c in sorted(row, key=lambda c: c["x0"])),
        )
        for base, row in sorted(rows.items())
    ]


def text_of(pdf: bytes) -> str:
    with pdfplumber.open(BytesIO(pdf)) as document:
        return "".join("".join(char["text"] for char in page.chars) for page in document.pages)


def codes(pdf: bytes) -> list[list[str]]:
    """Return what the QR codes of each page say."""
    pictures = [Image.open(BytesIO(picture)) for picture in page_images(pdf, 2300)]
    return [[found.text for found in zxingcpp.read_barcodes(picture)] for picture in pictures]


def test_full_page_has_22_lines_of_28_characters(notice):
    text = "国家和省关于开展政府网站监管检查的工作要求" * 60
    pages = body_lines(render.render(NOTICE, notice(opening=[text])).pdf)
    full = pages[1]
    assert [len(row[3]) for row in full] == [28] * 22
    assert all(abs(row[1] - LEFT) < 0.05 for row in full)
    assert all(abs(row[2] - (PAGE_WIDTH - RIGHT)) < 0.3 for row in full)
    pitches = [after[0] - before[0] for before, after in pairwise(full)]
    assert all(abs(pitch - 225 / 22) < 0.05 for pitch in pitches)


def test_full_lines_of_mixed_text_end_at_the_right_edge(notice):
    text = (
        "按照2021年12月份《指标》（阜政办公开〔2019〕1号），合格率85.09%，Wi-Fi、App等31家，见http://www.fuxin.gov.cn/zwgk/a.html。"
        * 30
    )
    full = body_lines(render.render(NOTICE, notice(opening=[text])).pdf)[1]
    assert [row[2:] for row in full if abs(row[2] - 184) > 0.3] == []


def test_rare_characters_are_shown_and_told_without_moving_the_lines(notice):
    done = render.render(NOTICE, notice(opening=["国" * 26 + "国" * 28 + "朱镕䶮㛃国" + "国" * 60]))
    assert done.fallbacks == ("㛃", "䶮", "镕")
    rows = body_lines(done.pdf)[0]
    assert "朱镕䶮㛃国" in text_of(done.pdf)
    pitches = [after[0] - before[0] for before, after in pairwise(rows[2:8])]
    assert all(abs(pitch - 225 / 22) < 0.06 for pitch in pitches)


def test_character_without_a_font_is_named(notice):
    with pytest.raises(RenderFailed) as failure:
        render.render(NOTICE, notice(recipient="市😀局"))
    assert failure.value.params == {"detail": "😀"}


def test_text_is_shown_as_typed(notice):
    typed = "<script>alert(1)</script>{{7*7}}{%x%}=1+1&amp;<imgsrc=file:///etc/passwd>"
    shown = text_of(render.render(NOTICE, notice(opening=["控\x00制\x07" + typed], title=typed[:40])).pdf)
    assert "控制" + typed in shown.replace(" ", "")


@pytest.mark.parametrize(
    "broken",
    [{"title": "国" * 20_001}, {"requirements": ["一"] * 301}, {"requirements": ["国" * 19_000] * 20}],
)
def test_too_much_is_refused(notice, broken):
    with pytest.raises(RenderFailed):
        render.render(NOTICE, notice(**broken))


def test_missing_value_and_unknown_type_are_named(notice):
    content = notice()
    del content["recipient"]
    with pytest.raises(RenderFailed, match="recipient"):
        render.render(NOTICE, content)
    with pytest.raises(RenderFailed, match="no paper of the type"):
        render.render("../../etc", {})


def test_same_content_same_bytes_in_another_process(notice):
    content = notice(items=8)
    here = render.render(NOTICE, content).sha256
    script = (
        "import json,sys;from tracker.documents import render;"
        f"print(render.render({NOTICE!r}, json.load(sys.stdin)).sha256)"
    )
    there = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps(content).encode(), capture_output=True, check=True
    )
    assert there.stdout.decode().strip() == here


def test_archive_form(notice):
    content = notice(items=8)
    with pikepdf.open(BytesIO(render.render(NOTICE, content).pdf)) as pdf:
        meta = pdf.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
        assert str(pdf.Root.Lang) == "zh-CN"
        assert json.loads(pdf.attachments["notice.json"].get_file().read_bytes()) == content
        with pdf.open_outline() as outline:
            titles = [entry.title for entry in outline.root]
        assert titles == [content["title"], "问题清单"]


def test_six_problems_stand_in_the_text_and_24_in_an_annex(notice):
    six = text_of(render.render(NOTICE, notice(items=6)).pdf)
    many = text_of(render.render(NOTICE, notice(items=24)).pdf)
    assert ("6.示例派出所6" in six, "附件：问题清单" in six) == (True, False)
    assert ("附件：问题清单" in many, many.count("网站或账号") >= 2) == (True, True)


def test_signature_shares_its_page_with_text(notice):
    for length in range(300, 420, 28):
        pages = body_lines(render.render(NOTICE, notice(opening=["国" * length], copy_to=[], contact="")).pdf)
        signed = next(
            rows for rows in pages if any("2021年12月28日" in row[3].replace(" ", "") and row[1] > 90 for row in rows)
        )
        assert signed[0][3].strip() != "阜新市人民政府办公室"


def test_notice_carries_its_verification_code_on_the_first_page_only(notice):
    content = notice(items=8)
    assert codes(render.render(NOTICE, content).pdf)[:2] == [[content["verify_url"]], []]


def test_draft_carries_no_code(notice):
    assert codes(render.render(NOTICE, notice(draft=True, number="")).pdf)[0] == []


def test_each_page_of_a_reply_sheet_names_itself(reply):
    done = render.render(REPLY, reply(items=5))
    assert codes(done.pdf) == [
        [f"http://rectify.example/r/K7Q2M9XW4T3B/1/P{page}of{done.pages}"] for page in range(1, done.pages + 1)
    ]


def test_reply_sheet_has_four_registration_squares(reply):
    picture = Image.open(BytesIO(page_images(render.render(REPLY, reply()).pdf, 2970)[0])).convert("L")
    for x in (155, 2100 - 155):
        for y in (155, 2970 - 155):
            assert picture.getpixel((x, y)) < 40
            assert picture.getpixel((x, y + (60 if y > 1000 else -60))) > 200


def test_children_that_die_are_replaced(notice):
    from tracker.documents import press_room

    first = render.render(NOTICE, notice()).sha256
    for _ in range(press_room.room().size):
        with press_room.room().child() as hold:
            hold[0].process.kill()
            hold[0].process.wait()
    assert render.render(NOTICE, notice()).sha256 == first


def test_several_threads_get_their_own_papers(notice):
    contents = [notice(number=f"阜政办公开改〔2021〕{number}号") for number in range(1, 7)]
    with ThreadPoolExecutor(6) as threads:
        papers = list(threads.map(lambda content: render.render(NOTICE, content), contents))
    assert [content["number"] in text_of(paper.pdf) for content, paper in zip(contents, papers, strict=True)] == [
        True
    ] * 6


def test_no_box_and_no_grumbling(notice, reply):
    from tracker.documents import press_room

    for type_, content in ((NOTICE, notice(items=8, draft=True)), (REPLY, reply(items=3))):
        told, _ = press_room.room().ask({"job": "print", "type": type_, "content": content})
        assert told["complaints"] == []


def test_web_process_never_loads_the_layout_engine():
    script = (
        "import sys;import tracker.documents.render,tracker.documents.preview,tracker.documents.preflight;"
        "print('weasyprint' in sys.modules, 'fontTools' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.decode().strip() == "False False"


def test_child_killed_at_work_is_told_and_harms_nobody_else(notice):
    from threading import Timer

    from tracker.documents import press_room

    with press_room.room().child() as hold:
        Timer(0.2, hold[0].process.kill).start()
        with pytest.raises(EOFError):
            hold[0].ask({"job": "print", "type": NOTICE, "content": notice(items=200)})
        assert "time or memory" in hold[0].obituary()
    assert render.render(NOTICE, notice()).pages > 0
