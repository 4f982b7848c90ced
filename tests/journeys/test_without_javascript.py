"""The same loop without any script, on a telephone, and for the contact with the keyboard alone."""

import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import FileChooser, Page, expect

from tests import factories as f
from tests.conftest import WorkAs
from tests.journeys.house import House, open_house
from tests.journeys.people import Contact, Reviewer
from tests.reminders.cases import Sink
from tests.replies.case import Case, build

pytestmark = pytest.mark.journey
WIDTH, HEIGHT = 390, 844
MOST_TABS = 60
"""More steps than this to a field, and somebody without a mouse would give up."""
FOCUSED = """() => {
  const at = document.activeElement;
  const label = at.labels && at.labels.length ? at.labels[0].innerText : at.innerText;
  return [at.tagName, (label || at.getAttribute("aria-label") || "").replace(/\\s+/g, " ").trim()];
}"""

VISIBLE = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const y = Math.max(0, box.top) + Math.min(10, box.height / 2);
  const top = document.elementFromPoint(box.left + Math.min(10, box.width / 2), y);
  return box.bottom > 0 && top !== null && (at.contains(top) || top.contains(at));
}"""


class Hands:
    """Somebody with a keyboard: tabs to what is wanted, then types or presses Enter."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0
        self.choosers: list[FileChooser] = []
        page.on("filechooser", lambda chooser: self.choosers.append(chooser))

    def press(self, key: str) -> None:
        """Press one key."""
        self.keys += 1
        self.page.keyboard.press(key)

    def reach(self, *names: str) -> None:
        """Tab until the focus is on what is called so."""
        for _step in range(MOST_TABS):
            self.press("Tab")
            name = re.sub(r" ?（选填）$", "", self.page.evaluate(FOCUSED)[1])
            if name in names:
                assert_seen(self.page)
                return
        raise AssertionError(f"{names} not within {MOST_TABS} tabs on {self.page.url}")

    def go(self, name: str) -> None:
        """Tab to a link or button and press Enter."""
        self.reach(name)
        with self.page.expect_navigation():
            self.press("Enter")
        assert_fits(self.page)

    def type(self, name: str, text: str) -> None:
        """Tab to a field and type."""
        self.reach(name)
        self.page.keyboard.type(text)

    def choose(self, name: str, *also: str) -> None:
        """Tab to a group of round buttons, in which the first has the focus, and choose it."""
        self.reach(name, *also)
        self.press("Space")

    def attach(self, name: str, path: Path) -> None:
        """Tab to a file field, press Enter, choose in the dialogue."""
        self.reach(name)
        self.press("Enter")
        deadline = time.monotonic() + 10
        while not self.choosers:
            assert time.monotonic() < deadline, f"no dialogue opened for {name}"
            self.page.wait_for_timeout(50)
        self.choosers.pop().set_files(path)

    def date(self, name: str, day: date) -> None:
        """Tab to a date field and type its parts in the order in which the browser shows them."""
        self.reach(name)
        self.page.keyboard.type(day.strftime("%Y"))
        self.press("Tab")
        self.page.keyboard.type(day.strftime("%m%d"))


def assert_fits(page: Page) -> None:
    """Nothing is wider than the screen, once the page with its styles is there."""
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH, page.url


def assert_seen(page: Page) -> None:
    """What has the focus can be seen: its first line stands inside the window and not below the bar at its foot."""
    deadline = time.monotonic() + 2  # the browser scrolls a moment after the focus has moved
    while not page.evaluate(VISIBLE):
        assert time.monotonic() < deadline, (page.url, page.evaluate(FOCUSED))
        time.sleep(0.02)


@pytest.fixture
def house_and_case(sqlite_file: Path, tmp_path: Path) -> Iterator[tuple[House, Case]]:
    """The product with one delivered notice of one item."""

    def furnish(work_as: WorkAs) -> Case:
        with work_as() as work:
            return build(work, count=1)

    with open_house(tmp_path, f"sqlite:///{sqlite_file}", Sink(), furnish) as opened:
        yield opened


def test_the_loop_without_script_by_keyboard_on_a_telephone(house_and_case, sitting, tmp_path):
    house, case = house_and_case
    picture = tmp_path / "盖章件.png"
    picture.write_bytes(f.png())
    contact = Contact(sitting(WIDTH, HEIGHT, java_script_enabled=False, has_touch=True), house.url)
    contact.signs_in("contact-xihe")
    contact.opens(f"/assignments/{case.token}")
    hands = Hands(contact.page)
    assert_fits(contact.page)

    hands.go("签收本通知")
    contact.sees("0/1")
    hands.go("逐项填写")
    hands.choose("已整改")
    hands.type("整改措施", "已恢复更新，并安排专人值守。")
    hands.type("责任人", "张三")
    hands.attach("添加佐证材料", picture)
    hands.go("保存并继续")
    contact.sees("各项均已填写")
    expect(contact.page.get_by_role("link", name="下载报告")).to_be_visible()  # the page looks again without a script
    assert_fits(contact.page)
    hands.go("上传盖章件")
    hands.attach("签字盖章后的扫描件", picture)
    hands.go("上传扫描件")
    contact.sees_the_paper()
    hands.go("核对提交")
    hands.go("向办公室报送")
    contact.sees("R-2021-000001")
    print(f"by keyboard, from receipt to submission: {hands.keys} keys besides the text")

    reviewer = Reviewer(sitting(WIDTH, HEIGHT, java_script_enabled=False), house.url).signs_in("reviewer")
    reviewer.takes_up("细河区")
    assert_fits(reviewer.page)
    reviewer.accepts(1)
    assert_fits(reviewer.page)
    contact.opens(f"/assignments/{case.token}")
    contact.sees("已销号")
