"""Routes that declare who may use them and run in one transaction."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Flask, Response, flash, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound, Unauthorized

from tracker.kit.errors import Missing
from tracker.kit.form_keys import AlreadyUsed, check_key, use_key
from tracker.kit.host import host
from tracker.kit.unit_of_work import UnitOfWork, unit_of_work

PUBLIC = "public"
SIGNED_IN = "signed-in"
View = Callable[..., ResponseReturnValue]
READING = {"GET", "HEAD", "OPTIONS"}


class Rollback(Exception):
    """Carries a refused answer out of the transaction, so that nothing of it is stored."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def route(
    blueprint: Blueprint,
    rule: str,
    *,
    permission: str,
    methods: tuple[str, ...] = ("GET",),
    once: bool = True,
    before: Callable[[], dict[str, Any]] | None = None,
    admit: Callable[..., object] | None = None,
) -> Callable[[View], View]:
    """Declare a page: its URL, the permission it needs, and the transaction it runs in.

    The view is called as `view(work, **url_arguments)`. GET reads and is rolled back. POST checks the form key, uses it
    up (unless `once` is off, for drafts saved while typing) and commits only when the answer's status is below 400.
    `before` does slow work of a POST (looking at an uploaded file) before the transaction opens, so that nobody waits
    for its locks; the view gets what it returns as further arguments (empty on GET). `admit` is called before that, in
    a short reading transaction, as `admit(work, **url_arguments)`: it refuses whom the object is not for.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def page(**arguments: Any) -> ResponseReturnValue:
            actor = _admitted(permission)
            if request.method in READING:
                return _read(view, actor, arguments)
            return _write(view, actor, arguments, once, (admit, before))

        page.permission = permission  # type: ignore[attr-defined]
        page.methods = methods  # type: ignore[attr-defined]
        blueprint.add_url_rule(rule, endpoint=view.__name__, view_func=page, methods=list(methods))
        return view

    return declare


def _admitted(permission: str) -> Any:
    actor = host().current_actor()
    if permission == PUBLIC:
        return actor
    if not host().signed_in(actor):
        raise Unauthorized
    if permission != SIGNED_IN and not host().may(actor, permission):
        raise NotFound  # what a person may not use looks like what does not exist
    return actor


def _read(view: View, actor: Any, arguments: dict[str, Any]) -> ResponseReturnValue:
    with unit_of_work(actor, host().clock, write=False) as work:
        return make_response(_called(view, work, arguments))


Steps = tuple[Callable[..., object] | None, Callable[[], dict[str, Any]] | None]


def _write(view: View, actor: Any, arguments: dict[str, Any], once: bool, steps: Steps) -> ResponseReturnValue:
    digest = check_key()
    admit, before = steps
    if admit is not None:
        with unit_of_work(actor, host().clock, write=False) as work:
            _called(admit, work, arguments)
    arguments = arguments | (before() if before else {})
    try:
        with unit_of_work(actor, host().clock) as work:
            used = use_key(work.session, digest, work.now) if once else None
            response = make_response(_called(view, work, arguments))
            if response.status_code >= 400:
                raise Rollback(response)  # noqa: TRY301  (leaves the transaction by its one way out)
            if used is not None:
                used.location = response.headers.get("Location", "")
            return response
    except Rollback as refused:
        return refused.response
    except AlreadyUsed as first:
        flash(_("This form had already been sent; here is its result. Nothing was done twice."), "info")
        return redirect(first.location)


def _called(view: Callable[..., Any], work: UnitOfWork[Any], arguments: dict[str, Any]) -> Any:
    try:
        return view(work, **arguments)
    except Missing as error:
        raise NotFound from error


def check_routes(app: Flask, open_endpoints: frozenset[str]) -> None:
    """Refuse to start when a route has no declared permission (default deny).

    :raises RuntimeError: names the routes.
    """
    naked = [
        name
        for name, view in app.view_functions.items()
        if name not in open_endpoints and not hasattr(view, "permission")
    ]
    if naked:
        raise RuntimeError(f"routes without a declared permission: {', '.join(sorted(naked))}")
