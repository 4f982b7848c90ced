"""A character that no font has stands beside the field it was typed into; what else is wrong names no field."""

import pytest

from tests import worlds
from tests.conftest import WorkAs
from tests.pages import H, Page
from tracker.documents import preflight, render
from tracker.documents.models import Paper
from tracker.documents.operations import newest
from tracker.documents.wire import MISSING
from tracker.notices.jobs import print_notice
from tracker.notices.operations.issue import order_previews
from tracker.notices.queries import batch_by_id
from tracker.notices.views.drafts import unprintable

MIXED = "请整改😀，对照检查。"


def told(page: Page) -> dict[str, str]:
    """Return what stands as an error beside each field: name → words."""
    assert page.tree is not None
    said = {node.get("id"): "".join(node.itertext()).strip() for node in page.tree.iter() if node.get("id")}
    fields = [node for node in page.tree.iter() if node.tag in {f"{H}input", f"{H}textarea"}]
    return {
        node.get("name"): said[name]
        for node in fields
        if node.get("aria-invalid") == "true"
        for name in (node.get("aria-describedby") or "").split()
        if "😀" in said.get(name, "")
    }


@pytest.mark.pdf
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_draft_names_the_field_and_the_character(app, work_as: WorkAs, client_of) -> None:
    if preflight.check():
        pytest.skip("fonts or libraries are missing")
    with work_as() as work:
        unit, _other = worlds.people(work)
        batch = worlds.drafted(work, worlds.findings(work, unit, 1, "甲"), requirements=MIXED)
        order_previews(work, batch_by_id(work, batch.id), worlds.contents_of(work, batch_by_id(work, batch.id)))
        paper = newest(work.session, "notice", batch.notices[0].id, "preview")
        assert paper is not None
        batch_id, paper_id = batch.id, paper.id
    print_notice(paper_id)
    render.close()
    page = client_of("clerk").get(f"/batches/{batch_id}/edit")
    assert told(page) == {"requirements": "以下字符没有可用字体，请改写：😀"}
    assert page.form("/edit").values["requirements"] == MIXED


@pytest.mark.parametrize(
    ("trouble", "detail", "named"),
    [
        (MISSING, "😀、㐂", "㐂 😀"),
        ("The renderer failed: %(detail)s", "请整改", ""),
        (MISSING, "", ""),
        (None, "", ""),
    ],
)
def test_only_characters_without_a_font_are_named(trouble: str | None, detail: str, named: str) -> None:
    paper = Paper(trouble=trouble, trouble_params={"detail": detail})
    assert unprintable(paper, "㐂请整改😀、㐂") == named
