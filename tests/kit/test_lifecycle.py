"""Lifecycles as tables."""

import subprocess
import sys
from enum import StrEnum

import pytest

from tracker.kit.lifecycle import Lifecycle, NotInState, Transition


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    DARK = "dark"
    LOST = "lost"


TABLE = Lifecycle(
    "light",
    Light,
    Light.RED,
    (
        Transition("go", "Go", (Light.RED,), Light.GREEN, "walk"),
        Transition("stop", "Stop", (Light.GREEN,), Light.RED, "walk"),
        Transition("break", "Break", (Light.RED, Light.GREEN), Light.DARK, "repair"),
    ),
)


def test_a_step_is_the_arrow_of_that_name() -> None:
    assert TABLE.step("go", Light.RED).target is Light.GREEN


def test_a_step_from_elsewhere_is_refused_with_both_names() -> None:
    with pytest.raises(NotInState) as refused:
        TABLE.step("go", Light.DARK)
    assert (refused.value.name, refused.value.state) == ("go", "dark")


def test_an_unknown_step_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        TABLE.step("fly", Light.RED)


def test_available_are_the_arrows_from_here_that_one_may_take() -> None:
    assert [t.name for t in TABLE.available(Light.RED, lambda _: True)] == ["go", "break"]
    assert [t.name for t in TABLE.available(Light.RED, lambda permission: permission == "walk")] == ["go"]
    assert TABLE.available(Light.DARK, lambda _: True) == []


def test_reachable_follows_the_arrows() -> None:
    assert TABLE.reachable() == {Light.RED, Light.GREEN, Light.DARK}


def test_the_diagram_has_one_line_per_arrow() -> None:
    assert TABLE.mermaid().splitlines()[1:3] == ["    [*] --> red", "    red --> green: go"]
    assert len(TABLE.mermaid().splitlines()) == 6


def test_a_lifecycle_loads_neither_the_web_nor_the_database() -> None:
    code = (
        "import sys, tracker.kit.lifecycle as _; print(sorted({'flask', 'sqlalchemy', 'wtforms'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
