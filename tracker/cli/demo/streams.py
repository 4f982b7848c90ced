"""What December's bulletin counts beside inspections: its figures are told, which unit asked for what is an example."""

from datetime import date, timedelta

from tracker.cli.demo.stage import Stage, unit
from tracker.intake.models import ChangeRequest, ErrorReport, Publication, Truth, WorkLine

SOURCE = "辽宁省人民政府办公厅"
CLUSTER = "市政府网站集群"
REPORTS = (("xihe", "栏目链接打不开"), ("education", "办事指南联系电话有误"), ("zhangwu", "领导信息更新不及时"))
ASKING = ("reform", "education", "finance", "housing", "health", "market", "xihe")
CHANGES = 21
TEXTS, PICTURES, VIDEOS = 472, 1337, 59


def flow_in(stage: Stage) -> None:
    """Enter three error reports, twenty-one change requests, the month's publications and one line of work."""
    with stage.at("2021-12-27T16:00", "clerk") as work:
        work.session.add_all(
            ErrorReport(
                number=f"ZC2021120{n}",
                kind="内容纠错",
                source=SOURCE,
                received_on=date(2021, 12, 2 + 7 * n),
                due_on=date(2021, 12, 7 + 7 * n),
                unit_id=unit(work, code).id,
                text=f"{text}（示例）。",
                truth=Truth.TRUE,
                answered_on=date(2021, 12, 3 + 7 * n),
                answer="已核实更正（示例）。",
                closed_on=date(2021, 12, 3 + 7 * n),
                entered_at=work.now,
                example=True,
            )
            for n, (code, text) in enumerate(REPORTS, 1)
        )
        work.session.add_all(
            ChangeRequest(
                number=f"2021-12-{n + 1:02}",
                asked_on=date(2021, 12, 1 + n),
                unit_id=unit(work, ASKING[n % len(ASKING)]).id,
                text="栏目内容调整（示例）",
                done_on=date(2021, 12, 1 + n) + timedelta(days=2),
                entered_at=work.now,
                example=True,
            )
            for n in range(CHANGES)
        )
        work.session.add(Publication(period="2021-12", source=CLUSTER, texts=TEXTS, pictures=PICTURES, videos=VIDEOS))
        text = "市政府门户网站开设数据发布栏目，以多种形式直观展示各类数据信息，方便网民浏览。"
        work.session.add(WorkLine(period="2021-12", heading="增加数据发布栏目", text=text))
