"""December's bulletin as a draft of the ledger; one requirement asks two units by a day of its own (an example)."""

from datetime import date

from tracker.bulletins.operations import ask_for, start, usual_frame
from tracker.bulletins.policy.period import Period
from tracker.cli.demo.stage import Stage, unit

STEP, DAY, ASKED = "step-3", date(2022, 1, 20), ("xihe", "education")


def draft_bulletin(stage: Stage) -> None:
    """Start the bulletin of December, and mark one of its next steps."""
    with stage.at("2021-12-28T16:20", "clerk") as work:
        period = Period.parse("2021-12")
        bulletin = start(work, period, usual_frame(work.session, period))
        ask_for(work, bulletin, STEP, DAY, [unit(work, code).id for code in ASKED], bulletin.version)
