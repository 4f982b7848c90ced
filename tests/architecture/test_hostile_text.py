"""P16: what people type stays text on every page that shows it (papers: tests/documents/test_hostile_text.py)."""

import re
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from tests.pages import H, Page, PageClient, apart
from tests.worlds import World

WRITERS = ("contact-a", "clerk", "reviewer", "director", "sysadmin")
READERS = ("clerk", "director", "reviewer", "observer", "contact-a", "leader-a", "contact-b", "auditor", "sysadmin")
PAYLOADS = {
    "script": "<script>alert(1)</script>{{7*7}}",
    "attribute": '"><img src=x onerror=1>{% raw %}',
    "formula": "=1+1&lt;b&gt;'--%(n)s{0}",
    "directions": "右\u202e左\u200f<b>粗",
}
HARD = {"control": "字\x00\x01\x1b\x7f\x85", "long": "长" * 2000}
LEFT_ALONE = ("/sign-out", "/language/", "/sessions/", "/password", "/stop", "/withdraw", "/void", "/drop", "/inbox/")
"""Forms without text of their own, and acts that would take the others' ground away; their reasons come last."""
TYPED = {"text", "search", "tel", "url", "email"}


def filled(form: Element, text: str) -> dict[str, Any]:
    """What somebody sends who types `text` into every field for text and picks the first of what can be picked."""
    data: dict[str, Any] = {}
    for node in form.iter():
        tag, name, kind = str(node.tag).removeprefix(H), node.get("name"), node.get("type", "text")
        if not name or node.get("disabled") is not None:
            continue
        if tag == "textarea" or (tag == "input" and kind in TYPED):
            data[name] = text
        elif tag == "select":
            data[name] = _picked(node)
        elif tag == "input" and kind == "radio":
            data.setdefault(name, node.get("value"))
        elif tag == "input" and kind in ("hidden", "date", "number", "time", "month"):
            data[name] = node.get("value") or {"date": "2021-12-28", "number": "1"}.get(kind, "")
        elif tag == "input" and kind == "checkbox":
            data[name] = node.get("value", "y")
    return data


def _picked(select: Element) -> str:
    values = [option.get("value") or "" for option in select.iter(f"{H}option") if option.get("selected") is not None]
    values += [option.get("value") or "" for option in select.iter(f"{H}option")]
    return next((value for value in values if value), "")


def walk(client: PageClient, most: int) -> list[Page]:
    """The pages a person reaches by links, each checked by the client."""
    pages, seen, todo = [], set(), ["/", "/inbox", "/findings?state=all", "/assignments?state=all"]
    while todo and len(pages) < most:
        url = todo.pop(0)
        shape = re.sub(r"\d+|[A-Z2-9]{16}", "#", url)
        if url in seen or sum(re.sub(r"\d+|[A-Z2-9]{16}", "#", each) == shape for each in seen) >= 4:
            continue
        seen.add(url)
        with apart(partial(client.http.get, url, follow_redirects=True)) as response:
            assert response.status_code < 500, url
            if response.mimetype != "text/html" or response.status_code != 200:
                continue
            pages.append(Page(response))
        assert pages[-1].tree is not None
        links = [node.get("href") or "" for node in pages[-1].tree.iter(f"{H}a")]
        todo += [link for link in links if link.startswith("/")]
    return pages


def type_everywhere(client: PageClient, text: str, most: int = 40) -> set[str]:
    """Type the text into every form that a person meets, each kind of form once; return where it was taken."""
    met, taken = set(), set()
    for page in walk(client, most):
        assert page.tree is not None
        for form in page.tree.iter(f"{H}form"):
            action = form.get("action") or page.path
            shape = re.sub(r"\d+|[A-Z2-9]{16}", "#", action.split("?")[0])
            if (form.get("method") or "").lower() != "post" or shape in met or any(p in action for p in LEFT_ALONE):
                continue
            met.add(shape)
            answer = client.post(action, filled(form, text))
            assert answer.status < 500, (action, answer.words[:200])
            if answer.status == 200:
                taken.add(shape)
    return taken


def assert_inert(page: Page) -> bool:
    """Nothing on the page came out of the text (the client has looked for scripts and handlers); tell if it is shown."""
    assert page.tree is not None
    for node in page.tree.iter():
        tag = str(node.tag).removeprefix(H)
        assert not (tag == "img" and node.get("src") == "x"), page.path
        assert not (tag == "script" and "alert" in "".join(node.itertext())), page.path
        assert not (tag == "b"), page.path
    return "49" not in re.findall(r"\b49\b", page.words)


@pytest.mark.parametrize("kind", PAYLOADS)
def test_p16_typed_text_is_shown_as_typed_wherever_it_appears(app: Flask, world: World, kind: str) -> None:
    text = PAYLOADS[kind]
    taken = {who: type_everywhere(PageClient(app).sign_in(who), text) for who in WRITERS}
    assert {who for who, forms in taken.items() if forms} == set(WRITERS), taken
    shown: dict[str, int] = {}
    for who in READERS:
        for page in walk(PageClient(app).sign_in(who), 60):
            assert assert_inert(page), page.path
            if page.tree is not None and text in "".join(page.tree.itertext()):
                shown[who] = shown.get(who, 0) + 1
    print(f"{kind}: taken by {sum(map(len, taken.values()))} forms, shown on {sum(shown.values())} pages")
    assert {"clerk", "reviewer", "contact-a", "sysadmin"} <= set(shown), shown


@pytest.mark.parametrize("kind", HARD)
def test_p16_signs_no_paper_can_carry_and_long_texts_break_nothing(app: Flask, world: World, kind: str) -> None:
    for who in WRITERS:
        type_everywhere(PageClient(app).sign_in(who), HARD[kind], most=25)
    for who in ("clerk", "contact-a", "reviewer"):
        for page in walk(PageClient(app).sign_in(who), 25):
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", page.text), page.path
