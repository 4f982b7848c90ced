"""P3: every address × everybody. What a person may not use looks like what does not exist, and leaves its line."""

import re
from functools import partial
from itertools import product

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from tests.conftest import WorkAs, identity_named
from tests.pages import H, Page, PageClient, apart
from tests.worlds import CANARY, World
from tracker.audit.models import Event
from tracker.bulletins.models import Bulletin
from tracker.documents.models import Paper
from tracker.files.models import StoredFile
from tracker.indicators.models import IndicatorSet
from tracker.inspections.models import Finding
from tracker.kit.routes import PUBLIC, SIGNED_IN
from tracker.notices.models import Assignment, Notice
from tracker.org.models import Person
from tracker.org.policy import can
from tracker.registry.models import Subject
from tracker.reminders.models import Message
from tracker.web.app import OPEN_ENDPOINTS

OFFICE = ("clerk", "director", "reviewer", "observer", "sysadmin", "secadmin", "auditor")
OF_A, STRANGERS = ("contact-a", "leader-a"), ("contact-b", "moved-from-a")
PERSONAL = {"reminders.open_one"}
"""Signed-in pages whose object belongs to one person."""
NOT_NOW = {
    "assessment.own_sheet", "assessment.own_rows", "assessment.own_pdf", "assessment.sheet_pdf",
    "replies.item", "replies.sheet", "replies.scan", "replies.sheet_pdf", "replies.sheet_page", "replies.review",
    "replies.receipt", "replies.receipt_pdf", "replies.check", "replies.file", "replies.file_page",
    "requests.dispute_evidence", "requests.transfer", "requests.transfer_line", "requests.transfer_evidence",
    "requests.contact_change", "escalation.proposal", "escalation.facts",
    "reminders.calendar_feed",
    "replies.stack", "replies.stack_page", "replies.stack_thumb", "replies.file_part",
    "notices.office_pdf", "notices.office_page", "notices.letter_pdf", "notices.approval_pdf",
    "inspections.evidence", "inspections.evidence_page",
    "inspections.preview_import", "inspections.marked_import",
    "registry.imported", "registry.import_marked",
    "followup.look", "followup.picture", "followup.picture_page",
    "selfcheck.check", "selfcheck.answers", "selfcheck.print_check",
    "selfcheck.own_check", "selfcheck.own_part", "selfcheck.print_own",
    "intake.imported", "intake.import_marked", "exchange.export", "exchange.file",
    "intake.report", "intake.edit_report", "intake.change", "intake.edit_change", "intake.edit_publication",
    "intake.edit_line",
    "bulletins.data_rows", "bulletins.issued_one", "bulletins.issued_pdf", "bulletins.issued_image",
    "editions.edition", "editions.tags", "editions.file", "editions.page_image",
}  # fmt: skip
"""Pages that exist in some stages only: within their right people may meet a 404 there, never anything else amiss."""


def signed_in(app: Flask, login: str) -> PageClient:
    return PageClient(app) if login == "visitor" else PageClient(app).enter(login)


def arguments(work_as: WorkAs, world: World, token: str) -> dict[str, object]:
    """What stands in addresses when they name unit A's matters."""
    with work_as(write=False) as work:
        one = work.session.scalars
        row = one(sa.select(Assignment).where(Assignment.token == token)).one()
        contact = one(sa.select(Person).where(Person.login == "contact-a")).one()
        finding = one(sa.select(Finding).where(Finding.unit_id == world.unit_a, Finding.notice_ref.is_(None))).first()
        message = one(sa.select(Message).where(Message.person_id == contact.id)).first()
        subject = one(sa.select(Subject).where(Subject.sponsor_id == world.unit_a)).first()
        scan = one(sa.select(StoredFile).where(StoredFile.name.contains("盖章件"))).first()
        sheet = one(sa.select(Paper).where(Paper.purpose == "sheet")).first()
        paper = one(sa.select(Paper).where(Paper.owner_id == row.notice_id, Paper.owner_type == "notice")).first()
        assert None not in (finding, message, subject, scan, sheet, paper)
        return {
            "token": token, "batch_id": row.notice.batch_id, "notice_id": row.notice_id, "finding_id": finding.id,
            "message_id": message.id, "subject_id": subject.id, "person_id": contact.id, "unit_id": world.unit_a,
            "file_token": scan.token, "paper_id": paper.id, "n": 1, "page": 1, "part": "seal", "number": 1,
            "version": 1, "secret": "guessed", "transfer_token": "Z" * 16,
            "key": "urge-1-20220110", "month": "2021-12", "measure": "notices",
            "purpose": "official", "verify_code": row.notice.verify_code, "delegation_id": 1, "delivery_id": 1,
            "edition_id": 1, "row_id": 1, "kind": "pdf", "figure": "levels",
            "inspection_id": finding.inspection_id, "kept_token": "Z" * 16,
            "check_id": 1, "subject_part": 0, "recheck_id": 1,
            "year": 2021, "line": "F-VETO", "adjustment_id": 1, "objection_id": 1,
            "report_id": 1, "change_id": 1, "publication_id": 1, "line_id": 1, "view_id": 1,
            "export_id": 1, "what": "reports",
            "bulletin_id": one(sa.select(Bulletin.id)).one(), "line_key": "overall",
            "step_key": "step-1", "flag": "none",
            "code": one(sa.select(IndicatorSet.code)).first(),
        }  # fmt: skip


def address(app: Flask, rule: Rule, known: dict[str, object]) -> str:
    """The rule's address for these objects."""
    values = {name: known[name] for name in rule.arguments if name != "code" or "language" not in rule.rule}
    if "language" in rule.rule:
        values["code"] = "en"
    if rule.rule.startswith("/v/"):
        values["code"] = known["verify_code"]
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN_ENDPOINTS]


def ask(client: PageClient, method: str, url: str) -> tuple[int, str]:
    """Ask without a form key: whoever may post is told 409 about the key, before anything can happen."""
    response = apart(lambda: client.http.open(url, method=method))
    response.close()
    return response.status_code, response.headers.get("Location", "")


@pytest.mark.parametrize("who", ["visitor", *OFFICE, *OF_A, *STRANGERS])
def test_p03_every_address_opens_exactly_to_those_it_declares(
    app: Flask, work_as: WorkAs, world: World, who: str
) -> None:
    known = arguments(work_as, world, world.tokens["submitted"])
    client = signed_in(app, who)
    with work_as(write=False) as work:
        identity = None if who == "visitor" else identity_named(work, who)
    wrong, cells = {}, 0
    for rule in rules(app):
        permission = str(app.view_functions[rule.endpoint].permission)  # type: ignore[attr-defined]
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            status, location = ask(client, method, address(app, rule, known))
            granted = permission in (PUBLIC, SIGNED_IN) or (identity is not None and can(identity, permission))
            cells += 1
            if who == "visitor" and permission != PUBLIC:
                right = status == 302 and location.startswith("/sign-in")
            elif not granted:
                right = status == 404
            elif method == "POST":
                right = status == 409
            elif who in STRANGERS and "token" in rule.arguments:
                right = status == 404
            else:
                right = status in (200, 302) or (status == 404 and rule.endpoint in NOT_NOW)
            if not right:
                wrong[method, rule.rule] = (status, location)
    assert wrong == {}
    print(f"{who}: {cells} cells")


def blank(text: str) -> str:
    """A page without what differs at every answer: its nonce and its form keys."""
    return re.sub(r'nonce="[^"]*"|name="form_key" value="[^"]*"', "", text)


@pytest.mark.parametrize("who", STRANGERS)
def test_p03_a_foreign_matter_answers_as_an_absent_one_in_every_stage(
    app: Flask, work_as: WorkAs, world: World, who: str
) -> None:
    client = signed_in(app, who)
    cells = 0
    found = {}
    mine = [rule for rule in rules(app) if "token" in rule.arguments]
    known = {token: arguments(work_as, world, token) for token in world.tokens.values()}
    key = client.get("/").form("/sign-out").values  # one serves them all: a refused post does not use it up
    for (stage, token), rule in product(world.tokens.items(), mine):
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            pages = []
            for name in (token, "Z" * 16):
                url = address(app, rule, {**known[token], "token": name})
                data = key if method == "POST" else None
                pages.append(apart(partial(client.http.open, url, method=method, data=data)))
            cells += 1
            foreign, absent = pages
            same = blank(foreign.get_data(as_text=True)) == blank(absent.get_data(as_text=True))
            if (foreign.status_code, absent.status_code, same) != (404, 404, True):
                found[stage, method, rule.rule] = (foreign.status_code, absent.status_code, same)
    assert found == {}
    print(f"{who}: {cells} cells")


def crawl(client: PageClient, start: list[str], most: int = 150) -> dict[str, bytes]:
    """Everything a person receives who follows every link, by address."""
    seen: dict[str, bytes] = {}
    todo = list(start)
    while todo and len(seen) < most:
        url = todo.pop(0)
        if url in seen:
            continue
        response = apart(partial(client.http.get, url, follow_redirects=True))
        seen[url] = response.get_data()
        if response.mimetype == "text/html":
            tree = Page(response).tree
            assert tree is not None
            links = [node.get("href") or "" for node in tree.iter(f"{H}a")]
            todo += [link for link in links if link.startswith("/") and link not in seen]
        response.close()
    return seen


LISTS = ["/", "/assignments", "/assignments?state=all", "/inbox", "/sessions", "/password", f"/assignments?q={CANARY}"]


@pytest.mark.parametrize("who", STRANGERS)
def test_p03_nothing_of_unit_a_reaches_unit_b(app: Flask, work_as: WorkAs, world: World, who: str) -> None:
    client = signed_in(app, who)
    tokens = list(world.tokens.values())
    received = crawl(client, [*LISTS, *(f"/assignments/{token}" for token in tokens)])
    leaks = [url for url, body in received.items() if CANARY.encode() in body]
    assert leaks == [], leaks
    names = [token for token in tokens for url, body in received.items() if token not in url and token.encode() in body]
    assert names == []
    assert len(received) > 12
    print(f"{who}: {len(received)} pages, {sum(map(len, received.values()))} bytes")


def test_p03_control_unit_a_itself_does_receive_it(app: Flask, world: World) -> None:
    received = crawl(signed_in(app, "contact-a"), LISTS, most=30)
    assert len([url for url, body in received.items() if CANARY.encode() in body]) > 10


def test_p03_the_public_page_behind_a_papers_code_names_neither_unit_nor_problem(
    app: Flask, work_as: WorkAs, world: World
) -> None:
    known = arguments(work_as, world, world.tokens["submitted"])
    page = PageClient(app).get(f"/v/{known['verify_code']}")
    assert (page.status, CANARY in page.text, world.tokens["submitted"] in page.text) == (200, False, False)


def test_p03_nobody_sees_a_notice_before_it_is_delivered(app: Flask, work_as: WorkAs, world: World) -> None:
    with work_as(write=False) as work:
        query = sa.select(Assignment.token).join(Notice).where(Notice.batch_id == world.batches["undelivered"])
        token = work.session.scalars(query).one()
    assert signed_in(app, "contact-a").get(f"/assignments/{token}").status == 404
    assert signed_in(app, "clerk").get(f"/assignments/{token}").status == 200


def test_p03_a_stopped_person_cannot_come_in(app: Flask, world: World) -> None:
    with pytest.raises(AssertionError, match="could not sign in"):
        PageClient(app).sign_in("stopped-a")


def test_p17_a_person_who_is_moved_loses_the_old_unit_at_once(app: Flask, work_as: WorkAs, world: World) -> None:
    client, url = signed_in(app, "contact-a"), f"/assignments/{world.tokens['submitted']}"
    assert client.get(url).status == 200
    with work_as() as work:
        work.session.scalars(sa.select(Person).where(Person.login == "contact-a")).one().unit_id = world.unit_b
    assert client.get(url).status == 404


def test_p03_every_refusal_leaves_its_line_in_the_record(app: Flask, work_as: WorkAs, world: World) -> None:
    client, url = signed_in(app, "contact-b"), f"/assignments/{world.tokens['closed']}"
    client.get(url)
    client.get("/batches")
    with work_as(write=False) as work:
        query = sa.select(Event).where(Event.word == "access:refused").order_by(Event.id)
        assert [(e.actor_name, e.detail["path"]) for e in work.session.scalars(query)] == [
            ("乙联系人", url),
            ("乙联系人", "/batches"),
        ]


HUGE = str(10**30)
ADDRESSES = {
    "clerk": [
        f"/batches/{HUGE}", f"/batches/1?notice={HUGE}", f"/notices/{HUGE}", f"/notices?unit={HUGE}",
        "/notices?unit=²&q=%00",
        f"/findings?unit={HUGE}&q=%00", f"/findings?subject={HUGE}", f"/findings/new?unit={HUGE}&subject={HUGE}",
        "/notices?after=W251bGxd", f"/registry?unit={HUGE}&q=%00", f"/deliveries?after={HUGE}&state=%00",
        "/indicators/%00?q=%00", "/inspections?after=x", f"/batches?after={HUGE}",
    ],
    "contact-a": [
        f"/assignments?unit={HUGE}&state=%00", "/assignments/%00", f"/inbox?after=u{HUGE}", f"/inbox?after=u{10**17}",
        "/r/%00/1/1", "/assignments?after=%00",
    ],
    "reviewer": [f"/replies?after={HUGE}", "/replies/%00/review", f"/assignments?unit={HUGE}"],
    "sysadmin": [f"/people?unit={HUGE}&q=%00", f"/people/new?unit={HUGE}", f"/people/{HUGE}", f"/units/{HUGE}"],
    "secadmin": [f"/roles?unit={HUGE}&q=%00&role=%00", f"/roles/{HUGE}"],
    "auditor": [f"/record?before={HUGE}&who=%00&case=%00&word=%00&since=%00&until=99999-01-01",
        "/record/export?who=%00"],
    "visitor": ["/sign-in?next=%00&login=%00", "/%00"],
}  # fmt: skip


def test_no_number_or_sign_in_an_address_breaks_a_page(app: Flask, world: World) -> None:
    found = {}
    for who, urls in ADDRESSES.items():
        client = signed_in(app, who)
        for url in urls:
            with apart(partial(client.http.get, url)) as response:
                found[who, url] = response.status_code
    assert {url: status for url, status in found.items() if status not in (200, 400, 404)} == {}
