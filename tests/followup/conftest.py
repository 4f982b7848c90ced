"""A town in which one problem was answered, accepted and closed."""

import pytest

from tests import worlds
from tests.conftest import WorkAs
from tracker.inspections.policy import fingerprint


@pytest.fixture
def closed(work_as: WorkAs) -> str:
    """A town in which unit A's one problem was answered, accepted and closed on 2021-12-28; its token."""
    with work_as() as work:
        a, _b = worlds.people(work)
        chosen = worlds.findings(work, a, 1, "甲")
        for each in chosen:
            each.fingerprint = fingerprint(a.id, each.subject_id, each.indicator_id, each.place)
        work.session.flush()
        token = worlds.delivered(work, chosen)[0].token
    with work_as() as work:
        worlds.answer(work, "contact-a", token)
        worlds.decide(work, token, accepted=True)
    return token
