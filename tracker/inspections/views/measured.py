"""What a measured value proposes, on the pages of findings."""

from datetime import date

from flask_babel import gettext

from tracker.indicators.models import Indicator, Level
from tracker.indicators.policy import LEVEL_NAMES, MARK_NAMES, marks
from tracker.indicators.queries import findable, rule_in_force
from tracker.inspections import operations
from tracker.inspections.forms import FindingForm
from tracker.inspections.models import Finding
from tracker.inspections.operations import FindingValues
from tracker.inspections.views.place import bp
from tracker.kit.errors import Invalid
from tracker.kit.words import N_
from tracker.org.policy import Work

AGREE = N_(
    "The measured value %(value)s reaches “%(proposed)s” (%(warn)s), not “%(usual)s” (%(rule)s): “%(proposed)s” is"
    " proposed. Store again to agree; or choose another level and say why."
)


@bp.app_template_global()
def proposed_for(finding: Finding) -> Level | None:
    """Return the level that a finding's measured value proposes; None when it is no problem by the rule."""
    return operations.proposal(finding.indicator, finding.measured)


def offered_rules(work: Work, form: FindingForm, finding: Finding | None = None) -> list[Indicator]:
    """Return the rules in force on the form's day, and those that the form or the finding names already."""
    day = form.found_on.data
    rules = findable(work.session, day if isinstance(day, date) else work.today)
    known = {each.id for each in rules}
    named = [form.indicator_id.data, finding.indicator_id if finding else None]
    others = [work.session.get(Indicator, id_) for id_ in dict.fromkeys(named) if id_ and id_ not in known]
    return rules + [each for each in others if each is not None and each.level != "bonus"]


def require_agreed(work: Work, form: FindingForm, values: FindingValues) -> None:
    """Do nothing when a level was chosen, or the one that goes with the value is the rule's own.

    Otherwise the form gets the proposed level, for the person to look at before it is stored.

    :raises Invalid: the level is to be agreed to.
    """
    named = work.session.get(Indicator, values.indicator_id)
    if values.level or values.measured is None or named is None:
        return
    indicator = rule_in_force(work.session, named, values.found_on) or named
    proposed = operations.proposal(indicator, values.measured)
    if proposed is not None and proposed != indicator.level:
        form.level.data = str(proposed)
        value = operations.told_value(indicator, values)["value"]
        raise Invalid({"level": AGREE}, value=value, **_told_levels(indicator, proposed))


def _told_levels(indicator: Indicator, proposed: Level) -> dict[str, str]:
    """Return the proposed level and the rule's own by name, each with where it begins, in the page's language."""
    names = {"proposed": LEVEL_NAMES[proposed], "usual": LEVEL_NAMES[indicator.level]}
    begins = {key: gettext(MARK_NAMES[sign], mark=mark) for key, (sign, mark) in marks(indicator.measure).items()}
    return {key: gettext(name) for key, name in names.items()} | begins
