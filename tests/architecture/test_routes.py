"""Every address: declared, in one style, reachable, never deleting, with a template behind it."""

import re
from pathlib import Path

from flask import Flask

from tracker.kit.routes import PUBLIC, SIGNED_IN
from tracker.org.policy import Permission
from tracker.web.app import OPEN_ENDPOINTS
from tracker.web.places import PLACES

ROOT = Path(__file__).parents[2]
TEMPLATES = "\n".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
CODE = "\n".join(path.read_text() for path in (ROOT / "tracker").rglob("*.py"))
CALLED_FROM_OUTSIDE = {
    "pages.healthz": "asked by the machine that watches over the service",
    "pages.readyz": "asked by the machine that watches over the service",
    "notices.verify": "read from the code printed on a notice",
    "replies.sheet_code": "read from the code printed on a reply sheet",
}


def test_every_route_declares_a_known_permission(app: Flask) -> None:
    known = {PUBLIC, SIGNED_IN, *map(str, Permission)}
    declared = {
        endpoint: str(getattr(view, "permission", None))
        for endpoint, view in app.view_functions.items()
        if endpoint not in OPEN_ENDPOINTS
    }
    assert {endpoint: name for endpoint, name in declared.items() if name not in known} == {}


def test_only_these_pages_are_open_to_anybody(app: Flask) -> None:
    public = {name for name, view in app.view_functions.items() if getattr(view, "permission", "") == PUBLIC}
    verification = {"notices.verify", "notices.verify_file", "notices.verify_by_number"}
    feed = {"reminders.calendar_feed"}  # its address is the secret: calendar programs cannot sign in
    assert public == {"org.sign_in", "pages.set_language", "pages.healthz", "pages.readyz"} | verification | feed


def test_addresses_are_kebab_case_and_without_a_slash_at_the_end(app: Flask) -> None:
    odd = []
    for rule in app.url_map.iter_rules():
        fixed = re.sub(r"<[^>]+>", "", rule.rule)
        if rule.endpoint not in OPEN_ENDPOINTS and (
            not re.fullmatch(r"[a-z0-9/.-]*", fixed) or (rule.rule != "/" and rule.rule.endswith("/"))
        ):
            odd.append(rule.rule)
    assert odd == []


def test_p22_nothing_can_be_deleted(app: Flask) -> None:
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert methods == {"GET", "HEAD", "OPTIONS", "POST"}


def test_every_page_is_linked_from_somewhere(app: Flask) -> None:
    linked = set(re.findall(r"""url_for\(\s*["']([a-z_.]+)["']""", TEMPLATES + CODE)) | {
        place.endpoint for place in PLACES
    }
    linked |= set(re.findall(r"""["']([a-z]+\.[a-z_]+)["']""", TEMPLATES + CODE))
    unlinked = set(app.view_functions) - linked - OPEN_ENDPOINTS
    assert unlinked == set(CALLED_FROM_OUTSIDE)


def test_every_entry_of_the_navigation_leads_to_a_page(app: Flask) -> None:
    assert [place.endpoint for place in PLACES if place.endpoint not in app.view_functions] == []


def test_every_template_that_code_names_exists() -> None:
    named = set(re.findall(r"""["']([a-z_]+/[a-z0-9_]+\.html)["']""", CODE))
    assert [name for name in sorted(named) if not (ROOT / "templates" / name).exists()] == []


def test_no_template_lets_text_through_unescaped() -> None:
    assert re.findall(r"\|\s*safe\b|autoescape\s+false", TEMPLATES) == []
