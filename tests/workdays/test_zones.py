"""P8 under the server's zone: one process goes through six zones with one answer; and a sample of `bench workdays`."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from tracker.cli.bench.workdays import differences

ZONES = ("UTC", "America/Los_Angeles", "Asia/Shanghai", "Pacific/Kiritimati", "Asia/Kolkata", "Pacific/Pago_Pago")
SCRIPT = """
import hashlib, os, random, sys, time
from datetime import UTC, date, datetime, timedelta
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Deadline, days_late, explain, standing, workdays_left
from tracker.workdays.rules import Counting, Rule, parse_rule

for zone in sys.argv[1:]:
    os.environ["TZ"] = zone
    time.tzset()
    chance, told, days = random.Random(8), hashlib.sha256(), Calendar()
    for _ in range(300):
        issued = date(2018, 1, 1) + timedelta(chance.randrange(3600))
        rule = Rule(chance.choice(list(Counting)[1:]), count=chance.randint(1, 60), rolls=chance.random() < 0.5)
        due = rule.deadline(issued, days)
        now = datetime(2018, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(320_000_000))
        near = due.ends_at + timedelta(seconds=chance.randint(-90_000, 90_000))
        for moment in (now, near):
            late = days_late(due, moment, None, days)
            answers = (standing(due, moment, None, days), workdays_left(due, moment, days), late)
            told.update(repr((due.words, due.ends_at.isoformat(), answers)).encode())
        told.update(repr(explain(issued, due.on, days)).encode() + repr(parse_rule(due.words, issued)).encode())
    print(time.tzname[0], told.hexdigest())
"""


def test_p08_six_zones_of_the_server_give_one_answer():
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *ZONES], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, text=True,
        capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    lines = [line.split() for line in done.stdout.splitlines()]
    assert len({line[0] for line in lines}) == 6  # the zones were really set
    assert len({line[1] for line in lines}) == 1


def test_p08_req_02_every_n_to_60_from_a_sample_of_start_days_agrees_with_the_model():
    starts = [date(2018, 1, 1) + timedelta(n) for n in range(0, 3652, 61)]
    wrong, compared = differences(starts)
    assert (wrong, compared > 10_000) == (0, True)
