"""Certificates of units: what may be registered, by whom, and which ones count for what was received when."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests import factories as f
from tracker.audit.models import Event
from tracker.cli.bench.signatures.authorities import UNIT, Authority, Holder, key
from tracker.kit.errors import Invalid, Missing, Refused
from tracker.org.models import Role
from tracker.org.operations import certificates
from tracker.org.operations.certificates import register_certificate, retire_certificate
from tracker.org.queries import registered_fingerprints

HOME = Authority("试验根证书")
SEAL = HOME.signer(UNIT, start=-2900)


def test_a_registered_certificate_counts_until_it_is_retired(work):
    police = f.unit(work, "市公安局")
    row = register_certificate(work, police.id, SEAL.pem)
    assert (row.subject, row.issuer, row.algorithm, row.fingerprint) == (UNIT, HOME.name, "EC", SEAL.fingerprint)
    with pytest.raises(Invalid) as refused:
        register_certificate(work, f.unit(work, "细河区").id, SEAL.certificate.public_bytes(Encoding.DER))
    assert (refused.value.problems, refused.value.params) == ({"file": certificates.TAKEN}, {"unit": "市公安局"})
    retire_certificate(work, row.id, "印章更换")
    work.session.flush()
    before, after = work.now - timedelta(days=1), work.now + timedelta(days=1)
    counted = [registered_fingerprints(work.session, police.id, moment) for moment in (before, after)]
    assert counted == [{SEAL.fingerprint}, frozenset()]
    with pytest.raises(Refused):
        retire_certificate(work, row.id, "再停用")
    with pytest.raises(Missing):
        retire_certificate(work, row.id + 1, "没有")
    assert register_certificate(work, police.id, SEAL.pem).id != row.id


def _key_of(holder: Holder) -> bytes:
    return holder.pem + key(UNIT).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", certificates.UNREADABLE),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", certificates.UNREADABLE),
        (SEAL.pem + b" " * 70_000, certificates.UNREADABLE),
        (HOME.certificate.public_bytes(Encoding.PEM), certificates.AUTHORITY),
        (_key_of(SEAL), certificates.SECRET),
        (HOME.signer("过期单位", start=-2900, days=-2800).pem, certificates.ENDED),
    ],
    ids=range(6),
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_other_files_are_refused_with_what_to_do(work, data, why):
    with pytest.raises(Invalid) as refused:
        register_certificate(work, f.unit(work, "市公安局").id, data)
    assert refused.value.problems == {"file": why}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_security_administrator_registers_and_retires_on_pages(work_as, client_of, settings):
    with work_as() as work:
        police = f.unit(work, "市公安局").id
        f.person(work, "secadmin", Role.SECURITY_ADMIN)
        f.person(work, "reviewer", Role.REVIEWER)
    (settings.trust / "roots").mkdir(parents=True)
    (settings.trust / "roots" / "home.pem").write_bytes(HOME.certificate.public_bytes(Encoding.PEM))
    assert client_of("reviewer").get("/certificates").status == 404
    admin = client_of("secadmin")
    assert "尚未登记证书" in admin.get("/certificates").words
    page = admin.get("/certificates/new")
    refused = admin.submit(page, "/new", unit_id=police, file=(io.BytesIO(b"no"), "a.cer"))
    assert (refused.status, "不是可读取的证书" in refused.words) == (422, True)
    page = admin.submit(refused, "/new", unit_id=police, file=(io.BytesIO(SEAL.pem), "a.cer"))
    assert page.path == "/certificates"
    assert f"{UNIT} EC{HOME.name}" in page.words
    again = admin.submit(page, "/retire", reason="")
    assert (again.status, "请写明停用原因" in again.words) == (422, True)
    assert "停用：更换" in admin.submit(again, "/retire", reason="更换").words
    with work_as(write=False) as work:
        words = list(work.session.scalars(sa.select(Event.word).where(Event.word.startswith("certificate"))))
    assert words == ["certificate:registered", "certificate:retired"]
