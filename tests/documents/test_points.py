"""Every point of the self-check is seen to fail: one thing on a right paper is made wrong, that point alone says so."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from random import Random

import pikepdf
import pytest

from tracker.cli.bench import corpus
from tracker.documents import preflight, press_room
from tracker.documents.child import read_frame, write_frame
from tracker.documents.selfcheck import check_pdf, report

pytestmark = pytest.mark.pdf
LINE = '<p class="body fang"><span class="line" style="{}">{}</span></p>'
BODY = [
    "总体情况如下。",
    "一、总体情况",
    "（一）工作进展。" + "持续加强管理" * 12,
    "1." + "按要求整改" * 20,
    "2.举一反三。",
]
BODY += ["（二）存在问题。" + "审核把关不严" * 12, "二、工作要求", "请认真落实。" + "持续加强管理" * 100]


@pytest.fixture(scope="module")
def printed():
    """Return a printer of papers with extra CSS and with changes made to their HTML: [(pattern, replacement)]."""
    if preflight.check():
        pytest.skip("fonts or libraries are missing")
    child = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("spoiling_child.py")],
        env=press_room.environment() | {"PYTHONPATH": str(press_room.ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )

    def print_(type_, content, css="", *changes):
        job = {"type": type_, "content": content, "css": css, "changes": changes}
        write_frame(child.stdin, json.dumps(job).encode())
        child.stdin.flush()
        return read_frame(child.stdout)

    with child:
        yield print_
        child.stdin.close()


def letter(**changes):
    item = corpus.problem(Random(1), 1) | {"description": "未更新", "place": "", "code": "", "platform": "微信公众号"}
    items = [item | {"seq": n} for n in range(1, changes.pop("count", 1) + 1)]
    fixed = {
        "title": "关于限期整改有关问题的通知",
        "recipient": "市公安局",
        "opening": ["国家现将检查情况通知如下。"],
        "items": items,
    }
    fixed |= {"requirements": ["（一）立即整改。" + "举一反三" * 20], "contact": "杨×", "copy_to": []}
    return corpus.letter(Random(1), **(fixed | changes))


def bulletin(**changes):
    fixed = {
        "body": BODY,
        "annexes": [],
        "urgency": "",
        "copy_to": ["市委办公室"],
        "contact": "",
        "recipient": "各县、区人民政府",
    }
    return corpus.bulletin(Random(1)) | fixed | changes


def annexed(landscape=False):
    return bulletin(annexes=[corpus.annex(Random(1), 30, landscape=landscape)])


def failing(pdf):
    return sorted({check.id for check in check_pdf(pdf) if not check.ok})


def before_signature(style):
    return ('<div class="signature">', LINE.format(style, "国国国国") + '<div class="signature">')


ADDRESSEE = (r'margin-left:0\.000pt">市公安局', 'margin-left:31.6pt">市公安局')
LOOSE = (r'(spacing:)-?[\d.]+(pt;margin-left:31[.\d]*pt">国国)', r"\1-0.5\2")
FACE = ("国家", '<b style="font:normal 16pt GW XBSong;line-height:0">国</b>家')
BREAK = ("</p>", '</p><div style="break-after:page"></div>')
DATE = (r"(>2021年)(\d+月\d+日</p>)", r"\g<1>0\2")
HIGH = ('<h1 class="title">', '<h1 class="title" style="position:relative;top:-8mm">')
LONG = {"opening": ["国" * 400]}
LETTERS = [
    ("P2", LONG, "", before_signature("margin-left:400pt")),
    ("P3", {"opening": ["国" * 700]}, "body{line-height:30.37pt}.line,.blank{height:30.37pt}"),
    ("P3", LONG, "", LOOSE),
    ("P4", LONG, "", before_signature("margin-left:31.6pt;font-size:15.2pt;position:relative;top:0.3pt")),
    ("P4", {}, "", FACE),
    ("P5", {}, ".issuer{margin-left:2mm}"),
    ("P6", {}, ".number{margin-right:2mm}"),
    ("P6", {"number": "阜政办公开改〔2021〕第1号"}, ""),
    ("P6", {"number": "阜政办公开改[2021]1号"}, ""),
    ("P8", {}, ".double{width:166mm;margin-left:2mm}"),
    ("P8", {}, ".foot-line{margin-top:2mm}"),
    ("P10", {}, "h1.title{font-size:20pt}"),
    ("P10", {}, 'h1.title{font-family:"GW Hei"}'),
    ("P10", {}, "h1.title{text-align:left}"),
    ("P11", {}, "", ADDRESSEE),
    ("P12", {}, "", BREAK),
    ("P13", LONG, "", before_signature("margin-left:15.8pt")),
    ("P14", {}, 'p.hei{font-family:"GW Fang"}'),
    ("P14", {"requirements": ["（二）立即整改。"]}, ""),
    ("P15", {"count": 8}, ".blank.annexes{height:0}"),
    ("P16", {}, ".signature .under{position:relative;left:-4mm}"),
    ("P20", {"contact": ""}, "", DATE),
    ("P21", {"contact": ""}, ".signature{break-before:page}.signature .blank{height:0}"),
    ("P22", {}, "", ("（联系方式", "联系方式")),
    ("P23", {"count": 8}, '.annex .hei{font-family:"GW Fang"}'),
    ("P25", {"copy_to": ["市委网信办"]}, ".colophon p{margin-left:3mm}"),
    ("P27", {"count": 30}, "@page :left{@bottom-left{padding-top:8.35mm}}"),
    ("P27", {"count": 30}, "@page :left{@bottom-left{padding-left:24pt}}"),
    ("P28", {}, ".red{color:#a00000}"),
]
GENERALS = [
    ("P1", {}, "@page{size:216mm 303mm;margin:37mm 32mm 40.95mm 28mm}"),
    ("P5", {}, ".mark{margin-left:2mm}"),
    ("P6", {}, ".centred{margin-left:2mm}"),
    ("P8", {}, ".rule{width:150mm;left:3mm}"),
    ("P8", {}, ".rule{margin-top:2mm}"),
    ("P9", {"urgency": "特急"}, ".urgency{top:10mm}"),
    (
        "P10",
        {},
        "",
        HIGH,
    ),
    ("P14", {"body": [*BODY, "四、其他"]}, ""),
    ("P14", {"body": [*BODY[:3], "（一）重复。又一段。"]}, ""),
    ("P24", {}, ".colophon .thick{height:0.6mm}"),
    ("P24", {}, ".colophon{bottom:-3mm}"),
    ("P26", {}, ".colophon .who{left:0}"),
    ("P26", {"printed_on": "年底"}, ""),
    ("P27", {}, "@page :left{@bottom-left{content:none}}"),
]


@pytest.mark.parametrize("case", LETTERS, ids=lambda case: case[0])
def test_one_wrong_thing_on_a_letter_fails_its_point_alone(printed, case):
    point, changes, *spoiling = case
    assert failing(printed("rectification_notice", letter(**changes), *spoiling)) == [point]


@pytest.mark.parametrize("case", GENERALS, ids=lambda case: case[0])
def test_one_wrong_thing_on_a_bulletin_fails_its_point_alone(printed, case):
    point, changes, *spoiling = case
    assert failing(printed("bulletin", bulletin(**changes), *spoiling)) == [point]


@pytest.mark.parametrize(
    ("point", "landscape", "css"),
    [
        ("P29", True, ".wide table{margin-left:-5mm}"),
        ("P23", True, ".wide h1{margin-top:15mm}"),
        ("P23", False, "thead{display:table-row-group}"),
    ],
)
def test_one_wrong_thing_in_an_annex_fails_its_point_alone(printed, point, landscape, css):
    assert failing(printed("bulletin", annexed(landscape), css)) == [point]


def test_grey_text_fails_both_points_on_colour(printed):
    assert failing(printed("rectification_notice", letter(), "p.body{color:#777}")) == ["P28", "P4"]


def test_font_left_out_of_the_file_fails(printed):
    with pikepdf.open(BytesIO(printed("rectification_notice", letter()))) as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary) and "/FontFile2" in thing:
                del thing["/FontFile2"]
        out = BytesIO()
        document.save(out)
    assert "P30" in failing(out.getvalue())


def test_right_papers_fail_nothing(printed):
    papers = [("rectification_notice", letter()), ("bulletin", bulletin()), ("bulletin", annexed(landscape=True))]
    assert [failing(printed(*paper)) for paper in papers] == [[]] * 3


def test_report_is_stable_json(printed):
    pdf = printed("bulletin", annexed())
    told = report(pdf)
    assert told == report(pdf)
    assert (told["ok"], told["form"], set(told["checks"][0])) == (True, "通用格式", {"id", "asks", "ok", "found"})
    numbers = [int(check["id"][1:]) for check in told["checks"]]
    assert numbers == sorted(numbers)
