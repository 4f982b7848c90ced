"""What a process must not load: the page server no typesetting, the lifecycles no web and no database."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def loaded_after(statement: str, folder: Path) -> set[str]:
    """Return the top names of the modules that a fresh interpreter holds after the statement."""
    program = f"import sys\n{statement}\nprint(' '.join(sorted(name.split('.')[0] for name in sys.modules)))"
    environment = {"RECTIFY_DATA": str(folder), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_page_server_loads_no_weasyprint(tmp_path):
    loaded = loaded_after("from tracker.web.app import create_app; create_app()", tmp_path)
    assert {"flask", "tracker"} <= loaded
    assert "weasyprint" not in loaded


def test_the_command_line_loads_no_weasyprint(tmp_path):
    assert "weasyprint" not in loaded_after("import app", tmp_path)


@pytest.mark.parametrize("module", ["tracker.notices.lifecycle", "tracker.workdays.deadlines"])
def test_lifecycles_and_deadlines_load_neither_web_nor_database(module, tmp_path):
    loaded = loaded_after(f"import {module}", tmp_path)
    assert "tracker" in loaded
    assert loaded & {"flask", "sqlalchemy", "flask_sqlalchemy", "flask_babel", "wtforms", "werkzeug"} == set()
