"""P1: a server killed while units submit loses nothing it acknowledged; one that answers too early does lose.

`flask --app app bench submits` runs 200 rounds of it.
"""

import os
from pathlib import Path

import pytest

from tracker.cli.bench.submits import Siege

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is a matter of POSIX")


def test_p01_kill_9_during_submits_loses_no_acknowledged_reply(tmp_path: Path) -> None:
    outcome = Siege(tmp_path, seed=7).run(2)
    assert outcome.acknowledged > 0
    assert outcome.lost == 0
    assert outcome.stored >= outcome.acknowledged


def test_p01_acknowledging_before_the_commit_would_lose(tmp_path: Path) -> None:
    assert Siege(tmp_path, seed=7).run(1, early=True).lost > 0
