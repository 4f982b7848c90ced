"""What the worker does: one job per topic as rows call for it, and a sweep that finds what no call reached."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask

from tracker.assessment import jobs as assessment
from tracker.editions import jobs as editions
from tracker.escalation import jobs as escalation
from tracker.exchange import jobs as exchange
from tracker.kit.form_keys import forget_keys
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.notices import jobs as notices
from tracker.notices.operations.steps import TELL
from tracker.org.policy import SYSTEM
from tracker.reminders import jobs as reminders
from tracker.replies import jobs as replies
from tracker.worker import virus_checks

log = logging.getLogger(__name__)
R = TypeVar("R")


@dataclass(frozen=True)
class Duty:
    """A topic, its job for one row, and how to find the rows that are due."""

    topic: str
    job: Callable[[int], object]
    due: Callable[[], Iterable[int]]


DUTIES = (
    Duty(notices.TOPIC, notices.print_notice, notices.due_papers),
    Duty(notices.APPROVAL_TOPIC, notices.print_approval, notices.due_approvals),
    Duty(editions.TOPIC, editions.print_edition, editions.due_papers),
    Duty(replies.TOPIC, replies.render_sheet, replies.due_papers),
    Duty(assessment.TOPIC, assessment.print_sheet, assessment.due_sheets),
    Duty(replies.SCANS, replies.read_scan, replies.due_scans),
    Duty(virus_checks.TOPIC, virus_checks.check_file, virus_checks.due_checks),
    Duty(exchange.TOPIC, exchange.export_row, exchange.due_exports),
    Duty(reminders.REHEARSALS, reminders.rehearse_row, reminders.due_rehearsals),
    Duty(TELL, lambda _row_id: reminders.gentle_tick(), tuple),
)


def handlers(app: Flask) -> dict[str, Callable[[int], None]]:
    """Return what the queue calls: topic → job, each inside the application."""
    return {duty.topic: _inside(app, duty.job) for duty in DUTIES}


def _inside(app: Flask, job: Callable[[int], object]) -> Callable[[int], None]:
    def run(row_id: int) -> None:
        with app.app_context():
            job(row_id)

    return run


def sweep(app: Flask) -> int:
    """Do everything that is due and unclaimed; return how many rows were taken. A failing duty stops no other."""
    taken = 0
    with app.app_context():
        for duty in DUTIES:
            for row_id in _tried(duty.topic, duty.due) or ():
                _tried(duty.topic, lambda job=duty.job, id_=row_id: job(id_))  # type: ignore[misc]
                taken += 1
        _tried("proposals", escalation.morning)
        _tried("tick", reminders.gentle_tick)
        _tried("form keys", _tidy)
    return taken


def _tidy() -> None:
    with unit_of_work(SYSTEM, host().clock) as work:
        forget_keys(work.session, work.now)


def _tried(name: str, act: Callable[[], R]) -> R | None:
    try:
        return act()
    except Exception:
        log.exception("duty %s failed; it is tried again at the next sweep", name)
        return None
