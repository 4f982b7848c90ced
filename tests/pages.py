"""A browser for tests: every page it fetches is checked, and forms are sent as a person would send them."""

import contextvars
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.factories import PASSWORD
from tracker.kit.host import host
from tracker.kit.session_cookie import cookie_name
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.models import Person
from tracker.org.operations.sign_in import open_session
from tracker.org.policy import VISITOR

H = "{http://www.w3.org/1999/xhtml}"
NEEDS_LABEL = {"input", "select", "textarea"}
NO_LABEL = {"hidden", "submit", "button", "image", "reset"}
LOOSE_RULES = {"unexpected-implied-end-tag-in-table-view"}


@dataclass
class Form:
    """A form of a page: where it goes and what it would send untouched."""

    action: str
    method: str
    values: dict[str, Any]
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Page:
    """An answer and what a reader sees of it."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.text = (
            response.get_data(as_text=True) if response.mimetype.startswith(("text/", "application/json")) else ""
        )
        self.path = response.request.full_path.rstrip("?")
        self.tree: Element | None = None
        if response.mimetype == "text/html" and self.text:
            self.tree = self._checked()

    def _checked(self) -> Element:
        parser = html5lib.HTMLParser(namespaceHTMLElements=True)
        tree: Element = parser.parse(self.text)
        faults = [error for error in parser.errors if error[1] not in LOOSE_RULES]
        assert not faults, (self.path, faults[:5])
        check_page(tree, self.path)
        return tree

    @property
    def words(self) -> str:
        """The visible text, white space folded."""
        assert self.tree is not None, self.path
        return " ".join("".join(self.tree.itertext()).split())

    def forms(self) -> list[Form]:
        """Every form of the page, in order."""
        assert self.tree is not None, self.path
        return [read_form(element, self.path) for element in self.tree.iter(f"{H}form")]

    def form(self, part: str = "") -> Form:
        """The one posting form whose action contains `part`."""
        found = [
            f
            for f in self.forms()
            if part in f.action and f.method == "post" and "/sign-out" not in f.action and "/language/" not in f.action
        ]
        if part:
            found = [f for f in self.forms() if part in f.action and f.method == "post"]
        assert found, (self.path, part, [f.action for f in self.forms()])
        return found[0]


def read_form(element: Element, path: str) -> Form:
    """Return a form element as what a browser would send."""
    form = Form(element.get("action") or path, (element.get("method") or "get").lower(), {})
    for node in element.iter():
        tag, name, kind = node.tag.removeprefix(H), node.get("name"), node.get("type", "text")
        if tag == "button" or (tag == "input" and kind == "submit"):
            if name:
                form.buttons.append((name, node.get("value", "")))
            continue
        if name is None or tag not in NEEDS_LABEL or node.get("disabled") is not None:
            continue
        _read_field(form, node, tag, name, kind)
    return form


def _read_field(form: Form, node: Element, tag: str, name: str, kind: str) -> None:
    if tag == "select":
        chosen = [o.get("value", o.text) for o in node.iter(f"{H}option") if o.get("selected") is not None]
        first = [o.get("value", o.text) for o in node.iter(f"{H}option")][:1]
        values = chosen or ([] if node.get("multiple") is not None else first)
        if values:
            form.values[name] = values if node.get("multiple") is not None else values[0]
    elif tag == "textarea":
        form.values[name] = (node.text or "").removeprefix("\n")
    elif kind in ("checkbox", "radio"):
        if node.get("checked") is not None:
            form.values.setdefault(name, []).append(
                node.get("value", "on")
            ) if kind == "checkbox" else form.values.update({name: node.get("value", "on")})
    elif kind != "file":
        form.values[name] = node.get("value", "")


def check_page(tree: Element, path: str) -> None:
    """What holds for every page: a title, unique ids, labelled fields, keyed forms, nothing inline."""
    title = tree.find(f".//{H}title")
    assert title is not None, f"{path}: no title"
    assert (title.text or "").strip(), f"{path}: empty title"
    ids = [node.get("id") for node in tree.iter() if node.get("id")]
    assert sorted(ids) == sorted(set(ids)), f"{path}: double ids {[i for i in ids if ids.count(i) > 1]}"
    labels = list(tree.iter(f"{H}label"))
    labelled = {node.get("for") for node in labels}
    inside = {node for label in labels for node in label.iter()}
    for node in tree.iter():
        tag = node.tag.removeprefix(H) if isinstance(node.tag, str) else ""
        inline = [key for key in node.attrib if key.startswith("on") or key == "style"]
        assert not inline, f"{path}: inline {inline} on <{tag}>"
        if tag == "script":
            assert node.get("src") or node.get("type") == "application/json", f"{path}: inline script"
        if tag in NEEDS_LABEL and node.get("type") not in NO_LABEL:
            named = node.get("id") in labelled or node.get("aria-label") or node.get("aria-labelledby")
            assert named or node in inside, f"{path}: field {node.get('name')} has no label"
        if tag == "img":
            assert node.get("alt") is not None, f"{path}: picture without alt"
    for form in tree.iter(f"{H}form"):
        if (form.get("method") or "").lower() == "post":
            keys = [n for n in form.iter(f"{H}input") if n.get("name") == "form_key"]
            assert len(keys) == 1, f"{path}: form to {form.get('action')} has {len(keys)} keys"


def apart(send: Callable[[], TestResponse]) -> TestResponse:
    """Send a request outside the test's own application context: nothing is shared with it but the database."""
    return contextvars.Context().run(send)


class PageClient:
    """A browser: keeps cookies, follows redirects, checks every page."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.http = app.test_client()

    def enter(self, login: str) -> "PageClient":
        """Be signed in as an active person without going through the page: the session is opened as the page does."""
        token, name = contextvars.Context().run(self._session_of, login)
        self.http.set_cookie(name, token)
        return self

    def _session_of(self, login: str) -> tuple[str, str]:
        with self.app.app_context(), unit_of_work(replace(VISITOR, address="127.0.0.1"), host().clock) as work:
            person = work.session.scalar(select(Person).where(Person.login == login, Person.active))
            assert person is not None, f"nobody active is called {login}"
            return open_session(work, person, "127.0.0.1", "a test's browser"), cookie_name()

    def sign_in(self, login: str, password: str = PASSWORD) -> "PageClient":
        """Sign in through the page."""
        page = self.get("/sign-in")
        done = self.submit(page, "/sign-in", login=login, password=password)
        assert done.path.split("?")[0] != "/sign-in", f"{login} could not sign in: {done.words[:300]}"
        return self

    def get(self, url: str, follow: bool = True) -> Page:
        """Fetch a page."""
        return Page(apart(lambda: self.http.get(url, follow_redirects=follow)))

    def post(self, url: str, data: dict[str, Any], follow: bool = True) -> Page:
        """Send raw data (for attacks); a person uses `submit`."""
        return Page(
            apart(lambda: self.http.post(url, data=data, follow_redirects=follow, content_type="multipart/form-data"))
        )

    def submit(self, page: Page, part: str = "", /, follow: bool = True, **values: Any) -> Page:
        """Fill in and send the form whose action contains `part`; None leaves a field out."""
        form = page.form(part)
        data = {**form.values, **values}
        return self.post(form.action, {key: value for key, value in data.items() if value is not None}, follow)
