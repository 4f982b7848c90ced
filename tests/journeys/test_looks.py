"""Every main page of every role, wide and on a telephone, in Chinese and English: it fits, is quiet, is translated."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Page

from tests.conftest import WorkAs
from tests.journeys.house import House, open_house
from tests.journeys.people import Person
from tests.reminders.cases import Sink
from tests.worlds import World, build
from tracker.indicators.operations import load_set, read_set, shipped_files

pytestmark = pytest.mark.journey
CATALOGUE = Path(__file__).parents[2] / "translations/zh_Hans_CN/LC_MESSAGES/messages.po"
SIZES = {"wide": (1366, 768), "telephone": (390, 844)}
SAME = {"English", "SHA-256", "PDF", "JSON"}
"""English words that a Chinese page shows on purpose."""
PAGES = {
    "": "/sign-in",
    "clerk": """
        / /findings /findings?state=all /findings/new /findings/bulk /findings/bulk?unit={unit_a} /findings/1
        /inspections /inspections/new /indicators /indicators/TEST /registry /registry/1 /registry/new /batches
        /batches/{drafted} /batches/{drafted}/edit /batches/{sent_back} /batches/{withdrawn} /batches/{closed}
        /notices /notices/1 /notices/6 /assignments /assignments/{token_closed} /inbox /deliveries /password
        /sessions
    """,
    "director": """
        / /batches/{in_review} /batches/{undelivered} /notices/12 /delegations /assignments/{token_closed} /inbox
    """,
    "reviewer": """
        / /replies /replies/{token_submitted}/review /assignments/{token_returned}
        /assignments/{token_closed}/receipt/1
    """,
    "contact-a": """
        / /assignments /assignments?state=all /assignments/{token_issued} /assignments/{token_acknowledged}
        /assignments/{token_acknowledged}/items/1 /assignments/{token_acknowledged}/items/1?check=1
        /assignments/{token_acknowledged}/sheet /assignments/{token_acknowledged}/scan
        /assignments/{token_acknowledged}/check /assignments/{token_returned}
        /assignments/{token_returned}/items/1 /assignments/{token_returned}/sheet
        /assignments/{token_submitted}/receipt/1 /assignments/{token_voided} /inbox /password
    """,
    "leader-a": "/ /assignments /assignments/{token_submitted}",
    "observer": "/ /findings /notices /assignments",
    "sysadmin": "/ /people /people/new /people/1 /units/new /units/{unit_a}",
    "secadmin": "/ /roles /roles/1",
    "auditor": "/ /record /record/verify",
}
NOT_FOUND = "/no-such-page"
MEASURE = """() => ({
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  title: document.title,
  lang: document.documentElement.lang,
  heading: document.querySelectorAll("h1").length,
  out: [...document.querySelectorAll("main *, header *, nav *, aside *")]
    .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .slice(0, 4).map((e) => `${e.tagName}.${e.className}`),
})"""


@pytest.fixture(scope="module")
def house_and_world(sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, World]]:
    """The product full of matters in every stage."""

    def furnish(work_as: WorkAs) -> World:
        with work_as() as work:
            for path in shipped_files():
                load_set(work, read_set(path))
        return build(work_as)

    with open_house(tmp_path_factory.mktemp("looks"), f"sqlite:///{sqlite_file}", Sink(), furnish) as opened:
        yield opened


def addresses(world: World, login: str) -> list[str]:
    """The pages of a role in this world."""
    places = {
        **{f"token_{stage}": token for stage, token in world.tokens.items()},
        **world.batches,
        "unit_a": world.unit_a,
    }
    return [path.format(**places) for path in PAGES[login].split()] + [NOT_FOUND]


def untranslated() -> set[str]:
    """English msgids without a gap whose Chinese differs: none may stand alone on a Chinese page."""
    with CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale="zh_Hans_CN")
    found = [
        (str(message.id), str(message.string)) for message in catalogue if isinstance(message.id, str) and message.id
    ]
    return {
        said for said, ours in found if ours not in ("", said) and "%" not in said and re.search("[a-zA-Z]{2}", said)
    } - SAME


MSGIDS = untranslated()


def spoken_in_english(page: Page) -> set[str]:
    """The lines of the page that are English words of ours."""
    return {line.strip() for line in page.inner_text("body").splitlines()} & MSGIDS


def faults_of(page: Page, language: str, status: int, path: str) -> list[str]:
    """What is wrong with the page that is open."""
    seen = page.evaluate(MEASURE)
    faults = [] if status == (404 if path == NOT_FOUND else 200) else [f"status {status}"]
    faults += [f"{seen['wide']} px too wide: {seen['out']}"] if seen["wide"] > 0 else []
    faults += [] if seen["title"].split("·")[0].strip() else ["no title"]
    faults += [] if seen["lang"] == language.replace("_", "-") else [f"language {seen['lang']}"]
    faults += [] if seen["heading"] == 1 else [f"{seen['heading']} first headings"]
    faults += [f"untranslated: {line}" for line in sorted(spoken_in_english(page))] if language != "en" else []
    return [f"{path}: {fault}" for fault in faults]


@pytest.mark.parametrize("login", PAGES)
def test_pages_fit_are_quiet_and_translated(login, house_and_world, sitting, watch):
    house, world = house_and_world
    person = Person(sitting(), house.url)
    if login:
        person.signs_in(login)
    faults, english = [], set()
    for language, other in (("zh_Hans_CN", "English"), ("en", "中文")):
        for path in addresses(world, login):
            status = person.opens(path)
            for size, (width, height) in SIZES.items():
                person.page.set_viewport_size({"width": width, "height": height})
                faults += [f"{language} {size} {fault}" for fault in faults_of(person.page, language, status, path)]
        person.opens("/")
        english = spoken_in_english(person.page)
        person.page.set_viewport_size({"width": 1366, "height": 768})
        person.presses(other)
    assert faults == []
    assert english, "the English page shows none of our English words: then the check of the Chinese ones hears nothing"
