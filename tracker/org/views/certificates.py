"""Certificates of the units, and what the trust folder holds: whose electronic signature counts."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.errors import Invalid
from tracker.kit.host import host
from tracker.kit.paging import fetch_page
from tracker.kit.routes import route
from tracker.org.forms import CertificateForm, CertificatesFilter, RetireForm
from tracker.org.models import UnitCertificate
from tracker.org.operations import certificates as operations
from tracker.org.policy import Permission, Work
from tracker.org.queries import certificates_of, unit_tree
from tracker.signatures import trust
from tracker.signatures.certificates import LARGEST

bp = Blueprint("certificates", __name__)
MANAGE = Permission.CERTIFICATES_MANAGE


@route(bp, "/certificates", permission=MANAGE)
def certificates(work: Work) -> ResponseReturnValue:
    """List the registered certificates below what the trust folder holds."""
    return _listed(work, RetireForm())


@route(bp, "/certificates/new", permission=MANAGE, methods=("GET", "POST"))
def register(work: Work) -> ResponseReturnValue:
    """Register a unit's certificate."""
    form = CertificateForm(request.form if request.method == "POST" else None)
    form.unit_id.choices = _units(work)
    if request.method == "POST" and form.validate():
        try:
            row = operations.register_certificate(work, form.unit_id.data, _posted_file())
        except Invalid as refused:
            form.put(refused)
        else:
            flash(
                _("The certificate of %(holder)s is registered for %(unit)s.", holder=row.subject, unit=row.unit.name),
                "success",
            )
            return redirect(url_for("certificates.certificates"))
    return render_template("org/certificate_new.html", form=form), 200 if request.method == "GET" else 422


@route(bp, "/certificates/retire", permission=MANAGE, methods=("POST",))
def retire(work: Work) -> ResponseReturnValue:
    """Retire a certificate, with the reason."""
    form = RetireForm(request.form)
    if not form.validate():
        return _listed(work, form), 422
    try:
        row = operations.retire_certificate(work, form.certificate.data or 0, form.reason.data or "")
    except Invalid as refused:
        form.put(refused)
        return _listed(work, form), 422
    told = _("The certificate of %(holder)s is retired. What it signed before keeps its verdict.", holder=row.subject)
    flash(told, "success")
    return redirect(url_for("certificates.certificates"))


def _listed(work: Work, retiring: RetireForm) -> str:
    form = CertificatesFilter(request.args)
    units = _units(work)
    form.unit.choices = [("", _("All units")), *((str(id_), name) for id_, name in units)]
    unit_id = int(form.unit.data) if form.unit.data in {str(id_) for id_, _name in units} else None
    page = fetch_page(work.session, certificates_of(unit_id), [UnitCertificate.id], request.args.get("after"))
    return render_template(
        "org/certificates.html",
        page=page,
        form=form,
        retiring=retiring,
        now=work.now,
        trusted=_trusted(work),
    )


def _trusted(work: Work) -> dict[str, Any]:
    """Return what the folder holds: authorities, lists with their age in days, files that cannot be read."""
    found = trust.load(host().settings.trust)
    lists = [
        {"issuer": each.issuer, "updated": each.updated, "days": (work.now - each.updated).days,
         "stale": trust.stale(each, work.now)}
        for each in found.lists
    ]  # fmt: skip
    return {"roots": found.roots, "lists": lists, "broken": found.broken}


def _units(work: Work) -> list[tuple[int, str]]:
    return [(unit.id, "\u3000" * depth + unit.name) for unit, depth in unit_tree(work.session) if unit.active]


def _posted_file() -> bytes:
    posted = request.files.get("file")
    return posted.stream.read(LARGEST + 1) if posted else b""
