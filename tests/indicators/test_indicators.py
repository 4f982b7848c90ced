"""Indicators as data: loading is repeatable, and what is not confirmed is marked."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import WorkAs
from tests.inspections.people import settle
from tracker.indicators.models import Indicator, IndicatorSet
from tracker.indicators.operations import load_set, parse, read_set, shipped_files
from tracker.kit.errors import Refused
from tracker.org.policy import Work


def plain(**changes: object) -> dict[str, object]:
    """A set of one indicator, as its file would say it."""
    one = {
        "code": "X-1",
        "subject": "media",
        "level": "veto",
        "group": "甲",
        "title": "乙",
        "cond": "丙",
        "points": 5,
        "certainty": "low",
    }
    return {"meta": {"set_code": "X", "title": "测试", "doc_no": "测试〔2021〕1号"}, "indicators": [{**one, **changes}]}


def test_shipped_sets_load_once_and_again(work: Work) -> None:
    """The second load changes nothing."""
    parsed = [read_set(path) for path in shipped_files()]
    assert [each.columns["code"] for each in parsed] == ["FX-2019-1", "GBMH-2019-19", "LN-2019-15"]
    first = [load_set(work, each) for each in parsed]
    assert first == [len(each.indicators) + 1 for each in parsed]
    assert [load_set(work, each) for each in parsed] == [0, 0, 0]
    assert work.session.scalar(select(func.count(Indicator.id))) == sum(len(each.indicators) for each in parsed)


def test_what_the_seed_needs_is_there(work: Work) -> None:
    """Two weeks without an update is a confirmed veto; the four local duties are unconfirmed."""
    for path in shipped_files():
        load_set(work, read_set(path))
    query = (
        select(Indicator.code, Indicator.level, Indicator.certainty)
        .join(IndicatorSet)
        .where(Indicator.code.in_(["M-V2-1", "F-1", "F-2", "F-3", "F-4"]))
        .order_by(Indicator.code)
    )
    assert [tuple(row) for row in work.session.execute(query)] == [
        *((f"F-{n}", "deduct", "partial") for n in range(1, 5)),
        ("M-V2-1", "veto", "found"),
    ]
    stale = work.session.scalar(select(Indicator).where(Indicator.code == "M-V2-1"))
    assert stale is not None
    assert stale.measure == {"metric": "stale_days", "op": ">=", "value": 14, "unit": "天", "warn_at": 10}


def test_a_corrected_file_changes_only_what_differs(work: Work) -> None:
    """An office that confirms a rule loads its file again."""
    load_set(work, parse(plain()))
    assert load_set(work, parse(plain(certainty="found"))) == 1
    assert work.session.scalars(select(Indicator.certainty)).all() == ["found"]


@pytest.mark.parametrize(
    "changes", [{"level": "grave"}, {"subject": "ship"}, {"certainty": "sure"}, {"另按国办指标认定": None}]
)
def test_unknown_words_are_refused(changes: dict[str, str]) -> None:
    """A typing error in the data must not become a rule."""
    with pytest.raises(Refused, match="X-1"):
        parse(plain(**changes))


def test_a_code_stands_once() -> None:
    """Otherwise the later line would silently win."""
    twice = plain()
    twice["indicators"] = [*twice["indicators"], *twice["indicators"]]  # type: ignore[misc]
    with pytest.raises(Refused, match="twice"):
        parse(twice)


@pytest.mark.parametrize("text", ["", "just words", "meta: {}", "{[", "meta: 1\nindicators: 2"])
def test_files_of_something_else_are_refused_by_name(tmp_path: Path, text: str) -> None:
    """The command says which file it was."""
    path = tmp_path / "wrong.yaml"
    path.write_text(text)
    with pytest.raises(Refused, match=r"wrong\.yaml"):
        read_set(path)


def test_the_command_loads_all_or_nothing(app: Flask, tmp_path: Path, work_as: WorkAs) -> None:
    """One bad file among good ones: nothing is stored, the reason is printed."""
    from tracker.indicators.commands import group

    bad = tmp_path / "bad.yaml"
    bad.write_text("x")
    runner = app.test_cli_runner()
    refused = runner.invoke(group, ["load", str(shipped_files()[0]), str(bad)])
    assert (refused.exit_code, "bad.yaml" in refused.output) == (1, True)
    done = runner.invoke(group, ["load"])
    assert (done.exit_code, done.output.splitlines()[0]) == (0, "FX-2019-1: 4 indicators, 5 added or changed")
    with work_as(write=False) as work:
        assert work.session.scalars(select(IndicatorSet.code).order_by(IndicatorSet.code)).all() == [
            "FX-2019-1",
            "GBMH-2019-19",
            "LN-2019-15",
        ]


def test_the_page_marks_what_is_not_confirmed(client_of, work_as: WorkAs) -> None:
    """待核 stands at each unconfirmed line; points of weak memory are not shown at all."""
    with work_as() as work:
        settle(work)
        for path in shipped_files():
            load_set(work, read_set(path))
        load_set(work, parse(plain(points=77)))
    clerk = client_of("clerk")
    assert "阜政办公开〔2019〕1号" in clerk.get("/indicators").words
    local = clerk.get("/indicators/FX-2019-1").words
    assert local.count("待核") == 4 + 1  # four lines, and the sentence that explains the mark
    weak = clerk.get("/indicators/X").words
    assert ("待核" in weak, "77" in weak) == (True, False)
    assert clerk.get("/indicators/none").status == 404
