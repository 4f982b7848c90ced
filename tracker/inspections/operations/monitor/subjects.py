"""Finding the site or account that a monitor's row means, among those of the inspection's snapshot."""

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.inspections.models import Inspection
from tracker.inspections.operations.columns import NOT_SAMPLED, sampled
from tracker.kit.words import N_
from tracker.registry.models import SnapshotRow, Subject
from tracker.registry.policy import COUNTED
from tracker.sheets import Sheet, SheetRow

NEITHER = N_("Give the site code, or the account's name.")
BOTH = N_("Give either the site code or the account's name, not both.")
NO_SITE = N_("The inspection's snapshot has no site with this code.")
NO_ACCOUNT = N_("The inspection's snapshot has no such account.")
SEVERAL = N_("Several accounts have this name. Give the platform as well.")


@dataclass
class Known:
    """What can be named in a row: sites by code, accounts by name and by platform with name."""

    sites: dict[str, Subject] = field(default_factory=dict)
    accounts: dict[tuple[str, str], dict[int, Subject]] = field(default_factory=lambda: defaultdict(dict))

    def find(self, sheet: Sheet, row: SheetRow) -> Subject | None:
        """Return the row's subject; None when it cannot be told, and then the sheet has the problem."""
        if any(row.cells[key] and row.values[key] is None for key in ("site", "account", "platform")):
            return None  # told already, when the cell was read
        site, account = row.values["site"], row.values["account"]
        if bool(site) == bool(account):
            sheet.problem(row, "account" if site else "site", BOTH if site else NEITHER)
            return None
        found = [self.sites[site.casefold()]] if site and site.casefold() in self.sites else []
        if account:
            found = list(self.accounts.get((row.values["platform"] or "", account), {}).values())
        if len(found) != 1:
            none = NO_SITE if site else SEVERAL if found else NO_ACCOUNT
            sheet.problem(row, "site" if site else "account", none)
            return None
        return found[0]


def known_subjects(session: Session, inspection: Inspection) -> Known:
    """Return the sites and accounts of the snapshot by the names of that day; one statement."""
    query = (
        select(SnapshotRow, Subject)
        .join(Subject, Subject.id == SnapshotRow.subject_id)
        .options(joinedload(Subject.sponsor))
        .where(
            SnapshotRow.snapshot_id == (inspection.snapshot_id or 0),
            SnapshotRow.state.in_([str(state) for state in COUNTED]),
        )
    )
    known = Known()
    for then, subject in session.execute(query):
        if then.code:
            known.sites[then.code.casefold()] = subject
        for name in {then.name, subject.name} if then.platform else ():
            known.accounts[("", name)][subject.id] = subject
            known.accounts[(then.platform, name)][subject.id] = subject
    return known


def in_sample(inspection: Inspection, sheet: Sheet, row: SheetRow, subject: Subject) -> bool:
    """Tell whether the inspection looked at the subject; if not, the sheet has the problem."""
    if sampled(inspection, subject.id):
        return True
    sheet.problem(row, "site" if row.values["site"] else "account", NOT_SAMPLED)
    return False
