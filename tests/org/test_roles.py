"""Who may hold which roles together, and who may grant them."""

import threading
from collections.abc import Callable
from itertools import combinations

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.conftest import WorkAs, identity_named
from tests.pages import PageClient
from tracker.audit.models import Event
from tracker.kit.clock import FixedClock
from tracker.kit.errors import Refused
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.models import Person, Role, UnitKind
from tracker.org.operations.roles import grant_role, take_role
from tracker.org.policy import ADMIN_ROLES, OFFICE_ROLES, SYSTEM, UNIT_ROLES, conflict, misplaced
from tracker.org.queries import roles_of

ClientOf = Callable[[str], PageClient]
PAIRS = list(combinations(Role, 2))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_p19_every_pair_of_roles_is_allowed_or_excluded(one: Role, other: Role) -> None:
    groups = [next(name for name, group in GROUPS.items() if role in group) for role in (one, other)]
    allowed = groups in (["office", "office"], ["unit", "unit"])
    assert (conflict(frozenset({one, other})) is None) == allowed


GROUPS = {"office": OFFICE_ROLES, "unit": UNIT_ROLES, "admin": ADMIN_ROLES}


@pytest.mark.parametrize("role", Role)
def test_a_role_belongs_to_a_kind_of_unit(role: Role) -> None:
    places = {kind for kind in UnitKind if misplaced(role, kind) is None}
    outside = set(UnitKind) - {UnitKind.OFFICE}
    expected = {"office": {UnitKind.OFFICE}, "unit": outside, "admin": set(UnitKind), "observer": set(UnitKind)}
    name = "observer" if role == Role.OBSERVER else next(n for n, group in GROUPS.items() if role in group)
    assert places == expected[name]


def test_p19_two_grants_at_once_make_no_conflict(app: Flask, work_as: WorkAs, clock: FixedClock) -> None:
    with work_as() as work:
        person_id = factories.person(work, "somebody").id
    start, refused = threading.Barrier(2), []

    def grant(role: Role) -> None:
        with app.app_context():
            start.wait()
            try:
                with unit_of_work(SYSTEM, clock) as own:
                    grant_role(own, person_id, role)
            except Refused as error:
                refused.append(error.msgid)
            app.extensions["sqlalchemy"].session.remove()

    threads = [threading.Thread(target=grant, args=(role,)) for role in (Role.SYSTEM_ADMIN, Role.AUDITOR)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with work_as(write=False) as work:
        assert len(roles_of(work.session, person_id)) == 1
    assert refused == ["The three administrators must be three different people."]


def test_nobody_grants_or_takes_his_own_roles(app: Flask, work_as: WorkAs) -> None:
    with work_as() as work:
        me = factories.person(work, "secadmin", Role.SECURITY_ADMIN)
        work.actor = identity_named(work, "secadmin")
        for act in (grant_role, take_role):
            with pytest.raises(Refused):
                act(work, me.id, Role.SECURITY_ADMIN)


def test_a_stopped_account_is_granted_nothing(app: Flask, work_as: WorkAs) -> None:
    with work_as() as work, pytest.raises(Refused):
        grant_role(work, factories.person(work, "gone", active=False).id, Role.CLERK)


def test_roles_are_granted_and_taken_on_the_page_and_recorded(client_of: ClientOf, work_as: WorkAs) -> None:
    with work_as() as work:
        factories.person(work, "secadmin", Role.SECURITY_ADMIN, name="安全员")
        person_id = factories.person(work, "li", name="李某").id
    admin = client_of("secadmin")
    assert [name.split()[0] for name in admin.get("/roles").words.split("李某")[1:2]] == ["li"]
    page = admin.get(f"/roles/{person_id}")
    granted = admin.submit(page, "/grant", role="clerk")
    assert "已授予“经办”角色" in granted.words
    again = admin.submit(page, "/grant", role="clerk")
    assert "未重复办理" in again.words
    refused = admin.submit(granted, "/grant", role="auditor")
    assert refused.status == 409
    assert "三员" not in refused.words
    taken = admin.submit(granted, "/take", role="clerk")
    assert "曾任角色" in taken.words
    with work_as(write=False) as work:
        told = work.session.scalars(sa.select(Event).where(Event.subject_id == person_id).order_by(Event.id)).all()
        words = [(e.word, e.actor_name, e.detail) for e in told if e.word.startswith("role")]
        assert words == [
            ("role:granted", "安全员", {"person": "李某", "role": "Clerk"}),
            ("role:revoked", "安全员", {"person": "李某", "role": "Clerk"}),
        ]


def test_a_role_taken_away_closes_the_pages_at_once(client_of: ClientOf, work_as: WorkAs) -> None:
    with work_as() as work:
        factories.person(work, "sysadmin", Role.SYSTEM_ADMIN)
    client = client_of("sysadmin")
    assert client.get("/people").status == 200
    with work_as() as work:
        take_role(work, work.session.scalars(sa.select(Person.id)).one(), Role.SYSTEM_ADMIN)
    assert client.get("/people").status == 404
