"""Delegations: dated, limited, visible, and gone by themselves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.conftest import WorkAs, identity_named, one_database
from tests.pages import PageClient
from tracker.kit.clock import FixedClock
from tracker.kit.errors import Invalid, Missing, Refused
from tracker.org.models import Delegation, Person, Role, UnitKind
from tracker.org.operations.delegations import Wish, end_early, give
from tracker.org.operations.people import Particulars, change_person, stop_person
from tracker.org.operations.roles import grant_role, take_role
from tracker.org.policy import Permission, can

ClientOf = Callable[[str], PageClient]
TODAY = date(2021, 12, 28)


@pytest.fixture
def wish(app: Flask, work_as: WorkAs) -> Wish:
    """The director lets the clerk Li act from tomorrow for three days."""
    with work_as() as work:
        factories.person(work, "director", Role.DIRECTOR, Role.OBSERVER, name="王主任")
        deputy = factories.person(work, "li", Role.CLERK, name="李某")
    return Wish(deputy.id, Role.DIRECTOR, TODAY + timedelta(days=1), TODAY + timedelta(days=3), "出差")


def given(work_as: WorkAs, wish: Wish) -> int:
    with work_as() as work:
        work.actor = identity_named(work, "director")
        return give(work, wish).id


def may_sign(work_as: WorkAs) -> bool:
    with work_as(write=False) as work:
        return can(identity_named(work, "li"), Permission.NOTICE_SIGN)


def test_it_works_from_the_first_day_to_the_last(work_as: WorkAs, wish: Wish, clock: FixedClock) -> None:
    given(work_as, wish)
    works = []
    for _ in range(5):
        works.append(may_sign(work_as))
        clock.moment += timedelta(days=1)
    assert works == [False, True, True, True, False]


def test_both_names_stand_under_an_act(work_as: WorkAs, wish: Wish, clock: FixedClock) -> None:
    given(work_as, replace(wish, starts_on=TODAY))
    with work_as(write=False) as work:
        identity = identity_named(work, "li")
        assert identity.signature(Permission.NOTICE_SIGN) == "李某 代 王主任"
        assert identity.signature(Permission.NOTICE_DRAFT) == "李某"


def test_ending_it_early_ends_it_at_once(work_as: WorkAs, wish: Wish) -> None:
    row = given(work_as, replace(wish, starts_on=TODAY))
    assert may_sign(work_as)
    with work_as() as work:
        work.actor = identity_named(work, "director")
        end_early(work, row)
        with pytest.raises(Refused):
            end_early(work, row)
    assert not may_sign(work_as)


def test_only_the_giver_ends_it(work_as: WorkAs, wish: Wish) -> None:
    row = given(work_as, replace(wish, starts_on=TODAY))
    with work_as() as work:
        work.actor = identity_named(work, "li")
        with pytest.raises(Missing):
            end_early(work, row)


@pytest.mark.parametrize("loss", ["role", "account"])
def test_it_falls_with_the_givers_role_and_account(work_as: WorkAs, wish: Wish, loss: str) -> None:
    given(work_as, replace(wish, starts_on=TODAY))
    with work_as() as work:
        giver = identity_named(work, "director").person_id or 0
        if loss == "role":
            take_role(work, giver, Role.DIRECTOR)
        else:
            stop_person(work, giver)
    assert not may_sign(work_as)


@one_database
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
        ({"ends_on": TODAY}, "ends_on"),
        ({"ends_on": TODAY + timedelta(days=91)}, "ends_on"),
        ({"role": Role.REVIEWER}, "role"),
        ({"role": Role.OBSERVER}, "role"),
        ({"reason": " "}, "reason"),
        ({"to_id": 999}, "to_id"),
    ],
)
def test_what_cannot_be_given(work_as: WorkAs, wish: Wish, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        given(work_as, replace(wish, **change))
    assert set(refused.value.problems) == {field}


def test_ninety_days_are_the_most(work_as: WorkAs, wish: Wish) -> None:
    assert given(work_as, replace(wish, ends_on=wish.starts_on + timedelta(days=89)))


def deputy_of_kind(work_as: WorkAs, kind: str) -> int:
    with work_as() as work:
        made: dict[str, Callable[[], Person]] = {
            "contact": lambda: factories.person(work, "x", Role.CONTACT, unit=factories.unit(work)),
            "observer elsewhere": lambda: factories.person(
                work, "x", Role.OBSERVER, unit=factories.unit(work, "督查室", UnitKind.DEPARTMENT)
            ),
            "auditor": lambda: factories.person(work, "x", Role.AUDITOR),
            "director": lambda: factories.person(work, "x", Role.DIRECTOR),
            "stopped": lambda: factories.person(work, "x", Role.CLERK, active=False),
        }
        return made[kind]().id


@pytest.mark.parametrize("kind", ["contact", "observer elsewhere", "auditor", "director", "stopped"])
def test_who_cannot_deputise(work_as: WorkAs, wish: Wish, kind: str) -> None:
    with pytest.raises(Invalid) as refused:
        given(work_as, replace(wish, to_id=deputy_of_kind(work_as, kind)))
    assert set(refused.value.problems) == {"to_id"}


def test_not_to_oneself_and_not_twice(work_as: WorkAs, wish: Wish) -> None:
    with work_as(write=False) as work:
        me = identity_named(work, "director").person_id or 0
    with pytest.raises(Invalid):
        given(work_as, replace(wish, to_id=me))
    given(work_as, wish)
    with pytest.raises(Invalid):
        given(work_as, replace(wish, starts_on=wish.ends_on))


def test_a_borrowed_role_is_not_lent_on(work_as: WorkAs, wish: Wish) -> None:
    given(work_as, replace(wish, starts_on=TODAY))
    with work_as() as work:
        onward = replace(wish, to_id=factories.person(work, "third", Role.CLERK).id)
        work.actor = identity_named(work, "li")
        with pytest.raises(Invalid) as refused:
            give(work, onward)
    assert set(refused.value.problems) == {"role"}


def test_p19_a_deputy_is_granted_no_role_that_excludes_the_borrowed_one(work_as: WorkAs, wish: Wish) -> None:
    given(work_as, wish)
    with work_as() as work:
        take_role(work, wish.to_id, Role.CLERK)
        with pytest.raises(Refused):
            grant_role(work, wish.to_id, Role.AUDITOR)


def test_the_page_gives_shows_and_ends(client_of: ClientOf, wish: Wish) -> None:
    director = client_of("director")
    page = director.get("/delegations")
    values = {
        "to_id": str(wish.to_id),
        "role": "director",
        "starts_on": "2021-12-28",
        "ends_on": "2021-12-30",
        "reason": "出差",
    }
    refused = director.submit(page, "/delegations", **{**values, "starts_on": "2021-12-01"})
    assert (refused.status, refused.form("/delegations").values["reason"]) == (422, "出差")
    done = director.submit(refused, "/delegations", **values)
    assert "委托中" in done.words
    deputy = client_of("li")
    assert "王主任" in deputy.get("/password").words
    assert "他人委托我" in deputy.get("/delegations").words
    ended = director.submit(done, "/end")
    assert "已提前终止" in ended.words
    assert deputy.get("/delegations").status == 404


def test_a_deputy_who_moves_to_a_unit_loses_the_powers_lent_to_them(work_as: WorkAs) -> None:
    """A supervised unit's person never acts as director, whatever was agreed before the move."""
    with work_as() as work:
        giver = factories.person(work, "giver", Role.DIRECTOR)
        deputy = factories.person(work, "lent-to", Role.CLERK)
        sysadmin = factories.person(work, "moving-admin", Role.SYSTEM_ADMIN)
        day = work.today
        work.session.add(
            Delegation(
                from_id=giver.id, to_id=deputy.id, role=Role.DIRECTOR, starts_on=day, ends_on=day, reason="出差",
                created_at=work.now,
            )
        )  # fmt: skip
        work.session.flush()
        assert factories.identity(work, deputy).acting_for != ()
        admin = factories.identity(work, sysadmin)
        elsewhere = factories.unit(work, "细河区")
        told = Particulars(deputy.name, elsewhere.id, deputy.title, deputy.email, deputy.phone)
        deputy_id, version = deputy.id, deputy.version
    with work_as(admin) as work:
        change_person(work, deputy_id, version, told)
    with work_as() as work:
        moved = work.session.get_one(Person, deputy_id)
        assert factories.identity(work, moved).acting_for == ()
        assert work.session.scalars(select(Delegation.revoked_at)).one() == work.now
