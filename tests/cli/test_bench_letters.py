"""P7: workers killed while they send letters lose none; the mail server refuses, hangs and loses its answers.

`flask --app app bench letters` runs 200 rounds of it with 1, 2 and 4 workers at once.
"""

import os
from pathlib import Path

import pytest

from tracker.cli.bench.letters.siege import Siege
from tracker.reminders.channels import email

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is a matter of POSIX")


def test_p07_kill_9_of_the_senders_loses_no_letter_and_explains_every_repeat(tmp_path: Path) -> None:
    outcome = Siege(tmp_path, workers=2, seed=7).run(3)
    assert outcome.killed > 0
    assert outcome.letters > 0
    assert (outcome.undelivered, outcome.unknown, outcome.unexplained, outcome.altered) == (0, 0, 0, 0)
    assert outcome.taken - outcome.letters == sum(outcome.repeats.values())


def test_p07_a_new_message_id_at_every_try_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the count does tell such a sender from ours."""
    monkeypatch.setattr(email, "message_id", lambda letter, _settings: f"<{letter.key}.{letter.at.minute}@localhost>")
    outcome = Siege(tmp_path, workers=1, seed=7).run(1)
    assert outcome.undelivered == outcome.letters > 0
    assert outcome.unknown > 0
