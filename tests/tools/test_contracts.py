"""The import contracts cover the whole house."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OWN_FILE_NAMES = {
    "kit",
    "workdays",
    "files",
    "documents",
    "web",
    "cli",
    "worker",
    "charts",
    "scans",
    "sheets",
    "signatures",
}  # engine rooms and shells


def test_every_capability_is_held_to_the_order_of_its_files() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    inside = next(contract for contract in contracts if contract["name"].startswith("Inside a capability"))
    rooms = {file.parent.name for file in (ROOT / "tracker").glob("*/__init__.py")}

    assert {f"tracker.{room}" for room in rooms - OWN_FILE_NAMES} == set(inside["containers"]), (
        "pyproject.toml, contract 'Inside a capability': put the new room into its containers"
    )
