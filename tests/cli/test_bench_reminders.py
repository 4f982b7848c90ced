"""Weeks of reminders around a changed holiday, against model and forecast (a year of it is `flask bench reminders`)."""

from datetime import date
from pathlib import Path

from tracker.cli.bench.reminders.year import Year


def test_p07_req_10_14_weeks_of_reminders_are_what_model_and_forecast_say(tmp_path: Path) -> None:
    found = Year(tmp_path, units=5, notices=24, start=date(2022, 3, 17), days=24, seed=3).run()
    assert found.reminders > 50
    assert found.letters > 30
    assert found.retried > 0
    wrong = (found.missed, found.extra, found.doubled, found.unlike_forecast, found.unlike_month, found.undelivered)
    assert wrong == (0, 0, 0, 0, 0, 0)
    assert (found.two_a_day, found.on_days_off, found.outside_hours) == (0, 0, 0)
