"""P16: what people type stays text on every page that shows it (papers: tests/documents/test_hostile_text.py)."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import cycle
from typing import Any
from xml.etree.ElementTree import Element

from flask import Flask

from tests.pages import H, Page, PageClient, apart
from tests.worlds import World

WRITERS = ("contact-a", "clerk", "reviewer", "director", "sysadmin")
READERS = ("clerk", "director", "reviewer", "observer", "contact-a", "leader-a", "contact-b", "auditor", "sysadmin")
PAYLOADS = {
    "script": "<script>alert(1)</script>{{7*7}}",
    "attribute": '"><img src=x onerror=1>{% raw %}',
    "formula": "=1+1&lt;b&gt;'--%(n)s{0}",
    "directions": "右\u202e左\u200f<marquee>动",
}
LEFT_ALONE = (
    "/sign-out",
    "/language/",
    "/sessions/",
    "/password",
    "/reset",
    "/stop",
    "/withdraw",
    "/void",
    "/drop",
    "/inbox/",
)
"""Forms without text of their own, and acts that would take the others' ground away."""
TYPED = {"text", "search", "tel", "url", "email"}


def filled(form: Element, texts: Iterator[str]) -> dict[str, Any]:
    """What somebody sends who types the next text into every field for text and picks the first of every choice."""
    data: dict[str, Any] = {}
    for node in form.iter():
        tag, name, kind = str(node.tag).removeprefix(H), node.get("name"), node.get("type", "text")
        if not name or node.get("disabled") is not None:
            continue
        if tag == "textarea" or (tag == "input" and kind in TYPED):
            data[name] = next(texts)
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


def type_everywhere(client: PageClient, texts: Iterator[str], most: int = 40) -> set[str]:
    """Type texts into every form that a person meets, each kind of form once; return where they were taken."""
    met, taken = set(), set()
    for page in walk(client, most):
        assert page.tree is not None
        for form in page.tree.iter(f"{H}form"):
            action = form.get("action") or page.path
            shape = re.sub(r"\d+|[A-Z2-9]{16}", "#", action.split("?")[0])
            if (form.get("method") or "").lower() != "post" or shape in met or any(p in action for p in LEFT_ALONE):
                continue
            met.add(shape)
            answer = client.post(action, filled(form, texts))
            assert answer.status < 500, (action, answer.words[:200])
            if answer.status == 200:
                taken.add(shape)
    return taken


def assert_inert(page: Page) -> None:
    """Nothing on the page came out of the text; the client itself has looked for scripts and handlers."""
    assert page.tree is not None
    for node in page.tree.iter():
        tag = str(node.tag).removeprefix(H)
        assert not (tag == "img" and node.get("src") == "x"), page.path
        assert not (tag == "script" and "alert" in "".join(node.itertext())), page.path
        assert tag != "marquee", page.path
    assert "alert(1)</script>49" not in page.words, page.path


def test_p16_typed_text_is_shown_as_typed_wherever_it_appears(app: Flask, world: World) -> None:
    people = {who: PageClient(app).enter(who) for who in {*WRITERS, *READERS}}
    texts = cycle(PAYLOADS.values())
    taken = {who: type_everywhere(people[who], texts) for who in WRITERS}
    assert {who for who, forms in taken.items() if forms} == set(WRITERS), taken
    shown = dict.fromkeys(PAYLOADS, 0)
    for who in READERS:
        for page in walk(people[who], 50):
            assert_inert(page)
            told = "".join(page.tree.itertext()) if page.tree is not None else ""
            for kind, text in PAYLOADS.items():
                shown[kind] += text in told
    print(f"taken by {sum(map(len, taken.values()))} forms, shown: {shown}")
    assert all(shown.values()), shown


def test_p16_signs_no_paper_can_carry_and_long_texts_break_nothing(app: Flask, world: World) -> None:
    people = {who: PageClient(app).enter(who) for who in WRITERS}
    texts = cycle(["字\x00\x01\x1b\x7f\x85", "长" * 2000, "字\x00"])
    for who in WRITERS:
        type_everywhere(people[who], texts, most=25)
    for who in ("clerk", "contact-a", "reviewer"):
        for page in walk(people[who], 25):
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", page.text), page.path
