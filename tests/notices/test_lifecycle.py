"""P10: no step can be skipped. Every (state, step) and every (step, role), for both lifecycles."""

import re
from enum import StrEnum

import pytest
import sqlalchemy as sa
from flask import Flask

from tools.lifecycle import PAGE, page
from tracker.kit.clock import FixedClock, office_moment
from tracker.kit.errors import Invalid, Missing
from tracker.kit.lifecycle import Lifecycle, NotInState
from tracker.kit.unit_of_work import UnitOfWork
from tracker.notices.lifecycle import (
    ASSIGNMENT,
    ASSIGNMENT_NAMES,
    NOTICE,
    NOTICE_NAMES,
    AssignmentState,
    NoticeState,
)
from tracker.notices.models import Assignment, Batch, Notice
from tracker.notices.operations.steps import ASSIGNMENT_WORDS, NOTICE_WORDS, move_notice, take
from tracker.org.models import Role, Unit
from tracker.org.policy import GRANTS, SYSTEM, Acting, Identity, Work

DRAFTER, UNIT = 7, 3

NOTICE_STEPS = {
    ("draft", "submit"): "in_review",
    ("returned", "submit"): "in_review",
    ("in_review", "send_back"): "returned",
    ("in_review", "sign_off"): "signed_off",
    ("signed_off", "issue"): "issued",
    ("draft", "withdraw"): "withdrawn",
    ("in_review", "withdraw"): "withdrawn",
    ("returned", "withdraw"): "withdrawn",
    ("issued", "void"): "voided",
    ("issued", "close"): "closed",
    ("closed", "reopen"): "issued",
}
ASSIGNMENT_STEPS = {
    ("issued", "acknowledge"): "acknowledged",
    ("acknowledged", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("reopened", "submit"): "submitted",
    ("issued", "receive"): "acknowledged",
    ("acknowledged", "register"): "submitted",
    ("returned", "register"): "submitted",
    ("reopened", "register"): "submitted",
    ("submitted", "return"): "returned",
    ("submitted", "accept"): "accepted",
    ("accepted", "close"): "closed",
    ("closed", "reopen"): "reopened",
    ("issued", "void"): "voided",
    ("acknowledged", "void"): "voided",
    ("submitted", "void"): "voided",
    ("returned", "void"): "voided",
    ("accepted", "void"): "voided",
    ("reopened", "void"): "voided",
}

CASES = [(NOTICE, NOTICE_STEPS, NoticeState), (ASSIGNMENT, ASSIGNMENT_STEPS, AssignmentState)]
CLOCK = FixedClock(office_moment("2021-12-28T16:30"))


def acting_as(identity: Identity) -> Work:
    """A unit of work that no database stands behind: a step itself writes nothing but the row and its event."""
    return UnitOfWork(None, identity, CLOCK, CLOCK.now())  # type: ignore[arg-type]


def holder(role: Role) -> Identity:
    """Somebody with one role, of the addressed unit."""
    return Identity(person_id=1, name="某人", unit_id=UNIT, roles=frozenset({role}))


def stepped(work: Work, lifecycle: Lifecycle, state: StrEnum, step: str, reason: str = "有误") -> str:
    """Take one step from a state and return where it led, or how it was refused."""
    batch, unit = Batch(id=1, drafted_by=DRAFTER), Unit(id=UNIT, name="细河区")
    notice = Notice(id=2, batch_id=1, batch=batch, unit=unit, state=state)
    row = Assignment(id=4, notice=notice, unit_id=UNIT, unit_name="细河区", state=state, delivered_at=work.now)
    try:
        move_notice(work, notice, step, reason=reason) if lifecycle is NOTICE else take(work, row, step, reason=reason)
    except (NotInState, Missing) as refusal:
        return type(refusal).__name__
    return str(notice.state if lifecycle is NOTICE else row.state)


@pytest.mark.parametrize(("lifecycle", "steps", "states"), CASES)
def test_p10_a_step_is_taken_exactly_from_the_states_that_the_office_knows(
    lifecycle: Lifecycle, steps: dict[tuple[str, str], str], states: type[StrEnum]
) -> None:
    every = [(state, transition.name) for state in states for transition in lifecycle.transitions]
    found = {(str(state), step): stepped(acting_as(SYSTEM), lifecycle, state, step) for state, step in every}
    assert found == {(str(state), step): steps.get((state, step), "NotInState") for state, step in every}
    print(f"{lifecycle.name}: {len(every)} pairs")


@pytest.mark.parametrize(("lifecycle", "steps", "states"), CASES)
def test_p10_only_the_right_role_takes_a_step(
    lifecycle: Lifecycle, steps: dict[tuple[str, str], str], states: type[StrEnum]
) -> None:
    every = [(role, state, step) for role in Role for state, step in steps]
    found = {
        (role, state, step): stepped(acting_as(holder(role)), lifecycle, states(state), step)
        for role, state, step in every
    }
    expected = {
        (role, state, step): steps[state, step] if lifecycle[step].permission in GRANTS[role] else "Missing"
        for role, state, step in every
    }
    assert found == expected


@pytest.mark.parametrize("step", ["acknowledge", "submit"])
def test_p10_another_units_contact_answers_nothing(step: str) -> None:
    stranger = Identity(person_id=1, unit_id=UNIT + 1, roles=frozenset({Role.CONTACT}))
    source = AssignmentState(ASSIGNMENT[step].sources[0])
    assert stepped(acting_as(stranger), ASSIGNMENT, source, step) == "Missing"


DIRECTOR = frozenset({Role.DIRECTOR})
SIGNERS = {
    "another director": (Identity(person_id=1, roles=DIRECTOR), "signed_off"),
    "the drafter, a director too": (Identity(person_id=DRAFTER, roles=DIRECTOR), "Missing"),
    "a deputy of a director": (Identity(person_id=1, acting_for=(Acting(2, "王某", Role.DIRECTOR),)), "signed_off"),
    "the drafter as a deputy": (Identity(person_id=DRAFTER, acting_for=(Acting(2, "王某", Role.DIRECTOR),)), "Missing"),
    "a deputy of the drafter": (Identity(person_id=1, acting_for=(Acting(DRAFTER, "李某", Role.DIRECTOR),)), "Missing"),
}


@pytest.mark.parametrize("who", SIGNERS)
def test_p10_nobody_signs_off_their_own_draft(who: str) -> None:
    identity, outcome = SIGNERS[who]
    assert stepped(acting_as(identity), NOTICE, NoticeState.IN_REVIEW, "sign_off") == outcome


@pytest.mark.parametrize("lifecycle", [NOTICE, ASSIGNMENT])
@pytest.mark.parametrize("reason", ["", "  ", "\x00\n"])
def test_a_step_that_needs_a_reason_does_not_go_without(lifecycle: Lifecycle, reason: str) -> None:
    for transition in lifecycle.transitions:
        if "reason" in transition.requires:
            with pytest.raises(Invalid):
                stepped(acting_as(SYSTEM), lifecycle, lifecycle.states(transition.sources[0]), transition.name, reason)


def test_every_state_can_be_reached_has_a_name_and_every_step_a_word() -> None:
    assert NOTICE.reachable() == set(NoticeState) == set(NOTICE_NAMES)
    assert ASSIGNMENT.reachable() == set(AssignmentState) == set(ASSIGNMENT_NAMES)
    assert {t.name for t in NOTICE.transitions} == set(NOTICE_WORDS)
    assert {t.name for t in ASSIGNMENT.transitions} == set(ASSIGNMENT_WORDS)


@pytest.mark.parametrize(("table", "states"), [("notice", NoticeState), ("assignment", AssignmentState)])
def test_the_database_knows_exactly_these_states(app: Flask, table: str, states: type[StrEnum]) -> None:
    constraints = sa.inspect(app.extensions["sqlalchemy"].engine).get_check_constraints(table)
    known = next(each["sqltext"] for each in constraints if each["name"] == f"ck_{table}_known_state")
    assert set(re.findall(r"'(\w+)'", known)) == set(states)


def test_the_page_in_the_docs_is_the_table() -> None:
    assert PAGE.read_text() == page()
