"""The annual assessment of 2021: a first edition of weights and one unit's sheet, both examples."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tracker.assessment.operations.sheets import adjust, object_to, offer
from tracker.assessment.operations.weights import digest, set_weights
from tracker.assessment.policy import Weight
from tracker.assessment.queries.sheets import ground
from tracker.cli.demo.acts import DAY
from tracker.cli.demo.stage import Stage, unit

YEAR = 2021
POINTS = {"F-VETO": ("1", "10"), "F-DEDUCT": ("0.5", "10"), "R-LATE": ("1", "10"), "R-OPEN": ("2", "20")}
"""Examples for the office's own lines: points each, at most."""
WORDS = "网站已全部迁入集约化平台（示例）", "集约化验收意见（示例）"


def assess(stage: Stage) -> None:
    """Set weights, move points by hand, open the police's sheet to it, and let it object to a line."""
    with stage.at(DAY + "15:40", "clerk") as work:
        known = ground(work.session, YEAR)
        lines = {key: Weight(True, Decimal(each), Decimal(cap)) for key, (each, cap) in POINTS.items()}
        wanted = replace(known.weights, lines=known.weights.lines | lines)
        set_weights(work, YEAR, wanted, "2021年度考核试行（示例）", digest(wanted, 0), 0)
    with stage.at(DAY + "15:50", "clerk") as work:
        police = unit(work, "police")
        moved = adjust(work, YEAR, police, "A-B1", Decimal(5), *WORDS)
        offer(work, YEAR, police, date(2022, 1, 10)).example = moved.example = True
    with stage.at(DAY + "16:10", "contact-police") as work:
        object_to(work, YEAR, "F-VETO", "其中2个账号在检查前已申请注销，请予核减（示例）。")
