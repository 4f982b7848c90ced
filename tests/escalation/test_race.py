"""P9: two clerks on one proposal at the same moment make one draft, and the second is told; the control makes two."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import joinedload

from tests import factories as f
from tests.conftest import WorkAs
from tests.reminders import cases
from tests.reminders.cases import in_own_context
from tests.worlds import as_
from tracker.escalation.models import Proposal, ProposalState
from tracker.escalation.operations import decide
from tracker.kit.clock import FixedClock, office_moment
from tracker.kit.errors import Refused
from tracker.notices.models import About, Assignment
from tracker.notices.operations import letters
from tracker.org.models import Role
from tracker.org.policy import Work

POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""There both come as far as the rows; SQLite lets one writer in at a time."""


def two_at_once(app: Flask, work_as: WorkAs, key: str, together: Barrier) -> list[str]:
    """Let two clerks draft as close together as can be; return what each was told."""

    def one(login: str) -> str:
        try:
            with work_as() as work:
                as_(work, login)
                with suppress(BrokenBarrierError):
                    together.wait(5)
                decide.draft(work, [key])
        except Refused as refusal:
            return refusal.msgid
        return "drafted"

    with ThreadPoolExecutor(2) as clerks:
        running = [clerks.submit(in_own_context, app, lambda who=who: one(who)) for who in ("clerk", "clerk-2")]
        return sorted(each.result() for each in running)


@POSTGRESQL
def test_p09_two_clerks_on_one_proposal_make_one_draft(
    app: Flask, work_as: WorkAs, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with work_as() as work:
        for login in ("clerk", "clerk-2"):
            f.person(work, login, Role.CLERK, name=login)
        first, second = (cases.assignment(work).id for _n in range(2))
    clock.moment = office_moment("2022-01-11T09:00")
    told = two_at_once(app, work_as, f"urge-{first}-20220110", Barrier(2))
    assert told == sorted([decide.DECIDED[ProposalState.DRAFTED], "drafted"])
    assert drafts(work_as, first) == 1

    together = Barrier(2)

    def unlocked(work: Work, keys: list[str]) -> list[Proposal]:
        whole = joinedload(Proposal.assignment).joinedload(Assignment.notice)
        rows = list(work.session.scalars(sa.select(Proposal).where(Proposal.key.in_(keys)).options(whole)))
        for row in rows:
            work.session.expunge(row)
        return rows

    def wait(*_about: object) -> None:
        with suppress(BrokenBarrierError):
            together.wait(5)

    with work_as() as work:  # the control: no row is held or written, and both have looked before either wrote
        as_(work, "clerk")
        decide.store(work, [each for each in decide.proposed(work) if each.key == f"urge-{second}-20220110"])
    monkeypatch.setattr(decide, "_locked", unlocked)
    monkeypatch.setattr(letters, "_lock", lambda *_about: None)
    monkeypatch.setattr(letters, "_batch", lambda *about, real=letters._batch: (wait(), real(*about))[1])
    assert two_at_once(app, work_as, f"urge-{second}-20220110", Barrier(2)) == ["drafted", "drafted"]
    assert drafts(work_as, second) == 2


def drafts(work_as: WorkAs, assignment_id: int) -> int:
    """How many letters are about an assignment."""
    with work_as(write=False) as work:
        return work.session.scalar(sa.select(sa.func.count(About.id)).where(About.assignment_id == assignment_id)) or 0
