"""Seal, signature, registration and sharpness on a few made-up pages (synthetic; `flask bench scans` has hundreds)."""

from collections import Counter
from collections.abc import Iterator
from random import Random

import numpy as np
import pytest

from tests.scans import sheets
from tracker.cli.bench.scans import Read, read_case
from tracker.cli.bench.synthetic import cases, ink
from tracker.cli.bench.synthetic.capture import capture
from tracker.documents import geometry, render
from tracker.scans import codes, hints, register, seal, sharpness, signature
from tracker.scans.register import Registration

STRAIGHT = Registration(np.diag([cases.PER_MM, cases.PER_MM, 1.0]), 4)


@pytest.fixture(scope="module")
def read() -> Iterator[list[Read]]:
    """Twelve pages of a seed that nothing was tuned on, read as the product reads them."""
    yield [read_case(case) for case in cases.cases("regression", 12)]
    render.close()


def test_twelve_made_up_pages_are_judged_right(read: list[Read]) -> None:
    def of(page: Read) -> str:
        return "grey" if not page.case.coloured else "sealed" if page.case.sealed else "bare"

    told = Counter((of(page), page.seal) for page in read)
    assert {of(page) for page in read} == {"grey", "sealed", "bare"}
    bad = [("grey", level) for level in ("found", "suspected", "absent")]
    bad += [("bare", "found"), ("sealed", "absent"), ("sealed", "unknown")]
    assert [told[each] for each in bad] == [0] * len(bad)
    assert told["bare", "suspected"] <= 1  # a pen's loop over a red letter head: about one page in a hundred
    sheets_read = [page for page in read if page.case.form == "sheet"]
    assert [page.token for page in sheets_read] == [page.case.token for page in sheets_read]
    wrong = [p for p in sheets_read if p.signature == ("absent" if p.case.signed else "found")]
    assert (wrong, len(sheets_read) >= 4) == ([], True)


PER_MM = 120 / 25.4


def put(name: str) -> np.ndarray:
    """A page with one thing in red on it, 120 dpi, with a scanner's noise."""
    page, chance = np.full((1403, 992, 3), 250, np.float32), Random(f"put-{name}")
    if name in ("seal", "half a seal", "emblem"):
        layer = ink.seal(chance, PER_MM, 42, emblem=name == "emblem")
        layer[:, layer.shape[1] * 55 // 100 :] *= 0 if name == "half a seal" else 1
    else:
        layer = ink.NEGATIVES[name](chance, PER_MM)
    ink.lay(page, layer, 360, 540, ink.RED[0])
    noise = np.random.default_rng(1).normal(0, 3, page.shape)
    return np.clip(page + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("name", "levels"),
    [("seal", {"found"}), ("emblem", {"found"}), ("half a seal", {"suspected"})]
    + [(name, {"absent"}) for name in ink.NEGATIVES],
)
def test_a_seal_is_told_from_other_red_things(name: str, levels: set[str]) -> None:
    assert seal.judge(put(name)).level in levels


def test_the_seal_box_holds_the_seal_and_a_grey_picture_is_not_judged() -> None:
    page = put("seal")
    left, top, width, height = seal.judge(page).box or (0, 0, 0, 0)
    middle = left + width / 2, top + height / 2
    stamped = 360 + 22.5 * PER_MM, 540 + 22.5 * PER_MM
    assert np.hypot(middle[0] - stamped[0], middle[1] - stamped[1]) < 1.5 * PER_MM
    assert 38 < width / PER_MM < 46
    assert seal.judge(np.repeat(page[..., :1], 3, axis=2)).level == "unknown"


def test_a_sheet_fresh_from_the_press_has_no_ink_where_signatures_are_looked_for() -> None:
    """What the template prints in the box is what geometry says is printed there."""
    page = cases.printed(0)
    assert signature.ink_in_box(page, STRAIGHT).sum() == 0
    assert signature.judge(page, STRAIGHT).level == "absent"
    render.close()


def test_registration_finds_the_millimetres_of_a_tilted_sheet() -> None:
    picture = capture(cases.printed(1).astype(np.float32), "photo", Random(3))
    page = np.asarray(picture)
    (code,), _turn = codes.find(page)
    found = register.register(page, code.corners)
    assert found is not None
    assert found.squares == 4
    flat = found.patch(page, (0, 0, geometry.PAGE_WIDTH, geometry.PAGE_HEIGHT), 3)
    corner = round((geometry.SQUARE_INSET + geometry.SQUARE / 2) * 3)
    dark = [flat[y, x].mean() for x in (corner, -corner) for y in (corner, -corner)]
    light = [flat[y, x].mean() for x in (corner + 18, -corner - 18) for y in (corner, -corner)]
    assert max(dark) + 80 < min(light[1], light[3])  # the lower ones stand free of the code
    render.close()


def test_without_squares_or_code_the_signature_is_not_judged() -> None:
    page = np.asarray(sheets.page("ABCDEFGH2345"))
    (code,), _turn = codes.find(page)
    found = register.register(page, code.corners)
    assert (found is not None and found.squares) == 0
    assert [signature.judge(page, each).level for each in (found, None)] == ["unknown", "unknown"]


def test_small_and_blurred_pictures_are_told() -> None:
    from PIL import Image, ImageFilter

    page = Image.fromarray(cases.printed(0))
    blurred = page.filter(ImageFilter.GaussianBlur(5))
    small = page.resize((620, 877))
    levels = [sharpness.judge(np.asarray(each)).level for each in (page, blurred, small)]
    assert levels == ["fine", "blurred", "low"]
    assert sharpness.judge(np.asarray(page), native_short_side=700).level == "low"
    assert sharpness.judge(np.full((1400, 1000, 3), 255, np.uint8)).level == "fine"
    render.close()


def test_lines_speak_once_for_all_pages_of_a_scan() -> None:
    def page(n: int, seal_: str, sign: str | None, sharp: str = "fine") -> dict:
        signature_ = {"level": sign} if sign else None
        return {"n": n, "seal": {"level": seal_}, "signature": signature_, "sharpness": {"level": sharp}}

    told = hints.lines([page(1, "absent", None, "low"), page(2, "found", "absent")])
    assert [(line.state, line.pages) for line in told] == [("passed", (2,)), ("warning", (2,)), ("warning", (1,))]
    assert hints.lines([{"n": 1, "seal": None, "signature": None, "sharpness": None}]) == []
