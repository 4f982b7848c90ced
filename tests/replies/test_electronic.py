"""An electronically signed reply: judged in the background, then shown to both sides; a person decides."""

import io

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.replies.case import DONE, assignment
from tracker.cli.bench.signatures.authorities import UNIT, Authority, blank_pdf, sign
from tracker.org.operations.certificates import register_certificate
from tracker.replies.jobs import due_scans, read_scan
from tracker.replies.operations import items, rounds, scan

HOME = Authority("试验根证书")
SEAL = HOME.signer(UNIT, start=-2900)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_req_11_a_sealed_reply_is_valid_once_its_certificate_is_the_units(work_as, client_of, case, settings):
    (settings.trust / "roots").mkdir(parents=True)
    (settings.trust / "roots" / "home.pem").write_bytes(HOME.certificate.public_bytes(Encoding.PEM))
    with work_as(case.contact) as work:
        row = assignment(work, case)
        rounds.acknowledge(work, row)
        reply = rounds.open_draft(work, row)
        for line in reply.items:
            items.write_item(work, row, line.item.sequence, DONE)
        scan.put_scan(work, row, io.BytesIO(sign(blank_pdf(), SEAL)), "电子签章.pdf")
    contact = client_of("contact-xihe")
    assert "电子签名：" not in contact.get(f"/assignments/{case.token}/check").words
    for reading in due_scans():
        read_scan(reading)
    page = contact.get(f"/assignments/{case.token}/check")
    assert "电子签名：证书与单位不符" in page.words
    assert "签名证书未登记在该单位名下" in page.words
    with work_as(case.clerk) as work:
        register_certificate(work, case.unit_id, SEAL.pem)
    page = contact.get(f"/assignments/{case.token}/check")
    assert "电子签名：有效" in page.words
    assert "未配置吊销列表，未核对吊销状态" in page.words
    contact.submit(page, "/check")
    assert "电子签名：有效" in client_of("reviewer").get(f"/replies/{case.token}/review").words
