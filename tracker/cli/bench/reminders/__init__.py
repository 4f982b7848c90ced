"""Reminders: a simulated year against an independent model, and a tick over a hundred thousand open assignments."""

from tracker.cli.bench.reminders.load import tick_figures as tick_figures
from tracker.cli.bench.reminders.year import Year as Year
from tracker.cli.bench.reminders.year import year_figures as year_figures
