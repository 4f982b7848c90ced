"""`flask bench stack`: sixty pages of ten units' reply sheets, shuffled and turned; read, sorted, copied apart.

The pages are real papers of this product, made to look scanned by a generator: SYNTHETIC, so kinder than real scanners.
"""

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from tempfile import TemporaryFile
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image

from tracker.cli.bench.figures import Figure
from tracker.cli.bench.synthetic.capture import capture
from tracker.documents.render import close, render
from tracker.scans.filing import by_case, sort_pages
from tracker.scans.read import AT_ONCE, PageReading, read, split

UNITS, PAGES = 10, 6
WAYS = ("scan", "scan", "scan", "grey")
"""Three colour scans to each grey one, from 100 to 200 dpi, tilted up to 2.5 degrees."""
TURNS = (0, 90, 180, 270)
TEXT = "对照通知逐条核查，立即恢复更新并补发信息，落实信息发布三审三校，明确专人每日巡查，举一反三排查所属账号。"


@dataclass(frozen=True)
class Truth:
    """What a page of the stack really is."""

    token: str
    page: int
    turn: int
    way: str


def figures(seed: int, say: Callable[[str], None]) -> Iterator[Figure]:
    """Yield the figures of one stack, made from the seed."""
    chance = Random(seed)  # noqa: S311  (a test's dice)
    pdf, truth = stack(chance)
    say(f"{len(truth)} pages of {UNITS} units, {len(pdf) / 1e6:.1f} MB, seed {seed}, synthetic")
    with TemporaryFile() as file:
        file.write(pdf)
        file.flush()
        begun = time.perf_counter()
        pages: list[PageReading] = []
        for first in range(1, len(truth) + 1, AT_ONCE):
            pages += read(file, "pdf", first, min(first + AT_ONCE - 1, len(truth))).pages
        reading = time.perf_counter() - begun
        cases = {token: sort_pages(pages, token, 1) for token in by_case(pages)}
        begun = time.perf_counter()
        turns = {page["n"]: page["turn"] for page in pages}
        parts = split(file, [[(place.n, turns[place.n]) for place in filed.own] for filed in cases.values()])
        apart = time.perf_counter() - begun
    found = {place.n: (token, place.page) for token, filed in cases.items() for place in filed.own}
    right = {n: (each.token, each.page) for n, each in enumerate(truth, 1)}
    unread = [n for n, page in enumerate(pages, 1) if not page["codes"]]
    for n in unread:
        say(f"no code read on page {n}: {truth[n - 1].way}, turned {truth[n - 1].turn}")
    yield Figure("pages misfiled", sum(found[n] != right[n] for n in found), "", 0, 0)
    yield Figure("pages without a code read", len(unread), f"of {len(truth)}", 1, 0)
    yield Figure("pages not turned upright", sum(_crooked(p, t) for p, t in zip(pages, truth, strict=True)), "", 0, 0)
    wrong = UNITS - _exact(parts, cases, truth)
    yield Figure("units whose own file is not exactly their pages", wrong, f"of {UNITS}", 0, 0)
    yield Figure("reading the stack", reading, "s", 120, 1)
    yield Figure("reading, per page", reading / len(truth), "s", 2, 2)
    yield Figure("copying the pages apart", apart, "s", 20, 1)


def _crooked(page: PageReading, truth: Truth) -> bool:
    return bool(page["codes"]) and (page["turn"] + truth.turn) % 360 != 0


def _exact(parts: list[bytes], cases: dict[str, Any], truth: list[Truth]) -> int:
    wanted = {token: sorted(each.page for each in truth if each.token == token) for token in cases}
    return sum(
        [place.page for place in filed.own] == wanted[token] and len(pypdfium2.PdfDocument(pdf)) == len(filed.own)
        for pdf, (token, filed) in zip(parts, cases.items(), strict=True)
    )


def stack(chance: Random) -> tuple[bytes, list[Truth]]:
    """Return the PDF of a scanner, and what each of its pages is."""
    sheets = [sheet for number in range(UNITS) for sheet in _sheets(number, chance)]
    chance.shuffle(sheets)
    pictures, truth = [], []
    for token, page, picture in sheets:
        way, turn = chance.choice(WAYS), chance.choice(TURNS)
        pictures.append(capture(picture, way, chance).rotate(-turn, expand=True))
        truth.append(Truth(token, page, turn, way))
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=150, quality=75)
    return out.getvalue(), truth


def _sheets(number: int, chance: Random) -> Iterator[tuple[str, int, Any]]:
    """Yield (token, page, picture at 200 dpi) of one unit's printed sheet of six pages."""
    token = "".join(chance.choices("ABCDEFGHJKMNPQRSTVWXYZ23456789", k=16))
    items = 8
    rendered = render("reply_sheet", _content(number, token, items))
    while rendered.pages < PAGES:
        items += 1
        rendered = render("reply_sheet", _content(number, token, items))
    pdf = pypdfium2.PdfDocument(rendered.pdf)
    for page in range(len(pdf)):
        image: Image.Image = pdf[page].render(scale=200 / 72).to_pil().convert("RGB")
        yield token, page + 1, np.asarray(image, np.float32)


def _content(number: int, token: str, items: int) -> dict[str, Any]:
    line = {"result": "已整改", "finished_on": "2021-12-28", "responsible": "张三", "evidence": ["页面截图"]}
    return {
        "draft": False,
        "unit": f"示例市第{number + 1}单位",
        "issuer": "示例市人民政府办公室",
        "notice_number": f"示政办公开改〔2021〕{number + 1}号",
        "notice_title": "关于限期整改有关问题的通知",
        "round": 1,
        "deadline_words": "1月10日前",
        "items": [
            {**line, "seq": n, "subject": f"示例账号{n}", "description": "两周未更新。", "measure": TEXT * 4}
            for n in range(1, items + 1)
        ],
        "url_base": "https://zgt.example.gov.cn",
        "token": token,
        "version": 1,
        "printed_on": "2021-12-28",
    }


def end() -> None:
    """End the printing children."""
    close()
