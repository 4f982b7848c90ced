"""The background's work: one tick tells, reminds and sends; two at once, or one that is killed, do no harm."""

from tracker.reminders.jobs.rehearsal import due_rehearsals as due_rehearsals
from tracker.reminders.jobs.rehearsal import rehearse as rehearse
from tracker.reminders.jobs.rehearsal import rehearse_row as rehearse_row
from tracker.reminders.jobs.sending import Outcome as Outcome
from tracker.reminders.jobs.sending import deliver as deliver
from tracker.reminders.jobs.ticking import TICK as TICK
from tracker.reminders.jobs.ticking import Summary as Summary
from tracker.reminders.jobs.ticking import gentle_tick as gentle_tick
from tracker.reminders.jobs.ticking import tick as tick
from tracker.reminders.operations.rehearsals import REHEARSALS as REHEARSALS
