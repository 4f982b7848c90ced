"""What an inspection looks at: the draw anybody can do again, the choice that stays once something was found."""

from datetime import date

import pytest
from flask import Flask

from tests import factories
from tests.conftest import WorkAs, one_database
from tests.inspections.people import settle
from tracker.inspections.models import Inspection
from tracker.inspections.operations import (
    FindingValues,
    InspectionValues,
    SampleChoice,
    choose_sample,
    enter_finding,
    open_inspection,
)
from tracker.inspections.operations.draw import Candidate, draw, shared_out
from tracker.inspections.queries import PopulationFilter, asked, coverage, population_page
from tracker.inspections.queries.coverage import percent
from tracker.kit.errors import Invalid, Stale
from tracker.org.models import UnitKind
from tracker.org.policy import Work
from tracker.registry.models import SubjectKind

MONTH = InspectionValues("2021-12", "12月检查", "manual", date(2021, 12, 1), date(2021, 12, 27))


def ground(work: Work) -> tuple[Inspection, list[int]]:
    """Ten accounts of the police, four of the district, none elsewhere; an inspection with their snapshot."""
    police = settle(work)
    district = factories.unit(work, "细河区", UnitKind.DISTRICT)
    accounts = [factories.account(work, police, f"公安{n}") for n in range(10)]
    accounts += [factories.account(work, district, f"细河{n}") for n in range(4)]
    work.session.flush()
    return open_inspection(work, MONTH), [account.id for account in accounts]


def test_a_draw_is_the_same_for_everybody_who_knows_its_seed() -> None:
    """The numbers are fixed: they must not change with a version of Python, or a published sample could be doubted."""
    every = [Candidate(n, n % 3) for n in range(1, 31)]
    assert draw(every, 5, "2021-12") == draw(every[::-1], 5, "2021-12") == [1, 7, 11, 13, 15]
    assert draw(every, 5, "2022-01") != draw(every, 5, "2021-12")
    assert draw(every, 99, "x") == list(range(1, 31))
    assert draw(every, 3, "x", by_unit=True) != draw(every, 3, "x")


@pytest.mark.parametrize(
    ("sizes", "number", "shares"),
    [
        ({1: 10, 2: 4}, 7, {1: 5, 2: 2}),
        ({1: 97, 2: 1, 3: 1, 4: 1}, 10, {1: 7, 2: 1, 3: 1, 4: 1}),
        ({1: 2, 2: 2}, 9, {1: 2, 2: 2}),
        ({1: 50, 2: 1}, 1, {1: 1, 2: 0}),
    ],
)
def test_each_unit_gives_in_proportion_and_one_where_all_can(
    sizes: dict[int, int], number: int, shares: dict[int, int]
) -> None:
    assert shared_out(sizes, number, "s") == shares


@pytest.mark.parametrize(("part", "whole", "words"), [(137, 161, "85.09%"), (9999, 10000, "99.99%"), (0, 0, "—"),
                                                      (99999, 100000, "99.99%"), (31, 31, "100%")])  # fmt: skip
def test_a_share_is_never_called_whole_before_it_is(part: int, whole: int, words: str) -> None:
    assert percent(part, whole) == words


def test_the_sample_decides_what_is_covered_and_what_may_be_found(work: Work) -> None:
    """A draw by unit, its shares, its population page; a finding outside it is refused."""
    inspection, accounts = ground(work)
    size = choose_sample(work, inspection, SampleChoice("random", number=7, seed="a", by_unit=True), inspection.version)
    assert (size, len(set(inspection.sample or []) & set(accounts[:10]))) == (7, 5)
    assert inspection.sample_how is not None
    assert {key: inspection.sample_how[key] for key in ("seed", "by_unit", "size", "of")} == {
        "seed": "a", "by_unit": True, "size": 7, "of": 14,
    }  # fmt: skip
    outside = next(id_ for id_ in accounts if id_ not in (inspection.sample or []))
    values = FindingValues(
        inspection.id, factories.indicator(work).id, "未更新", date(2021, 12, 20), subject_id=outside
    )
    with pytest.raises(Invalid, match="sample"):
        enter_finding(work, values)
    inside = (inspection.sample or [0])[0]
    enter_finding(work, FindingValues(**{**vars(values), "subject_id": inside}))
    share = coverage(work.session, inspection)[SubjectKind.ACCOUNT]
    assert (share.total, share.checked, share.found, share.failed, share.percent) == (14, 7, 1, 1, "50%")
    listed = population_page(work.session, inspection, PopulationFilter(sampled="yes", found="yes"), None)
    assert [(one.row.subject_id, one.sampled, one.levels) for one in listed.rows] == [(inside, True, {"veto": 1})]
    assert len(population_page(work.session, inspection, PopulationFilter(sampled="no"), None).rows) == 7


@one_database
def test_a_sample_with_findings_changes_only_with_a_reason_and_keeps_what_was_found(work: Work) -> None:
    inspection, accounts = ground(work)
    values = FindingValues(
        inspection.id, factories.indicator(work).id, "未更新", date(2021, 12, 20), subject_id=accounts[0]
    )
    enter_finding(work, values)
    listed = SampleChoice("listed", listed="细河0\n新浪微博 细河1\n")
    with pytest.raises(Invalid) as refused:
        choose_sample(work, inspection, listed, inspection.version)
    assert list(refused.value.problems) == ["reason"]
    with pytest.raises(Invalid, match="公安0"):
        choose_sample(work, inspection, listed, inspection.version, "漏列")
    with_it = SampleChoice("listed", listed="细河0\n新浪微博,细河1\n公安0")
    seen = inspection.version
    assert choose_sample(work, inspection, with_it, seen, "漏列") == 3
    assert inspection.sample == [accounts[0], accounts[10], accounts[11]]
    with pytest.raises(Stale):
        choose_sample(work, inspection, with_it, seen, "漏列")
    assert choose_sample(work, inspection, SampleChoice("all"), inspection.version, "全面检查") == 14
    assert inspection.sample is None


@one_database
@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (SampleChoice("random", number=15, seed="a"), "number"),
        (SampleChoice("random", number=3), "seed"),
        (SampleChoice("kind", kind="site"), "kind"),
        (SampleChoice("units"), "unit_ids"),
        (SampleChoice("listed", listed="不存在的账号"), "listed"),
        (SampleChoice("listed", listed=" \n"), "listed"),
    ],
)
def test_a_choice_that_fits_nothing_is_named_at_its_field(work: Work, choice: SampleChoice, field: str) -> None:
    inspection, _accounts = ground(work)
    with pytest.raises(Invalid) as refused:
        choose_sample(work, inspection, choice, inspection.version)
    assert list(refused.value.problems) == [field]


@one_database
def test_the_provinces_half_counts_all_inspections_of_the_month_together(work: Work) -> None:
    """辽政办公开〔2019〕15号: each month at least half: six and three of fourteen are."""
    from tracker.indicators.models import IndicatorSet

    rule = {"code": "T", "title": "每月抽查", "every": "月", "min_ratio": 50, "unit": "%", "certainty": "found"}
    work.session.add(IndicatorSet(code="LN", title="省", doc_no="辽政办公开〔2019〕15号", timers=[rule]))
    inspection, _accounts = ground(work)
    second = open_inspection(work, MONTH)
    choose_sample(work, second, SampleChoice("listed", listed="细河0\n细河1\n细河2"), second.version)
    choose_sample(work, inspection, SampleChoice("random", number=3, seed="a"), inspection.version)
    assert [(one.reached, one.share.total) for one in asked(work.session, inspection)] == [(False, 14)]
    names = "\n".join(f"公安{n}" for n in range(6))
    choose_sample(work, inspection, SampleChoice("listed", listed=names), inspection.version)
    (one,) = asked(work.session, inspection)
    assert (one.reached, one.share.checked, one.doc_no) == (True, 9, "辽政办公开〔2019〕15号")


@one_database
def test_choosing_and_looking_on_the_pages(work_as: WorkAs, client_of, app: Flask) -> None:
    """The draw by the form; the page says how it was drawn; the observer looks and does not choose."""
    with work_as() as work:
        inspection, _accounts = ground(work)
        id_ = inspection.id
    clerk = client_of("clerk")
    assert "100%" in clerk.get(f"/inspections/{id_}").words
    page = clerk.submit(clerk.get(f"/inspections/{id_}/sample"), how="random", number="7", seed="丰收", by_unit="y")
    assert page.path == f"/inspections/{id_}"
    assert [word in page.words for word in ("丰收", "14个中的7个", "50%", "按单位分层")] == [True] * 4
    refused = clerk.submit(clerk.get(f"/inspections/{id_}/sample"), how="listed", listed="没有此账号")
    assert (refused.status, "快照中没有：没有此账号" in refused.words) == (422, True)
    observer = client_of("observer")
    assert observer.get(f"/inspections/{id_}/population?sampled=yes").words.count("公安") >= 5
    assert observer.get(f"/inspections/{id_}/sample").status == 404
    assert client_of("contact-police").get(f"/inspections/{id_}").status == 404
    assert clerk.get("/inspections/99999").status == 404
