"""Signing in and out, the own password, and where one is signed in."""

import os

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.errors import Invalid, TooMany
from tracker.kit.host import host
from tracker.kit.routes import PUBLIC, SIGNED_IN, route
from tracker.kit.session_cookie import drop_cookie, session_token, set_cookie
from tracker.org.forms import PasswordForm, SignInForm
from tracker.org.operations import sign_in as operations
from tracker.org.policy import Work
from tracker.org.queries import demo_people, open_sessions, roles_by_person

bp = Blueprint("org", __name__)


@route(bp, "/sign-in", permission=PUBLIC, methods=("GET", "POST"), once=False)
def sign_in(work: Work) -> ResponseReturnValue:
    """Show the sign-in page, or sign in; a failed try answers 200, because the try itself is stored."""
    if host().signed_in(work.actor):
        return redirect(safe_path(request.args.get("next", "")))
    if request.method == "GET":
        shown = SignInForm(data={"login": request.args.get("login", ""), "next": request.args.get("next", "")})
        return _sign_in_page(work, shown)
    form = SignInForm(request.form)
    if not form.validate():
        return _sign_in_page(work, form), 422
    try:
        opened = operations.sign_in(
            work, form.login.data or "", form.password.data or "", request.remote_addr or "", request.user_agent.string
        )
    except TooMany as refused:
        form.form_errors.append(_(refused.msgid, **refused.params))
        return _sign_in_page(work, form), refused.status, {"Retry-After": str(refused.seconds)}
    if opened is None:
        form.form_errors.append(_(operations.REFUSED))
        return _sign_in_page(work, form)
    person, token = opened
    wanted = safe_path(form.next.data or "")
    response = redirect(url_for("org.password", next=wanted) if person.must_change_password else wanted)
    set_cookie(response, token)
    return response


@route(bp, "/sign-out", permission=SIGNED_IN, methods=("POST",))
def sign_out(work: Work) -> ResponseReturnValue:
    """End this session."""
    operations.end_session(work, session_token())
    return _farewell(_("You are signed out."))


@route(bp, "/sessions", permission=SIGNED_IN)
def sessions(work: Work) -> ResponseReturnValue:
    """Show where the person is signed in."""
    settings = host().settings
    rows = open_sessions(
        work.session, work.actor.person_id or 0, work.now - settings.idle, work.now - settings.absolute
    )
    return render_template("org/sessions.html", rows=rows, here=work.actor.session_id, settings=settings)


@route(bp, "/sessions/end", permission=SIGNED_IN, methods=("POST",))
def end_sessions(work: Work) -> ResponseReturnValue:
    """Sign out on every device, this one included."""
    operations.sign_out_everywhere(work)
    return _farewell(_("You are signed out on every device."))


@route(bp, "/keys", permission=SIGNED_IN, methods=("POST",))
def keys(work: Work) -> ResponseReturnValue:
    """Switch the single-key shortcuts off or on for this person, on whatever computer."""
    off = request.form.get("keys") == "off"
    operations.set_keys(work, off=off)
    flash(_("Single keys do nothing for you from now on.") if off else _("Single keys work for you again."), "success")
    return redirect(safe_path(request.form.get("next", "")))


@route(bp, "/password", permission=SIGNED_IN, methods=("GET", "POST"))
def password(work: Work) -> ResponseReturnValue:
    """Change the own password; the first sign-in comes here before anything else."""
    form = PasswordForm(request.form)
    if request.method == "POST" and form.validate():
        if not operations.knows_password(work, form.current.data or "", request.remote_addr or ""):
            form.current.errors = [_(operations.WRONG_CURRENT)]
            return render_template("org/password.html", form=form)  # 200: the try itself is stored
        try:
            operations.change_password(work, form.current.data or "", form.new.data or "")
        except Invalid as refused:
            form.put(refused)
        else:
            flash(_("Your password is changed; everywhere else you are signed out."), "success")
            return redirect(safe_path(request.args.get("next", "")))
    return render_template("org/password.html", form=form), 200 if request.method == "GET" else 422


def safe_path(wanted: str) -> str:
    """Return `wanted` when it is a path of this site, otherwise the home page: a link must not lead people elsewhere.

    Browsers take a backslash for a slash and drop control characters, so neither may occur.
    """
    inside = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if inside else url_for("dashboard.home")


def _farewell(sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    response = make_response(redirect(url_for("org.sign_in")))
    drop_cookie(response)
    return response


def _sign_in_page(work: Work, form: SignInForm) -> str:
    people = demo_people(work.session)
    roles = roles_by_person(work.session, [person.id for person in people])
    # Whoever starts the demonstration chooses its one password; on a real installation there are no demo people.
    kept = host().settings.data / "demo-password"
    hint = kept.read_text() if people and os.environ.get("DEMO_PASSWORD") and kept.exists() else ""
    return render_template("org/sign_in.html", form=form, demo=[(p, roles[p.id]) for p in people], demo_password=hint)
