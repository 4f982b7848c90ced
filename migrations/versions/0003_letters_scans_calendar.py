"""Letters beside the notice, scans that are read, the office's calendar, one letter a day, and what came with them.

Revision 0003, after 0002. Above the mark by hand; below it `python tools/migration.py` writes from the models.
"""

import unicodedata
from itertools import pairwise

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OLD_ROWS: dict[str, object] = {
    "stored_file.virus_check": "not_asked",  # no scanner was known then
    "batch.due_counting": "date",  # every deadline was a day
    "delivery.person_id": 0,  # these two are set by fill()
    "delivery.day": "1970-01-01",
}
"""What rows of the older form get in a new column, "table.column": value, where it is not the model's default."""

APPEND_ONLY = {
    "notice_about": "what a letter is about does not change",
    "calendar_edition": "an edition of the calendar does not change",
    "calendar_day": "an edition of the calendar does not change",
    "snapshot": "a snapshot of the registry does not change",
    "snapshot_row": "a snapshot of the registry does not change",
}
"""New tables whose rows are never changed or deleted, and what the database says to who tries."""
SQLITE: tuple[str, ...] = (
    *(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        for table, words in APPEND_ONLY.items()
        for act in ("UPDATE", "DELETE")
    ),
    "CREATE TRIGGER correction_fixed BEFORE UPDATE OF notice_id, corrected_id ON correction "
    "BEGIN SELECT RAISE(ABORT, 'what a letter corrects does not change'); END",
    "CREATE TRIGGER correction_no_delete BEFORE DELETE ON correction "
    "BEGIN SELECT RAISE(ABORT, 'what a letter corrects does not change'); END",
)
POSTGRESQL: tuple[str, ...] = (
    *(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
    ),
    "CREATE TRIGGER correction_fixed BEFORE UPDATE OF notice_id, corrected_id ON correction "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER correction_no_delete BEFORE DELETE ON correction FOR EACH ROW EXECUTE FUNCTION refuse_change()",
)
"""The triggers of new tables, in the manner of 0002; the function is 0002's."""


def upgrade() -> None:
    """Bring the older form to this one; rows stay."""
    if sa.inspect(op.get_bind()).has_table("notice_about"):
        raise RuntimeError(BETWEEN)
    kept = _triggers()
    add()
    fill()
    tighten()
    for name, statement in kept.items():
        if name not in _triggers():  # SQLite changes a table by making it anew, and loses its triggers
            op.get_bind().exec_driver_sql(statement)
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


BETWEEN = (
    "This database was made by an unfinished version between two landed forms, and no step leads on from it. "
    "Start with an empty data folder (RECTIFY_DATA), or put back a backup of the landed form."
)


def fill() -> None:
    """Give old rows what follows from their other columns; new ones exist, old ones are not dropped yet."""
    on = op.get_bind().dialect.name
    for statement in (*LETTERS, READINGS):
        op.execute(statement.replace("{day}", OFFICE_DAY[on]))
    _look_up()


def _look_up() -> None:
    """Note the pairs of characters of old findings, as the session does for new ones (tracker/kit/pairs.py)."""
    texts = op.get_bind().execute(
        sa.text(
            "SELECT finding.id, description, place, unit.name, coalesce(subject.name, ''), indicator.title FROM finding "
            "JOIN unit ON unit.id = unit_id JOIN indicator ON indicator.id = indicator_id "
            "LEFT JOIN subject ON subject.id = subject_id"
        )
    )
    rows = []
    for id_, *told in texts.fetchall():
        runs = [
            run
            for each in told
            for run in "".join(c if c.isalnum() else " " for c in unicodedata.normalize("NFKC", each).lower()).split()
        ]
        rows += [{"pair": p, "of": id_} for p in sorted({a + b for run in runs for a, b in pairwise(run)})]
    if rows:
        op.get_bind().execute(sa.text("INSERT INTO finding_word (pair, finding_id) VALUES (:pair, :of)"), rows)


OFFICE_DAY = {
    "sqlite": "date(created_at, '+8 hours')",
    "postgresql": "(created_at AT TIME ZONE 'Asia/Shanghai')::date",
}
LETTERS = (
    # A message that nobody waits for any more went with its own day's letter, or stays in the inbox alone;
    "UPDATE message SET letter_day = {day} WHERE id NOT IN "
    "(SELECT message_id FROM delivery WHERE state IN ('planned', 'sending', 'failed'))",
    # one that was still to be sent waits for the next letter.
    "DELETE FROM delivery WHERE message_id IN (SELECT id FROM message WHERE letter_day IS NULL)",
    "UPDATE delivery SET tried_at = coalesce(sent_at, due_at), "
    "person_id = (SELECT person_id FROM message WHERE message.id = message_id), "
    "day = (SELECT letter_day FROM message WHERE message.id = message_id)",
    # Of several of one day one row stays: that which failed for good, so that nothing seems to have arrived that has not.
    "DELETE FROM delivery WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY person_id, day, channel "
    "ORDER BY CASE state WHEN 'dead' THEN 0 WHEN 'sent' THEN 1 ELSE 2 END, id) AS place FROM delivery) AS ranked "
    "WHERE place > 1)",
    # A rung is said once for a deadline, no longer once for the day it fell on: what was said is not said again.
    "UPDATE message SET cause = 'rung:' || assignment_id || ':' || rung || ':' || "
    "(SELECT CAST(due_on AS TEXT) FROM assignment WHERE assignment.id = assignment_id) "
    "WHERE id IN (SELECT max(id) FROM message WHERE rung <> '' AND assignment_id IS NOT NULL "
    "GROUP BY assignment_id, person_id, rung)",
)
"""A delivery was one message's and became one day's letter of a person."""
READINGS = (
    "INSERT INTO scan_reading (file_id, state, tries, due_at, ordered_at, pages, electronic, trouble) "
    "SELECT id, 'waiting', 0, uploaded_at, uploaded_at, '[]', '[]', '' FROM stored_file "
    "WHERE id IN (SELECT scan_id FROM reply WHERE decision IS NULL)"
)
"""Scans that nobody has decided on are read as new ones are; of the others a reviewer has said what they show."""


def _triggers() -> dict[str, str]:
    if op.get_bind().dialect.name == "postgresql":
        return {}
    rows = op.get_bind().execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    return {row.name: row.sql for row in rows}


def downgrade() -> None:
    """Not offered: the older form has no place for newer rows. Put the backup back instead."""
    raise NotImplementedError(downgrade.__doc__)


# ---- Below this line: written by tools/migration.py from the models, do not edit ----


def add() -> None:
    op.create_table(
        "escalation_morning",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed", sa.Integer(), nullable=False),
        sa.Column("overtaken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_escalation_morning")),
    )
    op.create_table(
        "escalation_term",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_escalation_term")),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("pictures", sa.Integer(), nullable=False),
        sa.Column("videos", sa.Integer(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "texts >= 0 AND pictures >= 0 AND videos >= 0", name=op.f("ck_publication_counts_not_negative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("period", "source", name=op.f("uq_publication_period_source")),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publication_period"), ["period"], unique=False)

    op.create_table(
        "ready_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.CheckConstraint("about IN ('paper', 'item')", name=op.f("ck_ready_reason_about")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ready_reason")),
    )
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
    )
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_taken_on"), ["taken_on"], unique=False)

    op.create_table(
        "usual_deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("counting", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("rolls", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usual_deadline")),
        sa.UniqueConstraint("subject", name=op.f("uq_usual_deadline_subject")),
    )
    op.create_table(
        "work_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_line")),
    )
    with op.batch_alter_table("work_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_line_period"), ["period"], unique=False)

    op.create_table(
        "scan_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pages", sa.JSON(), nullable=False),
        sa.Column("electronic", sa.JSON(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_scan_reading_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_reading")),
        sa.UniqueConstraint("file_id", name=op.f("uq_scan_reading_file_id")),
    )
    with op.batch_alter_table("scan_reading", schema=None) as batch_op:
        batch_op.create_index("ix_scan_reading_due", ["state", "due_at"], unique=False)

    op.create_table(
        "calendar_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_name", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_calendar_edition_entered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_edition")),
        sa.UniqueConstraint("number", name=op.f("uq_calendar_edition_number")),
    )
    with op.batch_alter_table("calendar_edition", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_edition_year_number", ["year", "number"], unique=False)

    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_feed_digest")),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feed_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_calendar_feed_current",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "change_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("done_on IS NULL OR done_on >= asked_on", name=op.f("ck_change_request_done_after_asked")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_change_request_subject_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_change_request_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
        sa.UniqueConstraint("number", name=op.f("uq_change_request_number")),
    )
    with op.batch_alter_table("change_request", schema=None) as batch_op:
        batch_op.create_index("ix_change_request_done", ["done_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_request_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_request_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "contact_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("former_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=True),
        sa.Column("new_name", sa.String(), nullable=False),
        sa.Column("new_phone", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=False),
        sa.Column("named_name", sa.String(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_name", sa.String(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("new_id IS NOT NULL OR new_name <> ''", name=op.f("ck_contact_change_names_somebody")),
        sa.CheckConstraint(
            "done_at IS NULL OR (new_id IS NOT NULL AND ended_at IS NOT NULL)",
            name=op.f("ck_contact_change_done_is_complete"),
        ),
        sa.ForeignKeyConstraint(["former_id"], ["person.id"], name=op.f("fk_contact_change_former_id")),
        sa.ForeignKeyConstraint(["named_by"], ["person.id"], name=op.f("fk_contact_change_named_by")),
        sa.ForeignKeyConstraint(["new_id"], ["person.id"], name=op.f("fk_contact_change_new_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_contact_change_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_change")),
    )
    with op.batch_alter_table("contact_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_change_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_contact_change_open",
            ["former_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "error_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("term", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("truth", sa.String(length=20), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "answered_on IS NULL OR truth IS NOT NULL", name=op.f("ck_error_report_answered_after_verifying")
        ),
        sa.CheckConstraint(
            "closed_on IS NULL OR answered_on IS NOT NULL", name=op.f("ck_error_report_closed_after_answer")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_error_report_subject_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_error_report_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_error_report")),
        sa.UniqueConstraint("number", name=op.f("uq_error_report_number")),
    )
    with op.batch_alter_table("error_report", schema=None) as batch_op:
        batch_op.create_index("ix_error_report_received", ["received_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_error_report_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_error_report_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "ladder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("rungs", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_name", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_ladder_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder")),
        sa.UniqueConstraint("kind", name=op.f("uq_ladder_kind")),
    )
    op.create_table(
        "rehearsal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lived", sa.JSON(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_rehearsal_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal")),
    )
    with op.batch_alter_table("rehearsal", schema=None) as batch_op:
        batch_op.create_index("ix_rehearsal_due", ["state", "due_at"], unique=False)

    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_view_person_id_name")),
    )
    op.create_table(
        "snapshot_row",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("sponsor_id", sa.Integer(), nullable=False),
        sa.Column("sponsor_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_row_snapshot_id")),
        sa.ForeignKeyConstraint(["sponsor_id"], ["unit.id"], name=op.f("fk_snapshot_row_sponsor_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_snapshot_row_subject_id")),
        sa.PrimaryKeyConstraint("snapshot_id", "subject_id", name=op.f("pk_snapshot_row")),
    )
    op.create_table(
        "stack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("brought_by", sa.String(), nullable=False),
        sa.Column("brought_way", sa.String(length=20), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_name", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("brought_by <> ''", name=op.f("ck_stack_says_who")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_stack_file_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_stack_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stack")),
        sa.UniqueConstraint("file_id", name=op.f("uq_stack_file_id")),
        sa.UniqueConstraint("token", name=op.f("uq_stack_token")),
    )
    with op.batch_alter_table("stack", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stack_made_at"), ["made_at"], unique=False)

    op.create_table(
        "unit_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_by", sa.Integer(), nullable=True),
        sa.Column("retired_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_unit_certificate_added_by")),
        sa.ForeignKeyConstraint(["retired_by"], ["person.id"], name=op.f("fk_unit_certificate_retired_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_certificate_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_certificate")),
    )
    with op.batch_alter_table("unit_certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_certificate_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_unit_certificate_current",
            ["fingerprint"],
            unique=True,
            sqlite_where=sa.text("retired_at IS NULL"),
            postgresql_where=sa.text("retired_at IS NULL"),
        )

    op.create_table(
        "calendar_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["calendar_edition.id"], name=op.f("fk_calendar_day_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("edition_id", "date", name=op.f("uq_calendar_day_edition_id_date")),
    )
    op.create_table(
        "finding_word",
        sa.Column("pair", sa.String(length=2), nullable=False),
        sa.Column("finding_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_finding_word_finding_id")),
        sa.PrimaryKeyConstraint("pair", "finding_id", name=op.f("pk_finding_word")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bulletin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_words", sa.String(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("cut", sa.Boolean(), nullable=False),
        sa.Column("requirements", sa.JSON(), nullable=False),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("drafted_by", sa.Integer(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["drafted_by"], ["person.id"], name=op.f("fk_bulletin_drafted_by")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_bulletin_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_bulletin_notice_id")),
        sa.UniqueConstraint("period", name=op.f("uq_bulletin_period")),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("corrected_id", sa.Integer(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["corrected_id"], ["notice.id"], name=op.f("fk_correction_corrected_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_correction_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_correction_notice_id")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_corrected_id"), ["corrected_id"], unique=False)

    op.create_table(
        "escalation_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(assignment_id IS NULL) = (quarter <> '')", name=op.f("ck_escalation_proposal_about_one_thing")
        ),
        sa.CheckConstraint(
            "state <> 'later' OR until IS NOT NULL", name=op.f("ck_escalation_proposal_later_says_until")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'overtaken') OR decided_by IS NOT NULL",
            name=op.f("ck_escalation_proposal_decided_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_escalation_proposal_assignment_id")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_escalation_proposal_batch_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_escalation_proposal_decided_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_escalation_proposal_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_proposal")),
        sa.UniqueConstraint("key", name=op.f("uq_escalation_proposal_key")),
    )
    with op.batch_alter_table("escalation_proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_proposal_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index("ix_escalation_proposal_state", ["state", "id"], unique=False)
        batch_op.create_index("ix_escalation_proposal_step_quarter", ["step", "quarter"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_proposal_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_words", sa.String(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("recommended_on", sa.Date(), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("granted_words", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_name", sa.String(), nullable=False),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recommended_by", sa.Integer(), nullable=True),
        sa.Column("recommended_name", sa.String(), nullable=False),
        sa.Column("recommended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recommends", sa.Boolean(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_name", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (state IN ('asked', 'with_office', 'recommended'))",
            name=op.f("ck_extension_ended_is_dated"),
        ),
        sa.CheckConstraint(
            "state <> 'granted' OR granted_on IS NOT NULL", name=op.f("ck_extension_granted_names_the_day")
        ),
        sa.CheckConstraint("state <> 'refused' OR answer <> ''", name=op.f("ck_extension_refused_says_why")),
        sa.CheckConstraint(
            "state IN ('asked', 'with_office', 'recommended', 'granted', 'refused', 'declined', 'withdrawn')",
            name=op.f("ck_extension_known_state"),
        ),
        sa.ForeignKeyConstraint(["agreed_by"], ["person.id"], name=op.f("fk_extension_agreed_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_extension_asked_by")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_extension_assignment_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_extension_ended_by")),
        sa.ForeignKeyConstraint(["recommended_by"], ["person.id"], name=op.f("fk_extension_recommended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(
            "uq_extension_open",
            ["assignment_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "notice_about",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_notice_about_assignment_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_about_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_about")),
        sa.UniqueConstraint("notice_id", "assignment_id", name=op.f("uq_notice_about_notice_id_assignment_id")),
    )
    with op.batch_alter_table("notice_about", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_about_assignment_id"), ["assignment_id"], unique=False)

    op.create_table(
        "transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=20), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_name", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_name", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NOT NULL) = (state IN ('taken_over', 'withdrawn'))", name=op.f("ck_transfer_ended_is_dated")
        ),
        sa.CheckConstraint(
            "state IN ('handed', 'answered', 'returned', 'taken_over', 'withdrawn')",
            name=op.f("ck_transfer_known_state"),
        ),
        sa.CheckConstraint("state NOT IN ('returned', 'withdrawn') OR reason <> ''", name=op.f("ck_transfer_says_why")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_transfer_assignment_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_transfer_made_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_transfer_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("token", name=op.f("uq_transfer_token")),
    )
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index("ix_transfer_unit", ["unit_id", "ended_at", "due_at"], unique=False)
        batch_op.create_index(
            "uq_transfer_open",
            ["assignment_id", "unit_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("whose", sa.String(), nullable=False),
        sa.Column("other_unit_id", sa.Integer(), nullable=True),
        sa.Column("other_notice_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_name", sa.String(), nullable=False),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recommended_by", sa.Integer(), nullable=True),
        sa.Column("recommended_name", sa.String(), nullable=False),
        sa.Column("recommended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recommends", sa.Boolean(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_name", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (state IN ('asked', 'with_office', 'recommended'))",
            name=op.f("ck_dispute_ended_is_dated"),
        ),
        sa.CheckConstraint("state <> 'refused' OR answer <> ''", name=op.f("ck_dispute_refused_says_why")),
        sa.CheckConstraint(
            "state IN ('asked', 'with_office', 'recommended', 'granted', 'refused', 'declined', 'withdrawn')",
            name=op.f("ck_dispute_known_state"),
        ),
        sa.ForeignKeyConstraint(["agreed_by"], ["person.id"], name=op.f("fk_dispute_agreed_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_dispute_asked_by")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_dispute_assignment_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_dispute_ended_by")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_dispute_file_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_dispute_item_id")),
        sa.ForeignKeyConstraint(["other_notice_id"], ["notice.id"], name=op.f("fk_dispute_other_notice_id")),
        sa.ForeignKeyConstraint(["other_unit_id"], ["unit.id"], name=op.f("fk_dispute_other_unit_id")),
        sa.ForeignKeyConstraint(["recommended_by"], ["person.id"], name=op.f("fk_dispute_recommended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index("ix_dispute_waiting", ["ended_at", "assignment_id"], unique=False)
        batch_op.create_index(
            "uq_dispute_open",
            ["item_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "stack_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stack_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("pages", sa.JSON(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_stack_part_assignment_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_stack_part_file_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_stack_part_reply_id")),
        sa.ForeignKeyConstraint(["stack_id"], ["stack.id"], name=op.f("fk_stack_part_stack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stack_part")),
        sa.UniqueConstraint("stack_id", "assignment_id", name=op.f("uq_stack_part_stack_id_assignment_id")),
    )
    with op.batch_alter_table("stack_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stack_part_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stack_part_reply_id"), ["reply_id"], unique=False)

    op.create_table(
        "transfer_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("responsible", sa.String(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_transfer_line_item_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_line_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_line")),
        sa.UniqueConstraint("transfer_id", "item_id", name=op.f("uq_transfer_line_transfer_id_item_id")),
    )
    with op.batch_alter_table("transfer_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_line_item_id"), ["item_id"], unique=False)

    op.create_table(
        "transfer_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_transfer_file_file_id")),
        sa.ForeignKeyConstraint(["line_id"], ["transfer_line.id"], name=op.f("fk_transfer_file_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_file")),
    )
    with op.batch_alter_table("transfer_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_file_line_id"), ["line_id"], unique=False)
    op.add_column("assignment", sa.Column("original_on", sa.Date(), nullable=True))
    op.add_column("assignment", sa.Column("original_words", sa.String(), server_default="", nullable=False))
    op.add_column("assignment", sa.Column("original_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("assignment", sa.Column("receipt_on", sa.Date(), nullable=True))
    op.add_column("assignment", sa.Column("receipt_words", sa.String(), server_default="", nullable=False))
    op.add_column("assignment", sa.Column("receipt_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("batch", sa.Column("due_counting", sa.String(length=20), server_default="date", nullable=False))
    op.add_column("batch", sa.Column("due_count", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("batch", sa.Column("due_rolls", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))
    op.add_column("batch", sa.Column("receipt_days", sa.Integer(), nullable=True))
    op.add_column("batch", sa.Column("receipt_on", sa.Date(), nullable=True))
    op.add_column("batch", sa.Column("receipt_words", sa.String(), server_default="", nullable=False))
    op.add_column("delivery", sa.Column("person_id", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("delivery", sa.Column("day", sa.Date(), server_default="1970-01-01", nullable=False))
    op.add_column("delivery", sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("delivery", sa.Column("unsure", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))
    op.add_column("inspection", sa.Column("snapshot_id", sa.Integer(), nullable=True))
    op.add_column("inspection", sa.Column("sample", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("item", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("message", sa.Column("letter_day", sa.Date(), nullable=True))
    op.add_column("notice", sa.Column("prepared", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("person", sa.Column("keys_off", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))
    op.add_column("person", sa.Column("wecom", sa.String(length=64), server_default="", nullable=False))
    op.add_column("person", sa.Column("dingtalk", sa.String(length=64), server_default="", nullable=False))
    op.add_column("person", sa.Column("feishu", sa.String(length=64), server_default="", nullable=False))
    op.add_column("person", sa.Column("first_way", sa.String(length=20), server_default="", nullable=False))
    op.add_column("reply", sa.Column("signature_level", sa.String(length=20), server_default="", nullable=False))
    op.add_column("reply", sa.Column("seal_level", sa.String(length=20), server_default="", nullable=False))
    op.add_column("reply", sa.Column("registered_by", sa.Integer(), nullable=True))
    op.add_column("reply", sa.Column("registered_name", sa.String(), server_default="", nullable=False))
    op.add_column("reply", sa.Column("hands", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("reply", sa.Column("brought_by", sa.String(), server_default="", nullable=False))
    op.add_column("reply", sa.Column("brought_way", sa.String(length=20), nullable=True))
    op.add_column("reply", sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "stored_file", sa.Column("virus_check", sa.String(length=20), server_default="not_asked", nullable=False)
    )


def tighten() -> None:
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.alter_column("original_words", existing_type=sa.String(), server_default=None, existing_nullable=False)
        batch_op.alter_column("receipt_words", existing_type=sa.String(), server_default=None, existing_nullable=False)

    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.alter_column(
            "due_counting", existing_type=sa.String(length=20), server_default=None, existing_nullable=False
        )
        batch_op.alter_column("due_count", existing_type=sa.Integer(), server_default=None, existing_nullable=False)
        batch_op.alter_column("due_rolls", existing_type=sa.Boolean(), server_default=None, existing_nullable=False)
        batch_op.alter_column("receipt_words", existing_type=sa.String(), server_default=None, existing_nullable=False)

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.Integer(), server_default=None, existing_nullable=False)
        batch_op.alter_column("day", existing_type=sa.Date(), server_default=None, existing_nullable=False)
        batch_op.alter_column("unsure", existing_type=sa.Boolean(), server_default=None, existing_nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_delivery_message_id_channel"), type_="unique")
        batch_op.create_index("ix_delivery_channel", ["channel", "tried_at"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_delivery_person_id_day_channel"), ["person_id", "day", "channel"]
        )
        batch_op.drop_constraint(batch_op.f("fk_delivery_message_id"), type_="foreignkey")
        batch_op.create_foreign_key(batch_op.f("fk_delivery_person_id"), "person", ["person_id"], ["id"])
        batch_op.drop_column("message_id")

    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index("ix_finding_fingerprint", ["fingerprint", "id"], unique=False)

    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_inspection_snapshot_id"), "snapshot", ["snapshot_id"], ["id"])

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_letter", ["person_id", "letter_day"], unique=False)
        batch_op.create_index(
            "ix_message_waiting",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("letter_day IS NULL"),
            postgresql_where=sa.text("letter_day IS NULL"),
        )

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.alter_column("keys_off", existing_type=sa.Boolean(), server_default=None, existing_nullable=False)
        batch_op.alter_column("wecom", existing_type=sa.String(length=64), server_default=None, existing_nullable=False)
        batch_op.alter_column(
            "dingtalk", existing_type=sa.String(length=64), server_default=None, existing_nullable=False
        )
        batch_op.alter_column(
            "feishu", existing_type=sa.String(length=64), server_default=None, existing_nullable=False
        )
        batch_op.alter_column(
            "first_way", existing_type=sa.String(length=20), server_default=None, existing_nullable=False
        )

    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.alter_column(
            "signature_level", existing_type=sa.String(length=20), server_default=None, existing_nullable=False
        )
        batch_op.alter_column(
            "seal_level", existing_type=sa.String(length=20), server_default=None, existing_nullable=False
        )
        batch_op.alter_column(
            "registered_name", existing_type=sa.String(), server_default=None, existing_nullable=False
        )
        batch_op.alter_column("brought_by", existing_type=sa.String(), server_default=None, existing_nullable=False)
        batch_op.create_foreign_key(batch_op.f("fk_reply_registered_by"), "person", ["registered_by"], ["id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_reply_registered_says_how"),
            "registered_by IS NULL OR (arrived_at IS NOT NULL AND brought_way IS NOT NULL AND brought_by <> '')",
        )

    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_stored_file_kind"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_stored_file_pages"), type_="check")
        batch_op.alter_column(
            "virus_check", existing_type=sa.String(length=20), server_default=None, existing_nullable=False
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_stored_file_kind"), "kind IN ('pdf', 'jpeg', 'png', 'ofd', 'docx', 'xlsx')"
        )
        batch_op.create_check_constraint(batch_op.f("ck_stored_file_pages"), "pages > 0 OR kind IN ('docx', 'xlsx')")
