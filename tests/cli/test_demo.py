"""The demonstration loads into an empty database, and shows each way in which a reply can come."""

import numpy as np
from flask import Flask
from PIL import Image
from sqlalchemy import select

from tests.conftest import WorkAs, one_database
from tracker.audit.queries import verify
from tracker.bulletins.operations.draft import unsaved
from tracker.bulletins.policy.layout import text_of
from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries import facts_of, flags_of, lines_of
from tracker.bulletins.queries.annexes import annexes
from tracker.cli.demo.load import load
from tracker.files.place import originals
from tracker.kit.host import host
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import Assignment
from tracker.org.models import UnitCertificate
from tracker.org.policy import Work
from tracker.replies.models import Reply, Stack
from tracker.scans import seal
from tracker.signatures import trust
from tracker.signatures.pades import verify_pdf
from tracker.signatures.verdicts import State

pytestmark = one_database
STATES = {each for each in AssignmentState if each is not AssignmentState.ACCEPTED}
"""Acceptance and closing are one act."""


SEED = (
    "政府网站31家",
    "政务新媒体有161个",
    "抽查比例为100%。其中，政府网站合格率100%；政务新媒体合格率85.09%",
    "整改通知单1份，已整改完毕",
    "留言3条，其中问题属实的留言3条，已全部回复办结",
    "网站更改需求单21份",
    "共发布1868条信息，其中文字信息472条，图片信息1337条，视频信息59条",
    "市公安局有24个账号存在该问题（具体名单详见附件）",
    "市公安局未反馈第5期通报中指出问题的整改情况报告",
    "于1月10日前",
)
"""What the office's bulletin of 2021-12-28 says, and its ledger must say again."""


def _bulletin_of_december(work: Work) -> None:
    """The draft gives the seed's figures, four problems and six requirements, and nothing in it disagrees."""
    draft = unsaved(work, Period.parse("2021-12"))
    facts = facts_of(work, draft, "市政府办公室")
    lines = lines_of(draft, facts)
    text = text_of(lines, facts.shown)
    assert [words for words in SEED if words not in text] == []
    assert (len(facts.problems), len(draft.requirements)) == (4, 6)
    assert [len(annex["rows"]) for annex in annexes(work.session, facts)] == [24]
    assert flags_of(draft, lines, facts) == []


def test_the_demonstration_shows_every_way_a_reply_comes_and_the_seeds_bulletin(app: Flask, work_as: WorkAs) -> None:
    with app.app_context():
        load(app)
    with work_as() as work:
        assert set(work.session.scalars(select(Assignment.state))) == STATES
        assert verify(work.session).whole
        _bulletin_of_december(work)
        (stack,) = work.session.scalars(select(Stack))
        assert (stack.file.pages, stack.parts) == (3, [])
        (registered,) = work.session.scalars(select(Reply).where(Reply.registered_by.is_not(None)))
        assert registered.scan is not None
        with originals().open(registered.scan.sha256) as file:
            assert seal.judge(np.asarray(Image.open(file).convert("RGB"))).level == "absent"
        signed = [r.scan for r in work.session.scalars(select(Reply)) if r.scan and "电子签名" in r.scan.name]
        with originals().open(signed[0].sha256) as file:
            (verdict,) = verify_pdf(file.read(), trust.load(host().settings.trust), signed[0].uploaded_at)
        (certificate,) = work.session.scalars(select(UnitCertificate))
        assert (verdict.state, verdict.fingerprint) == (State.VALID, certificate.fingerprint)
