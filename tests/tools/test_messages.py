"""The tool that keeps the Chinese words."""

import json
import subprocess
import sys
from gettext import GNUTranslations
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "messages.py"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one page."""
    (tmp_path / "babel.cfg").write_text("[python: tracker/**.py]\n[jinja2: templates/**.html]\n")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text('<p>{{ _("Sign in") }} {{ _("%(n)s items", n=3) }}</p>')
    return tmp_path


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(TOOL), "--root", str(project), *arguments], capture_output=True, text=True, check=False
    )


def add(project: Path, words: dict[str, str | list[str]]) -> subprocess.CompletedProcess[str]:
    file = project / "words.json"
    file.write_text(json.dumps(words), "utf-8")
    return run(project, "add", str(file))


def compiled(project: Path) -> GNUTranslations:
    with (project / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.mo").open("rb") as source:
        return GNUTranslations(source)


def test_add_compiles_what_it_stores(project: Path) -> None:
    add(project, {"Sign in": "登录", "%(n)s day": ["%(n)s days", "%(n)s 天"]})

    words = compiled(project)
    assert words.gettext("Sign in") == "登录"
    assert words.ngettext("%(n)s day", "%(n)s days", 3) == "%(n)s 天"


def test_add_lets_the_later_translation_win(project: Path) -> None:
    add(project, {"Sign in": "登陆"})
    add(project, {"Sign in": "登录"})

    assert compiled(project).gettext("Sign in") == "登录"


def test_add_stores_nothing_when_a_parameter_is_misspelt(project: Path) -> None:
    refused = add(project, {"Sign in": "登录", "%(n)s items": "%(m)s 项"})

    assert refused.returncode == 1
    assert "'%(n)s items' → '%(m)s 项'" in refused.stderr
    assert not (project / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po").exists()


def test_check_names_each_missing_message_and_its_place(project: Path) -> None:
    add(project, {"Sign in": "登录"})

    report = run(project, "check")

    assert report.returncode == 1
    assert report.stdout.splitlines()[0] == "missing       templates/page.html:1  '%(n)s items'"


def test_check_is_quiet_when_all_is_translated(project: Path) -> None:
    add(project, {"Sign in": "登录", "%(n)s items": "%(n)s 项"})

    report = run(project, "check")

    assert (report.returncode, report.stdout) == (0, "")
