"""扫描件归档: one scan of many units' sheets, sorted by the codes and filed from one screen; no page goes astray."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pikepdf
import pytest

from tests import factories as f
from tests.conftest import WorkAs, identity_named
from tests.pages import PageClient
from tests.replies.case import DONE, Case, deliver
from tests.scans import sheets
from tracker.audit.models import Event
from tracker.audit.policy import as_line
from tracker.files.place import originals
from tracker.kit.clock import office_moment
from tracker.kit.errors import Invalid, Missing, Refused
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import Assignment
from tracker.notices.queries import assignment_by_token
from tracker.org.models import Person, Role, Unit
from tracker.org.policy import Work
from tracker.replies.jobs import due_scans, read_scan
from tracker.replies.models import ReadingState, Reply, Stack, StackPart, Way
from tracker.replies.operations import items, rounds, sheet, stacks
from tracker.replies.operations.registering import Arrival
from tracker.replies.operations.review import Opinion, review
from tracker.replies.operations.survey import Loose, Survey, reading_of, stack_by_token, survey
from tracker.replies.paper import sheet_content
from tracker.replies.views import stacks as views
from tracker.scans.filing import Filed, Place
from tracker.scans.read import PageReading

ClientOf = Callable[[str], PageClient]
ARRIVAL = Arrival("各单位自送", Way.PAPER, office_moment("2021-12-28T15:00"))


def answered(work: Work, unit: str, login: str, *, whole: bool) -> str:
    """A delivered one-item assignment of the unit: filled in and its sheet printed, or only acknowledged."""
    clerk = work.session.query(Person).filter_by(login="clerk").one()
    row = deliver(work, work.session.query(Unit).filter_by(name=unit).one(), clerk, 1)
    work.actor = identity_named(work, login)
    row = assignment_by_token(work, row.token)
    reply = rounds.acknowledge(work, row)
    if whole:
        items.write_item(work, row, 1, DONE)
        content = sheet_content(reply, issuer="阜新市人民政府办公室", url_base="http://localhost", today=work.today)
        paper = sheet.order_sheet(work, reply, content)
        paper.state, paper.sha256 = "ready", "0" * 64
    return row.token


@pytest.fixture
def tokens(work_as: WorkAs, case: Case) -> dict[str, str]:
    """whole: filled in and printed; half: nothing filled in; letter: came without a sheet; done: voided."""
    with work_as() as work:
        tax = f.unit(work, "市税务局")
        f.person(work, "contact-tax", Role.CONTACT, unit=tax)
    found = {"letter": case.token}
    for name, unit, login, whole in (
        ("whole", "细河区", "contact-xihe", True),
        ("half", "市公安局", "contact-police", False),
        ("done", "市税务局", "contact-tax", True),
    ):
        with work_as() as work:
            found[name] = answered(work, unit, login, whole=whole)
    with work_as() as work:
        work.session.query(Assignment).filter_by(token=found["done"]).one().state = AssignmentState.VOIDED
    return found


def scan_of(tokens: dict[str, str]) -> bytes:
    """Eight pages: two units shuffled and turned, an old version, a voided notice's, a code of nowhere, a letter."""
    whole, half = tokens["whole"], tokens["half"]
    return sheets.pdf(
        [
            sheets.page(half, 1, 3, 3, turn=180),
            sheets.page(whole, 1, 2, 2, turn=90),
            sheets.page(),
            sheets.page(half, 1, 1, 3),
            sheets.page(whole, 1, 1, 2, turn=270),
            sheets.page(half, 4, 2, 3),
            sheets.page(tokens["done"], 1, 1, 1),
            sheets.page("NOWHERE23456", 1, 1, 1),
        ]
    )


def taken_in(work_as: WorkAs, case: Case, file: bytes, seen: list[PageReading] | None = None) -> str:
    """A stack in the house: really read, or with what the machine is supposed to have seen on its pages."""
    count = len(seen) if seen else len(pikepdf.open(io.BytesIO(file)).pages)
    with work_as(case.clerk) as work:
        stack = stacks.take_in(work, sheets.received(file, count), "12月回执.pdf", ARRIVAL)
        reading = reading_of(work, stack.file)
        if seen and reading:
            reading.state, reading.pages = ReadingState.READY, seen
        token = stack.token
    while due := due_scans():
        read_scan(due[0])
    return token


def surveyed(work: Work, token: str) -> Survey:
    stack = stack_by_token(work, token)
    reading = reading_of(work, stack.file)
    assert reading is not None
    return survey(work, stack, reading.pages)


def test_a_stack_is_sorted_by_its_codes_and_filed_from_one_screen(
    work_as: WorkAs, case: Case, tokens: dict[str, str], client_of: ClientOf
) -> None:
    file = scan_of(tokens)
    token = taken_in(work_as, case, file)
    with work_as(case.clerk, write=False) as work:
        found = surveyed(work, token)
        groups = {name: found.group(tokens[name]) for name in ("whole", "half", "done")}
        filed = {name: group.filed for name, group in groups.items() if group}
        assert filed == {
            "whole": Filed(own=(Place(5, 1, 1, 2), Place(2, 1, 2, 2))),
            "half": Filed(own=(Place(4, 1, 1, 3), Place(1, 1, 3, 3)), missing=(2,), outdated=(Place(6, 4, 2, 3),)),
            "done": Filed(own=(Place(7, 1, 1, 1),)),
        }
        assert [name for name, group in groups.items() if group and group.whole] == ["whole"]
        assert groups["done"] is not None
        assert groups["done"].obstacle is not None
        half = found.group(tokens["half"])
        assert half is not None
        assert found.loose == [Loose(3, "uncoded"), Loose(6, "outdated", half.assignment, 4), Loose(8, "unknown")]
    clerk = client_of("clerk")
    page = clerk.get(f"/stacks/{token}")
    assert "缺第2页，共3页。" in page.text
    assert clerk.get(f"/stacks/{token}/thumbs/5").response.data.startswith(b"\xff\xd8")
    answer = clerk.submit(
        page, f"/stacks/{token}", file=[tokens["whole"], tokens["half"]], **{"page-3": tokens["letter"]}
    )
    assert answer.status == 200, answer.text
    assert "已收到盖章件，待补全事项" in answer.text
    with work_as(write=False) as work:
        parts = {part.assignment.token: part for part in work.session.query(StackPart)}
        assert {t: part.pages for t, part in parts.items()} == {
            tokens["whole"]: [5, 2], tokens["half"]: [4, 1], tokens["letter"]: [3],
        }  # fmt: skip
        assert {t: bool(part.reply.receipt) for t, part in parts.items()} == {
            tokens["whole"]: True, tokens["half"]: False, tokens["letter"]: False,
        }  # fmt: skip
        assert all(part.reply.scan_id == part.file_id and part.reply.registered_by for part in parts.values())
        with originals().open(parts[tokens["whole"]].file.sha256) as copy:
            assert [page.get("/Rotate", 0) for page in pikepdf.open(copy).pages] == [90, 270]
        stack = work.session.query(Stack).one()
        assert stack.file.sha256 == hashlib.sha256(file).hexdigest()  # the scan itself stays as it came
        told = work.session.query(Event).filter_by(word="stack:filed").all()
        assert {event.detail["pages"] for event in told} == {"2、5", "1、4", "3"}
    again = clerk.get(f"/stacks/{token}")
    assert f'name="file" value="{tokens["whole"]}"' not in again.text


def test_p03_no_unit_opens_a_stack_or_gets_a_page_of_another(
    work_as: WorkAs, case: Case, tokens: dict[str, str], client_of: ClientOf
) -> None:
    both = sheets.seen(2, tokens["whole"])
    both["codes"] += sheets.seen(2, tokens["half"])["codes"]  # two sheets copied onto one page
    seen = [sheets.seen(1, tokens["half"], 4), both, sheets.seen(3, tokens["half"])]
    token = taken_in(work_as, case, sheets.pdf([sheets.page()] * 3), seen)
    with work_as(case.clerk, write=False) as work:
        found = surveyed(work, token)
    for given in (
        {1: tokens["whole"]},
        {2: tokens["whole"]},
        {2: tokens["half"]},
        {3: tokens["whole"]},
    ):  # coded pages stay with their case
        with pytest.raises(Refused):
            stacks.chosen_pages(found, [], given)
    contact = client_of("contact-xihe")
    for url in ("/stacks", f"/stacks/{token}", f"/stacks/{token}/pages/1", f"/stacks/{token}/thumbs/1"):
        assert (url, contact.get(url).status) == (url, 404)


def test_who_files_a_reply_does_not_review_it(
    work_as: WorkAs, case: Case, tokens: dict[str, str], client_of: ClientOf
) -> None:
    token = taken_in(work_as, case, sheets.pdf([sheets.page()]), [sheets.seen(1, tokens["whole"])])
    reviewer = client_of("reviewer")
    reviewer.submit(reviewer.get(f"/stacks/{token}"), f"/stacks/{token}", file=[tokens["whole"]])
    with pytest.raises(Missing), work_as(case.reviewer) as work:
        review(work, assignment_by_token(work, tokens["whole"]), Opinion())


def test_what_was_filed_or_changed_meanwhile_is_not_filed_twice(
    work_as: WorkAs, case: Case, tokens: dict[str, str], client_of: ClientOf
) -> None:
    seen = [sheets.seen(1, tokens["whole"]), sheets.seen(2)]
    token = taken_in(work_as, case, sheets.pdf([sheets.page()] * 2), seen)
    clerk, reviewer = client_of("clerk"), client_of("reviewer")
    first, second = (client.get(f"/stacks/{token}") for client in (clerk, reviewer))
    assert clerk.submit(first, f"/stacks/{token}", file=[tokens["whole"]]).status == 200
    late = reviewer.submit(second, f"/stacks/{token}", file=[tokens["whole"]], **{"page-2": tokens["whole"]})
    assert late.status == 422
    assert "本次未归档" in late.text, late.words
    with work_as(write=False) as work:
        assert work.session.query(StackPart).count() == 1
        assert work.session.query(Reply).filter(Reply.receipt.is_not(None)).count() == 1


def test_bad_stacks_are_refused_with_a_sentence(work_as: WorkAs, case: Case, client_of: ClientOf) -> None:
    with work_as(case.clerk):
        picture = replace(sheets.received(f.png(), 1), kind="png")
        endless = sheets.received(b"%PDF-1.7 many", 61)
    unknown = Arrival(" ", None, office_moment("2022-12-28T15:00"))
    for source, arrival, refusal in (
        (picture, ARRIVAL, Refused),
        (endless, ARRIVAL, Refused),
        (picture, unknown, Invalid),
    ):
        with pytest.raises(refusal), work_as(case.clerk) as work:
            stacks.take_in(work, source, "回执.pdf", arrival)
    clerk = client_of("clerk")
    page = clerk.submit(clerk.get("/stacks"), "/stacks", brought_by="", way="paper", arrived_at="昨天")
    assert page.status == 422
    assert "请按“2022-01-05 09:30”填写" in page.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_the_unit_changes_while_pages_are_copied_is_not_submitted_with_its_old_signature(
    work_as: WorkAs, case: Case, tokens: dict[str, str], client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = taken_in(work_as, case, sheets.pdf([sheets.page()]), [sheets.seen(1, tokens["whole"])])
    copy = views.split

    def meanwhile(*asked: Any) -> list[bytes]:
        with work_as() as work:
            work.actor = identity_named(work, "contact-xihe")
            items.write_item(work, assignment_by_token(work, tokens["whole"]), 1, replace(DONE, measure="另写一句。"))
        return copy(*asked)

    monkeypatch.setattr(views, "split", meanwhile)
    clerk = client_of("clerk")
    clerk.submit(clerk.get(f"/stacks/{token}"), f"/stacks/{token}", file=[tokens["whole"]])
    with work_as(write=False) as work:
        part = work.session.query(StackPart).one()
        assert (part.reply.receipt, part.reply.items[0].measure) == (None, "另写一句。")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_p03_the_name_of_a_stack_is_not_told_to_its_units(
    work_as: WorkAs, case: Case, tokens: dict[str, str], client_of: ClientOf
) -> None:
    token = taken_in(work_as, case, sheets.pdf([sheets.page()]), [sheets.seen(1, tokens["whole"])])
    with work_as() as work:
        work.session.query(Stack).one().file.name = "海州区等两家.pdf"
    clerk = client_of("clerk")
    clerk.submit(clerk.get(f"/stacks/{token}"), f"/stacks/{token}", file=[tokens["whole"]])
    with work_as() as work:
        part = work.session.query(StackPart).one()
        events = work.session.query(Event).filter_by(case=f"assignment:{part.assignment_id}").all()
        shown = [as_line(event, str)["sentence"] for event in events] + [part.file.name]
    page = client_of("contact-xihe").get(f"/assignments/{tokens['whole']}/receipt/1")
    assert [text for text in [*shown, page.words] if "海州区" in text] == []
