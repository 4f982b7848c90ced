"""The people of the journeys and what each does at the screen, in the words they see on it."""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Self

from playwright.sync_api import BrowserContext, ConsoleMessage, Download, Locator, Page, WebError, expect
from playwright.sync_api import Error as PageError

from tests.factories import PASSWORD

PATIENCE = 15_000
"""Milliseconds; papers are printed in the meantime."""
EXPECTED = ("status of 404", "status of 422")
"""The browser notes refusals that a journey provokes; nothing else may be noted."""
PASTE = """async ([base64]) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const basket = new DataTransfer();
  basket.items.add(new File([bytes], "clipboard.png", { type: "image/png" }));
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: basket, bubbles: true, cancelable: true }));
}"""


@dataclass
class Watch:
    """What the browser complained of."""

    heard: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        """Note an error or a warning of the console (a refusal by the page's policy is one)."""
        if message.type in ("error", "warning") and not any(part in message.text for part in EXPECTED):
            self.heard.append(f"{message.page.url if message.page else ''}: {message.text}")

    def error(self, error: WebError) -> None:
        """Note an exception that no script caught."""
        self.heard.append(str(error.error))


class Person:
    """Somebody at a browser window. `acts` counts what hand and keyboard did: clicks, fields filled, files chosen."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page: Page = context.new_page()
        self.url = url
        self.acts = 0

    def opens(self, path: str) -> int:
        """Go to an address; return the answer's status."""
        address = path if path.startswith("http") else self.url + path
        try:
            answer = self.page.goto(address)
        except PageError as error:  # the page that is left was looking again by itself in that very moment
            if "ERR_ABORTED" not in error.message:
                raise
            answer = self.page.goto(address)
        assert answer is not None, path
        return answer.status

    def signs_in(self, login: str, password: str = PASSWORD) -> Self:
        """Sign in, on the page that is open when it asks for it, otherwise on the sign-in page."""
        if "/sign-in" not in self.page.url:
            self.opens("/sign-in")
        self.fills("账号", login)
        self.fills("密码", password)
        self.presses("登录")
        expect(self.page.get_by_role("button", name="退出")).to_be_visible()
        self.acts = 0
        return self

    def presses(self, name: str) -> None:
        """Press the button with these words."""
        self.acts += 1
        self.page.get_by_role("button", name=name, exact=True).click()

    def follows(self, name: str) -> None:
        """Follow the link with these words in the page itself."""
        self.acts += 1
        self.page.locator("main, aside").get_by_role("link", name=name, exact=True).first.click()

    def goes_to(self, name: str) -> None:
        """Open a place of the left rail; on a telephone it may stand under "more"."""
        self.acts += 1
        rail = self.page.get_by_role("navigation", name="主导航")
        place = rail.get_by_role("link", name=name, exact=True)
        more = rail.locator("summary")
        self.page.wait_for_load_state("load")  # before its styles are there, a page shows what it will fold away
        expect(place.or_(more).first).to_be_visible()
        if not place.is_visible():
            more.click()
        place.click()

    def fills(self, label: str, text: str) -> None:
        """Write into the field of that name."""
        self.acts += 1
        self.field(label).fill(text)

    def chooses(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.acts += 1
        self.field(label).select_option(label=option)

    def ticks(self, *names: str) -> None:
        """Tick boxes or round buttons."""
        for name in names:
            self.acts += 1
            self.page.get_by_label(name, exact=True).check()

    def attaches(self, label: str, path: Path) -> None:
        """Choose a file."""
        self.acts += 1
        self.field(label).set_input_files(path)

    def field(self, label: str) -> Locator:
        """The field with that label; the page may add that it is optional."""
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*(（选填）)?\s*$"))

    def sees(self, *texts: str) -> None:
        """Read these words in the page."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def sees_the_paper(self) -> None:
        """Look at the picture of a paper's first page: it is there and it has loaded."""
        picture = self.page.locator("img.page").first
        expect(picture).to_be_visible()
        picture.evaluate("async (image) => { await image.decode(); }")
        assert picture.evaluate("(image) => image.naturalWidth") > 0


class Clerk(Person):
    """Enters findings and drafts notices."""

    def enters(self, unit: str, account: str, text: str, *, pasting: str = "", attaching: Path | None = None) -> None:
        """Enter a finding with a picture, from the clipboard (base64) or from a file."""
        self.goes_to("问题")
        self.follows("录入问题")
        self.chooses("责任单位", unit)
        self.chooses("网站或账号", account)
        self.field("指标").select_option(index=1)
        self.fills("问题描述", text)
        if pasting:
            expect(self.page.locator("html[data-started]")).to_be_attached()
            self.page.evaluate(PASTE, [pasting])
            expect(self.page.locator("[data-files] li")).to_contain_text("screenshot-")
        if attaching:
            self.attaches("佐证材料", attaching)
        self.presses("保存问题")
        self.sees("已录入", text)
        expect(self.page.locator("aside img").first).to_be_visible()

    def drafts(self, *descriptions: str) -> None:
        """Pick the findings and draft the notices."""
        self.goes_to("问题")
        for text in descriptions:
            self.page.locator("tr[data-row]").filter(has_text=text).get_by_role("checkbox").check()
        self.presses("起草整改通知单")

    def writes(self, *, title: str, due: date) -> None:
        """Write title and deadline, and have the draft papers printed."""
        self.fills("名称", title)
        self.fills("报送期限", due.isoformat())
        self.presses("保存并生成清样")

    def submits(self, count: int) -> None:
        """Send the notices to the director."""
        self.presses(f"送审 {count} 份通知")
        self.sees("已送审")


class Director(Person):
    """Sees the very paper, then sends back or signs."""

    def takes_up(self, title: str) -> None:
        """Open the batch from the home page and wait for its paper."""
        self.goes_to("今日待办")
        self.follows("审阅签发")
        self.sees(title)
        expect(self.page.locator("img.page").first).to_be_visible()

    def sends_back(self, reason: str) -> None:
        """Return the batch to its drafter."""
        self.page.get_by_text("退回修改…").click()
        self.fills("理由", reason)
        self.presses("退回本批次")

    def signs(self, count: int) -> None:
        """Sign off and issue."""
        self.presses(f"同意签发 {count} 份通知")
        self.sees("已签发")


class Contact(Person):
    """Answers for a unit."""

    def chooses_a_password(self, password: str) -> None:
        """Replace the first password."""
        self.sees("请设置本人密码")
        self.fills("当前密码", PASSWORD)
        self.fills("新密码", password)
        self.fills("再次输入新密码", password)
        self.presses("修改密码")
        self.acts = 0

    def acknowledges(self) -> None:
        """Acknowledge the notice."""
        self.presses("签收本通知")
        self.sees("0/1")

    def answers(self, measure: str, day: date, responsible: str, evidence: Path) -> None:
        """Fill in the one item."""
        self.follows("逐项填写")
        self.ticks("已整改")
        self.fills("整改措施", measure)
        expect(self.field("完成日期")).to_have_value(day.isoformat())  # proposed: nobody types today's date
        self.fills("责任人", responsible)
        self.attaches("添加佐证材料", evidence)
        self.presses("保存并继续")
        self.sees("各项均已填写")  # and the sheet is being made already

    def prints_the_sheet(self, folder: Path) -> Path:
        """Wait for the reply sheet and download it."""
        link = self.page.get_by_role("link", name="下载报告")
        expect(link).to_be_visible(timeout=2 * PATIENCE)  # the page looks again by itself
        self.sees_the_paper()
        self.acts += 1
        with self.page.expect_download() as arriving:
            link.click()
        return _kept(arriving.value, folder)

    def hands_in(self, scan: Path) -> str:
        """Upload the signed and sealed scan, check, submit; return the receipt number."""
        self.follows("上传盖章件")
        self.attaches("签字盖章后的扫描件", scan)
        self.presses("上传扫描件")
        self.sees_the_paper()
        self.follows("核对提交")
        self.presses("向办公室报送")
        heading = self.page.get_by_role("heading", level=1)
        expect(heading).to_contain_text("回执 R-")
        return heading.inner_text().removeprefix("回执").strip()


class Reviewer(Person):
    """Compares the scan with what was written."""

    def takes_up(self, unit: str) -> None:
        """Open a unit's reply from the queue."""
        self.goes_to("回复")
        self.page.locator("[data-row]").filter(has_text=unit).get_by_role("link", name="复核", exact=True).click()
        self.sees_the_paper()

    def returns(self, item: int, reason: str) -> None:
        """Return the reply because of one item."""
        self._verdict(item, "退回")
        self.fills(f"第 {item} 项退回理由", reason)
        self.presses("提交复核结论并看下一件")
        self.sees("已退回")

    def accepts(self, item: int) -> None:
        """Accept the item, tick signature and seal, close."""
        self._verdict(item, "通过")
        self.ticks("已核对签字", "已核对盖章")
        self.presses("提交复核结论并看下一件")
        self.sees("已通过并销号")

    def passes_by_keys(self, item: int) -> None:
        """Go to the item and pass it with two keys; J and K do nothing while one types."""
        expect(self.page.locator("html[data-started]")).to_be_attached()  # before, the page listens to no key
        self.page.keyboard.press("j")
        self.page.keyboard.press("y")
        chosen = self.page.get_by_role("group", name=f"第 {item} 项复核结论").get_by_label("通过", exact=True)
        expect(chosen).to_be_checked()

    def _verdict(self, item: int, verdict: str) -> None:
        self.page.get_by_role("group", name=f"第 {item} 项复核结论").get_by_label(verdict, exact=True).check()


class Auditor(Person):
    """Reads the record."""

    def verifies_the_record(self) -> None:
        """Have the whole chain recomputed."""
        self.goes_to("留痕")
        self.follows("核验留痕")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("留痕完整")


def _kept(download: Download, folder: Path) -> Path:
    path = folder / f"{download.suggested_filename}"
    download.save_as(path)
    return path
