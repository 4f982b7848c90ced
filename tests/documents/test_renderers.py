"""The same paper in two independent renderers: a blank or wrong glyph in one of them shows as a dark or light patch."""

import shutil
import subprocess
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from tracker.documents import render
from tracker.documents.preview import page_images

pytestmark = [
    pytest.mark.pdf,
    pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler-utils is not installed"),
]
OTHERS = ["bulletin", "urge", "supervision_letter", "correction", "approval_sheet", "annex_table", "receipt"]


def poppler(pdf: bytes, page: int, size: tuple[int, int]) -> Image.Image:
    command = ["pdftoppm", "-png", "-f", str(page), "-l", str(page), "-scale-to", str(max(size)), "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return Image.open(BytesIO(done.stdout)).convert("L").resize(size)


def patches(picture: Image.Image) -> Image.Image:
    """Return the page as patches of about 3 mm: the ink of one or two characters each."""
    return picture.resize((70, 99), Image.Resampling.BOX)


@pytest.mark.parametrize("kind", ["notice", "annex", "rare", "reply", *OTHERS])
def test_renderers_agree(notice, reply, of_corpus, kind):
    paper = {
        "notice": lambda: render.render("rectification_notice", notice(4)),
        "annex": lambda: render.render("rectification_notice", notice(24, draft=True)),
        "rare": lambda: render.render("rectification_notice", notice(opening=["朱镕、王䶮、陈㛃、赵堃" * 20])),
        "reply": lambda: render.render("reply_sheet", reply(3)),
    }.get(kind, lambda: of_corpus(kind))()
    for number, jpeg in enumerate(page_images(paper.pdf, 1200), start=1):
        if number > 3:
            break
        ours = Image.open(BytesIO(jpeg)).convert("L")
        difference = ImageChops.difference(patches(ours), patches(poppler(paper.pdf, number, ours.size)))
        assert difference.getextrema()[1] < 40, f"page {number}"
