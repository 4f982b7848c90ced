"""Writes docs/lifecycle.md from the lifecycles' tables: `python -m tools.lifecycle`."""

from pathlib import Path

from tracker.editions.lifecycle import EDITION
from tracker.kit.lifecycle import Lifecycle
from tracker.notices.lifecycle import ASSIGNMENT, NOTICE
from tracker.requests.lifecycle import REQUEST, TRANSFER

PAGE = Path(__file__).parent.parent / "docs" / "lifecycle.md"
HEAD = """# Lifecycles

Written by `python -m tools.lifecycle` from the `lifecycle.py` of `tracker/notices/`, `tracker/requests/` and
`tracker/editions/`; do not edit.
The table decides: operations, buttons, database constraints and tests read the same one.
"""


def page() -> str:
    """Return the page as Markdown."""
    return "\n".join([HEAD, *(_section(each) for each in (NOTICE, ASSIGNMENT, REQUEST, TRANSFER, EDITION))])


def _section(lifecycle: Lifecycle) -> str:
    rows = [
        f"| {t.name} | {', '.join(t.sources)} | {t.target} | {t.permission} | {', '.join(t.requires) or '–'} |"
        for t in lifecycle.transitions
    ]
    table = "\n".join(["| step | from | to | permission | needs |", "|---|---|---|---|---|", *rows])
    return f"## {lifecycle.name.capitalize()}\n\n```mermaid\n{lifecycle.mermaid()}\n```\n\n{table}\n"


if __name__ == "__main__":
    PAGE.write_text(page())
