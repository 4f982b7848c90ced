"""Units and accounts: the system administrator's pages and rules."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests import factories
from tests.conftest import WorkAs, identity_named
from tests.factories import PASSWORD
from tests.pages import H, Page, PageClient
from tracker.audit.models import Event
from tracker.kit.errors import Invalid, Refused, Stale
from tracker.org.models import Person, Role, Unit, UnitKind
from tracker.org.operations.people import (
    Particulars,
    UnitParticulars,
    add_person,
    add_unit,
    change_person,
    change_unit,
    reset_password,
    stop_person,
)
from tracker.org.queries import roles_of, unit_tree

ClientOf = Callable[[str], PageClient]


@pytest.fixture(autouse=True)
def _office(app: object, work_as: WorkAs) -> None:
    with work_as() as work:
        factories.person(work, "sysadmin", Role.SYSTEM_ADMIN, name="系统员")
        factories.person(work, "contact", Role.CONTACT, name="联络员", unit=factories.unit(work))


def id_of(work_as: WorkAs, login: str) -> int:
    with work_as(write=False) as work:
        return work.session.scalars(sa.select(Person.id).where(Person.login == login)).one()


def test_a_new_account_gets_a_first_password_shown_once(
    client_of: ClientOf, visitor: PageClient, work_as: WorkAs
) -> None:
    admin = client_of("sysadmin")
    form = admin.get("/people/new")
    page = admin.submit(form, "/people/new", login="ZhangSan", name="张三", title="科员")
    assert page.status == 201
    assert page.tree is not None
    first = "".join(next(n for n in page.tree.iter() if n.get("id") == "first-password").itertext())
    again = admin.submit(form, "/people/new", login="ZhangSan", name="张三", title="科员")
    assert again.path == f"/people/{id_of(work_as, 'zhangsan')}"
    assert first not in again.words
    done = visitor.submit(visitor.get("/sign-in"), "/sign-in", login="zhangsan", password=first)
    assert done.path.split("?")[0] == "/password"
    with work_as(write=False) as work:
        assert first not in str(work.session.scalars(sa.select(Event.detail)).all())


def test_what_is_wrong_with_an_account_is_told_at_its_field(app: object, work_as: WorkAs) -> None:
    with pytest.raises(Invalid) as refused, work_as() as work:
        add_person(work, "Contact!", Particulars("某人", unit_id=999, email="nowhere"))
    assert set(refused.value.problems) == {"login", "unit_id", "email"}
    with pytest.raises(Invalid) as refused, work_as() as work:
        add_person(work, "contact", Particulars("某人", factories.unit(work).id))
    assert set(refused.value.problems) == {"login"}


def test_p17_a_stopped_account_loses_its_session_and_cannot_sign_in(
    client_of: ClientOf, visitor: PageClient, work_as: WorkAs
) -> None:
    admin, contact = client_of("sysadmin"), client_of("contact")
    page = admin.get(f"/people/{id_of(work_as, 'contact')}")
    stopped = admin.submit(page, "/stop")
    assert contact.get("/password").path.startswith("/sign-in")
    assert visitor.submit(visitor.get("/sign-in"), "/sign-in", login="contact", password=PASSWORD).path == "/sign-in"
    admin.submit(stopped, "/resume")
    assert client_of("contact").get("/password").path == "/password"


def test_p17_a_password_reset_ends_the_sessions(client_of: ClientOf, work_as: WorkAs) -> None:
    admin, contact = client_of("sysadmin"), client_of("contact")
    assert admin.submit(admin.get(f"/people/{id_of(work_as, 'contact')}"), "/reset").status == 201
    assert contact.get("/password").path.startswith("/sign-in")


def test_nobody_stops_or_resets_himself(work_as: WorkAs) -> None:
    for act in (stop_person, reset_password):
        with work_as() as work:
            work.actor = identity_named(work, "sysadmin")
            with pytest.raises(Refused):
                act(work, work.actor.person_id or 0)


def test_a_lost_update_is_refused_and_shows_both(client_of: ClientOf, work_as: WorkAs) -> None:
    admin = client_of("sysadmin")
    url = f"/people/{id_of(work_as, 'contact')}"
    early = admin.get(url)
    assert admin.submit(admin.get(url), url, name="刘联络").path == "/people"
    late = admin.submit(early, url, name="陈联络")
    assert late.status == 409
    assert ("刘联络" in late.words, "陈联络" in late.words) == (True, True)
    with pytest.raises(Stale), work_as() as work:
        change_person(work, id_of(work_as, "contact"), 0, Particulars("某人", factories.unit(work).id))


def test_moving_to_another_unit_takes_the_roles(work_as: WorkAs) -> None:
    with work_as() as work:
        person = work.session.scalars(sa.select(Person).where(Person.login == "contact")).one()
        other = factories.unit(work, "市公安局", UnitKind.DEPARTMENT)
        change_person(work, person.id, person.version, Particulars("联络员", other.id))
        assert roles_of(work.session, person.id) == frozenset()
    with work_as(write=False) as work:
        told = [(e.word, e.detail) for e in work.session.scalars(sa.select(Event).order_by(Event.id))]
        assert told == [
            ("role:revoked", {"person": "联络员", "role": "Unit contact"}),
            ("person:changed", {"person": "联络员", "changed": ["unit_id"]}),
        ]


def test_units_form_a_tree_without_circles(work_as: WorkAs) -> None:
    with work_as() as work:
        top = add_unit(work, UnitParticulars("甲县", "甲县人民政府", "A", UnitKind.COUNTY))
        below = add_unit(work, UnitParticulars("甲县教育局", "甲县教育局", "B", UnitKind.SUBORDINATE, parent_id=top.id))
        assert [(u.name, depth) for u, depth in unit_tree(work.session) if u.id in (top.id, below.id)] == [
            ("甲县", 0),
            ("甲县教育局", 1),
        ]
        circle = UnitParticulars("甲县", "甲县人民政府", "A", UnitKind.COUNTY, parent_id=below.id)
        with pytest.raises(Invalid) as refused:
            change_unit(work, top.id, top.version, circle)
        assert set(refused.value.problems) == {"parent_id"}


def test_a_unit_with_people_cannot_be_closed_and_names_are_single(work_as: WorkAs) -> None:
    with work_as() as work:
        unit = factories.unit(work)
        with pytest.raises(Invalid) as refused:
            change_unit(
                work, unit.id, unit.version, UnitParticulars("细河区", "细河区", "细河区", unit.kind, active=False)
            )
        assert set(refused.value.problems) == {"active"}
        with pytest.raises(Invalid) as refused:
            add_unit(work, UnitParticulars("细河区", "细河区", "细河区", UnitKind.DISTRICT))
        assert set(refused.value.problems) == {"name", "code"}


def test_units_are_added_and_changed_on_their_pages(client_of: ClientOf, work_as: WorkAs) -> None:
    admin = client_of("sysadmin")
    added = admin.submit(
        admin.get("/units/new"),
        "/units/new",
        name="太平区",
        full_name="阜新市太平区",
        code="TP",
        kind="district",
        rank="30",
    )
    assert "太平区" in added.words
    url = "/units/" + added.path.split("unit=")[1]
    admin.submit(admin.get(url), url, rank="40")
    with work_as(write=False) as work:
        unit = work.session.scalars(sa.select(Unit).where(Unit.code == "TP")).one()
        assert (unit.rank, unit.active, unit.kind) == (40, True, "district")


def names(page: Page) -> list[str]:
    assert page.tree is not None
    return ["".join(n.itertext()).strip() for n in page.tree.iter(f"{H}th") if n.get("scope") == "row"]


def test_the_list_narrows_by_unit_and_name(client_of: ClientOf, work_as: WorkAs) -> None:
    admin = client_of("sysadmin")
    with work_as() as work:
        unit_id = factories.unit(work).id
    assert names(admin.get(f"/people?unit={unit_id}")) == ["联络员"]
    assert names(admin.get("/people?q=sys")) == ["系统员"]
    assert admin.get(f"/people?unit={10**30}").status == 200
