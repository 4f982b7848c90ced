"""Pages of the ledger: whichever way the rows are found, they are those that a plain comparison leaves."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from tests import worlds
from tests.conftest import WorkAs, one_database
from tests.worlds import as_
from tracker.almanac.queries import calendar
from tracker.inspections.models import Finding
from tracker.inspections.operations.words import change_words, searched
from tracker.kit.pairs import runs
from tracker.ledger.policy import Line, Rectified, Reported
from tracker.ledger.queries import LedgerFilter, Moment, every_line, filters, ledger_page, names, pages, search
from tracker.org.policy import Work

FIRST = date(2021, 12, 1)


def folded(line: Line) -> str:
    return " ".join(runs(" ".join([line.description, line.place, line.unit, line.subject or "", line.indicator])))


def with_text(text: str) -> Callable[[Line], bool]:
    return lambda line: all(run in folded(line) for run in runs(text))


WANTED: list[tuple[dict[str, object], Callable[[Line], bool]]] = [
    ({}, lambda _line: True),
    ({"level": "veto"}, lambda line: str(line.level) == "veto"),
    ({"kind": "account"}, lambda line: str(line.kind) == "account"),
    ({"start": date(2021, 12, 5), "until": date(2021, 12, 8)}, lambda line: 5 <= line.found_on.day <= 8),
    ({"start": date(2021, 12, 12)}, lambda line: line.found_on.day >= 12),
    ({"until": date(2021, 11, 30)}, lambda _line: False),
    ({"rectified": Rectified.OPEN}, lambda line: line.ended_at is None),
    ({"rectified": Rectified.DONE}, lambda line: line.ended_how == "rectified"),
    ({"rectified": Rectified.OTHER}, lambda line: line.ended_how == "dropped"),
    ({"rectified": Rectified.COUNTED}, lambda line: line.ended_how != "dropped"),
    ({"reported": Reported.NOT_ASKED}, lambda line: line.assignment_id is None),
    ({"reported": Reported.OWED}, lambda line: line.state == "issued"),
    ({"reported": Reported.OVERDUE}, lambda line: line.overdue),
    ({"reported": Reported.CLOSED}, lambda line: line.state == "closed"),
    ({"text": "长期"}, with_text("长期")),
    ({"text": "长期 逾期"}, with_text("长期 逾期")),
    ({"text": "长期未更"}, with_text("长期未更")),
    ({"text": "更新未更"}, with_text("更新未更")),
    ({"text": "火星"}, with_text("火星")),
    ({"text": "逾"}, with_text("逾")),
    (
        {"text": "长期", "level": "veto", "rectified": Rectified.OPEN},
        lambda line: with_text("长期")(line) and str(line.level) == "veto" and not line.ended_at,
    ),
    ({"months": ("2021-12", "2021-11"), "text": "长期未更"}, with_text("长期未更")),
    ({"months": ("2021-10",)}, lambda _line: False),
]


@pytest.fixture
def many(work_as: WorkAs) -> None:
    """Sixteen findings of two units over sixteen days: on a notice or not, open, rectified and dropped."""
    with work_as() as work:
        a, b = worlds.people(work)
        worlds.delivered(work, worlds.findings(work, a, 6, "逾期"), due_on=date(2021, 12, 30))
        worlds.findings(work, a, 5, "长期未更新")
        worlds.findings(work, b, 5, "长期逾期")
        for n, finding in enumerate(work.session.scalars(sa.select(Finding).order_by(Finding.id))):
            before = searched(finding)
            finding.found_on = FIRST + timedelta(days=(n * 7) % 16)
            finding.level = ["veto", "deduct", "warn"][n % 3]
            if n % 5 == 4:
                finding.ended_at, finding.ended_how = work.now, "rectified" if n % 2 else "dropped"
            if n == 12:
                finding.description = "长期未办，未更换；ＡＢ更新"
            change_words(work.session, finding, before)


def walked(work: Work, wanted: LedgerFilter, seen: Moment) -> list[int]:
    """The ids of all pages, one after the other; a page that stopped early leads on."""
    found: list[int] = []
    after: str | None = None
    for _ in range(60):
        page = ledger_page(work.session, work.actor, wanted, after, seen, names(work.session))
        found += [line.finding_id for line in page.rows]
        after = page.next_key
        if after is None:
            break
    assert all(newer > older for newer, older in pairwise(found))
    return found


def test_every_way_to_a_row_finds_the_rows_of_a_plain_comparison(
    many: None, work_as: WorkAs, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.moment = clock.moment.replace(year=2022, month=1, day=6)
    with work_as(write=False) as work:
        as_(work, "clerk")
        seen = Moment(work.now, calendar(work.session))
        everything = list(every_line(work.session, work.actor, LedgerFilter(), seen))
        assert len(everything) == 16
        left = {n: [line.finding_id for line in everything if holds(line)] for n, (_given, holds) in enumerate(WANTED)}
        wanted = [LedgerFilter(**given) for given, _holds in WANTED]  # type: ignore[arg-type]
        assert [LedgerFilter.of_plain(each.plain()) for each in wanted] == wanted
        for n, each in enumerate(wanted):
            assert walked(work, each, seen) == left[n], each
        # Few becomes many: rows are walked instead of taken along, pages end early.
        bounds = {(filters, "FEW"): 1, (filters, "NARROW"): 2, (search, "ENOUGH"): 2, (pages, "WINDOW"): 3}
        for (module, name), value in (bounds | {(pages, "SIZE"): 4}).items():
            monkeypatch.setattr(module, name, value)
        for n, each in enumerate(wanted):
            exported = [line.finding_id for line in every_line(work.session, work.actor, each, seen)]
            assert (walked(work, each, seen), exported) == (left[n], left[n]), each


@one_database
def test_a_search_that_stops_early_says_so_and_goes_on(
    many: None, work_as: WorkAs, client_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "ENOUGH", 2)
    monkeypatch.setattr(pages, "WINDOW", 3)
    page = client_of("clerk").get("/ledger?q=长期未更新")
    assert "每页检索到第 3 行为止" in page.words
    assert "after=" in next(a.get("href") for a in page.tree.iter() if a.get("rel") == "next")
    assert "尚未检索全部" not in client_of("clerk").get("/ledger?q=长期").words
