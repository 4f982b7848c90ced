"""Replies that came another way: sealed electronically, as a picture by messenger, as a stack of paper."""

import io

from PIL import Image

from tracker.cli.bench.signatures.authorities import Authority, sign
from tracker.cli.demo.acts import DAY, LEADER, MEASURE, assignment_of, fill_items, issue_batch
from tracker.cli.demo.scan import bound, letter, scanned_pages
from tracker.cli.demo.stage import Stage, unit
from tracker.documents.models import Paper
from tracker.files.place import originals
from tracker.kit.clock import office_moment
from tracker.kit.host import host
from tracker.org.operations.certificates import register_certificate
from tracker.replies.jobs.sheets import render_sheet
from tracker.replies.models import Result, Way
from tracker.replies.operations.items import Written, write_line
from tracker.replies.operations.registering import Arrival, hold, register
from tracker.replies.operations.rounds import acknowledge
from tracker.replies.operations.scan import put_scan, take_scan
from tracker.replies.operations.sheet import order_sheet
from tracker.replies.operations.stacks import take_in
from tracker.replies.operations.submission import submit
from tracker.replies.policy import in_order
from tracker.replies.queries import draft

TITLE = "关于限期整改政府网站栏目更新问题的通知"
SEALED = "qinghemen"
STACKED = ("taiping", "fumeng")
PICTURED = "haizhou"
AUTHORITY = "示例电子认证服务机构（演示）"
LETTER = (
    "关于整改情况的报告（示例）",
    "市政府办公室：",
    "　　你办通知收悉。我区立即组织核查，对照通知所列问题逐项整改，",
    "现将有关情况报告如下：已组织专人逐项核实并完成整改，健全信息发布",
    "审核和日常巡检制度，明确责任科室和责任人。",
    "　　特此报告。",
    "　　　　　　　　　　　　　　　　　　　　　　2021年12月28日",
)
MORE = (
    "补充说明（示例）",
    "　　另有两个栏目已按要求下线归并，栏目地址见附页。",
    "　　　　　　　　　　　　　　　　　　　　　　2021年12月28日",
)


def arrivals(stage: Stage, findings: list[int]) -> None:
    """Issue one more batch: one unit seals its reply electronically, two bring paper. A fourth sends a picture.

    Left for the office to do: file the stack, review the electronic seal and the picture without a seal (代录).
    """
    opening = "根据12月份检查情况，发现你单位政府网站存在以下问题。现将有关事项通知如下。"
    issue_batch(stage, findings, "2022-01-10", DAY + "10:05", DAY + "10:30", opening, TITLE)
    printed = {code: _printed(stage, code) for code in (SEALED, *STACKED)}
    _sealed(stage, printed[SEALED])
    _pictured(stage)
    _stacked(stage, [printed[code] for code in STACKED])


def _printed(stage: Stage, code: str) -> bytes:
    """Let a unit acknowledge, fill its items and print the sheet; return the sheet."""
    with stage.at(DAY + "14:50", f"contact-{code}") as work:
        acknowledge(work, assignment_of(work, code))
    with stage.at(DAY + "15:00", f"contact-{code}") as work:
        content = fill_items(work, code)
        paper = order_sheet(work, draft(work, assignment_of(work, code)), content)
        work.session.flush()
        paper_id = paper.id
    render_sheet(paper_id)
    with stage.at(DAY + "15:00") as work, originals().open(work.session.get_one(Paper, paper_id).sha256 or "") as file:
        return file.read()


def _sealed(stage: Stage, sheet: bytes) -> None:
    """Trust a made-up authority, register the unit's certificate, and let the unit reply with a signed PDF."""
    moment = office_moment(DAY + "15:10")
    authority = Authority(AUTHORITY, moment)
    with stage.at("2021-12-20T09:00", "clerk") as work:
        place = unit(work, SEALED)
        holder = authority.signer(place.full_name)
        register_certificate(work, place.id, holder.pem)
    _trust(authority)
    with stage.at(DAY + "15:15", f"contact-{SEALED}") as work:
        signed = sign(sheet, holder, moment=moment)
        put_scan(work, assignment_of(work, SEALED), io.BytesIO(signed), "整改情况报告-电子签名（示例）.pdf")
    with stage.at(DAY + "15:20", f"contact-{SEALED}") as work:
        submit(work, assignment_of(work, SEALED))


def _trust(authority: Authority) -> None:
    """Put the authority and its revocation list where the administrator of the machine would put them."""
    for folder, name, data in (
        ("roots", "示例（演示）.cer", authority.certificate_der),
        ("crls", "示例（演示）.crl", authority.crl()),
    ):
        place = host().settings.trust / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)


def _pictured(stage: Stage) -> None:
    """Register for a unit what it sent by messenger: a page of its own, on which no seal is to be found."""
    picture = io.BytesIO()
    letter(LETTER, seed=7).save(picture, "JPEG", quality=85)
    picture.seek(0)
    with stage.at(DAY + "15:40", "clerk") as work:
        assignment = assignment_of(work, PICTURED)
        arrival = Arrival("何雨（区政府办信息科）", Way.MESSENGER, office_moment(DAY + "15:30"))
        reply = hold(work, assignment, arrival)
        for line in in_order(reply):
            write_line(work, assignment, line, Written(Result.FIXED, MEASURE, work.today, LEADER))
        take_scan(work, assignment, reply, picture, "海州区整改情况报告（示例）.jpg")
        register(work, assignment)


def _stacked(stage: Stage, sheets: list[bytes]) -> None:
    """Hand in a stack: two units' sheets in no order, one page upside down, and a page without a code."""
    first, second = (scanned_pages(sheet, seed=number) for number, sheet in enumerate(sheets, 11))
    pages = [*second, letter(MORE, seed=8), *(page.transpose(Image.Transpose.ROTATE_180) for page in first)]
    with stage.at(DAY + "16:10", "clerk") as work:
        arrival = Arrival("各单位专人送达（示例）", Way.PAPER, office_moment(DAY + "16:00"))
        take_in(work, io.BytesIO(bound(pages)), "12月28日下午送达回执（示例）.pdf", arrival)
