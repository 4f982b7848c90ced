"""Inspections public assessment.

Revision 0004, after 0003. Above the mark by hand; below it `python tools/migration.py` writes from the models.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OLD_ROWS: dict[str, object] = {}
"""What rows of the older form get in a new column, "table.column": value, where it is not the model's default."""

APPEND_ONLY = {
    "assessment_weights": "an edition of the weights does not change",
    "recheck": "what a re-inspection saw does not change",
    "public_deletion": "the log of deletions does not change",
    "subject_past": "what the registry said does not change, it is overruled",
    "unit_name": "what a unit was called does not change, it is overruled",
}
"""New tables whose rows are never changed or deleted, and what the database says to who tries."""
SQLITE: tuple[str, ...] = (
    *(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        for table, words in APPEND_ONLY.items()
        for act in ("UPDATE", "DELETE")
    ),
    "CREATE TRIGGER public_edition_fixed BEFORE UPDATE ON public_edition WHEN OLD.state = 'released' "
    "BEGIN SELECT RAISE(ABORT, 'a released edition does not change'); END",
    "CREATE TRIGGER assessment_sheet_fixed BEFORE UPDATE ON assessment_sheet WHEN OLD.state = 'signed' "
    "BEGIN SELECT RAISE(ABORT, 'a signed sheet does not change'); END",
    "CREATE TRIGGER assessment_sheet_no_delete BEFORE DELETE ON assessment_sheet "
    "BEGIN SELECT RAISE(ABORT, 'a sheet is not deleted'); END",
    "CREATE TRIGGER public_edition_no_delete BEFORE DELETE ON public_edition "
    "BEGIN SELECT RAISE(ABORT, 'an edition is withdrawn, not deleted'); END",
)
POSTGRESQL: tuple[str, ...] = (
    *(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
    ),
    "CREATE TRIGGER public_edition_fixed BEFORE UPDATE ON public_edition FOR EACH ROW WHEN (OLD.state = 'released') "
    "EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER assessment_sheet_fixed BEFORE UPDATE ON assessment_sheet FOR EACH ROW "
    "WHEN (OLD.state = 'signed') EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER assessment_sheet_no_delete BEFORE DELETE ON assessment_sheet FOR EACH ROW "
    "EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER public_edition_no_delete BEFORE DELETE ON public_edition FOR EACH ROW "
    "EXECUTE FUNCTION refuse_change()",
)
"""Triggers of new tables whose rows do not change (in the manner of 0002)."""


def upgrade() -> None:
    """Bring the older form to this one; rows stay."""
    kept = _triggers()
    add()
    fill()
    tighten()
    for name, statement in kept.items():
        if name not in _triggers():  # SQLite changes a table by making it anew, and loses its triggers
            op.get_bind().exec_driver_sql(statement)
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def fill() -> None:
    """Give old rows what follows from their other columns; new ones exist, old ones are not dropped yet."""


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
        "followup_term",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_followup_term")),
    )
    op.create_table(
        "kept_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_sheet")),
        sa.UniqueConstraint("token", name=op.f("uq_kept_sheet_token")),
    )
    with op.batch_alter_table("kept_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_sheet_person_id"), ["person_id"], unique=False)

    op.create_table(
        "assessment_adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("points", sa.Numeric(precision=7, scale=2), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_name", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_name", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_name = '')",
            name=op.f("ck_assessment_adjustment_withdrawn_by_somebody"),
        ),
        sa.CheckConstraint("points <> 0", name=op.f("ck_assessment_adjustment_moves_something")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_assessment_adjustment_made_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assessment_adjustment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_adjustment")),
    )
    with op.batch_alter_table("assessment_adjustment", schema=None) as batch_op:
        batch_op.create_index("ix_assessment_adjustment_year_unit", ["year", "unit_id"], unique=False)

    op.create_table(
        "assessment_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("objections_until", sa.Date(), nullable=True),
        sa.Column("offered_by", sa.Integer(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_name", sa.String(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_name", sa.String(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'signed') = (frozen IS NOT NULL)", name=op.f("ck_assessment_sheet_signed_is_frozen")
        ),
        sa.CheckConstraint(
            "state <> 'offered' OR objections_until IS NOT NULL", name=op.f("ck_assessment_sheet_offered_says_until")
        ),
        sa.ForeignKeyConstraint(["offered_by"], ["person.id"], name=op.f("fk_assessment_sheet_offered_by")),
        sa.ForeignKeyConstraint(["signed_by"], ["person.id"], name=op.f("fk_assessment_sheet_signed_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assessment_sheet_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_sheet")),
        sa.UniqueConstraint("year", "unit_id", name=op.f("uq_assessment_sheet_year_unit_id")),
    )
    with op.batch_alter_table("assessment_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_sheet_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "assessment_weights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_name", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_assessment_weights_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_weights")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_assessment_weights_year_number")),
    )
    op.create_table(
        "export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=4), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_export_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    with op.batch_alter_table("export", schema=None) as batch_op:
        batch_op.create_index("ix_export_due", ["state", "due_at"], unique=False)
        batch_op.create_index("ix_export_person", ["person_id", "id"], unique=False)

    op.create_table(
        "selfcheck",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("opened_name", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_selfcheck_inspection_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_selfcheck_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selfcheck")),
    )
    op.create_table(
        "subject_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("into_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state IS NULL) <> (name IS NULL)", name=op.f("ck_subject_past_state_or_name")),
        sa.ForeignKeyConstraint(["into_id"], ["subject.id"], name=op.f("fk_subject_past_into_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["person.id"], name=op.f("fk_subject_past_noted_by")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_subject_past_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_past")),
    )
    with op.batch_alter_table("subject_past", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subject_past_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "unit_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["noted_by"], ["person.id"], name=op.f("fk_unit_name_noted_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_name_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_name")),
    )
    with op.batch_alter_table("unit_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_name_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "assessment_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_name", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_name", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (upheld IS NULL)", name=op.f("ck_assessment_objection_answered_is_decided")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_assessment_objection_answered_by")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_assessment_objection_made_by")),
        sa.ForeignKeyConstraint(["sheet_id"], ["assessment_sheet.id"], name=op.f("fk_assessment_objection_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_objection")),
        sa.UniqueConstraint("sheet_id", "line", name=op.f("uq_assessment_objection_sheet_id_line")),
    )
    op.create_table(
        "recheck",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("new_finding_id", sa.Integer(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'recurred') = (new_finding_id IS NOT NULL)", name=op.f("ck_recheck_recurred_names_the_new_one")
        ),
        sa.ForeignKeyConstraint(["evidence_id"], ["stored_file.id"], name=op.f("fk_recheck_evidence_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_recheck_finding_id")),
        sa.ForeignKeyConstraint(["new_finding_id"], ["finding.id"], name=op.f("fk_recheck_new_finding_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recheck_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recheck")),
    )
    with op.batch_alter_table("recheck", schema=None) as batch_op:
        batch_op.create_index("ix_recheck_finding", ["finding_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recheck_new_finding_id"), ["new_finding_id"], unique=False)

    op.create_table(
        "selfcheck_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_in_by", sa.Integer(), nullable=True),
        sa.Column("handed_in_name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(handed_in_at IS NULL) = (handed_in_name = '')", name=op.f("ck_selfcheck_sheet_handed_in_by_somebody")
        ),
        sa.ForeignKeyConstraint(["check_id"], ["selfcheck.id"], name=op.f("fk_selfcheck_sheet_check_id")),
        sa.ForeignKeyConstraint(["handed_in_by"], ["person.id"], name=op.f("fk_selfcheck_sheet_handed_in_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_selfcheck_sheet_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selfcheck_sheet")),
        sa.UniqueConstraint("check_id", "unit_id", name=op.f("uq_selfcheck_sheet_check_id_unit_id")),
    )
    with op.batch_alter_table("selfcheck_sheet", schema=None) as batch_op:
        batch_op.create_index("ix_selfcheck_sheet_unit", ["unit_id", "id"], unique=False)

    op.create_table(
        "public_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("site_name", sa.String(), nullable=False),
        sa.Column("site_domain", sa.String(), nullable=False),
        sa.Column("site_code", sa.String(length=20), nullable=False),
        sa.Column("column_name", sa.String(), nullable=False),
        sa.Column("column_type", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("deletions", sa.Integer(), nullable=False),
        sa.Column("traces", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=True),
        sa.Column("html_sha256", sa.String(length=64), nullable=True),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hands", sa.JSON(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_name", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'released' OR (pdf_sha256 IS NOT NULL AND html_sha256 IS NOT NULL AND released_at IS NOT NULL)",
            name=op.f("ck_public_edition_released_is_complete"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'in_review', 'returned', 'released', 'withdrawn')",
            name=op.f("ck_public_edition_known_state"),
        ),
        sa.ForeignKeyConstraint(["drafted_by"], ["person.id"], name=op.f("fk_public_edition_drafted_by")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_public_edition_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_edition")),
        sa.UniqueConstraint("notice_id", "sequence", name=op.f("uq_public_edition_notice_id_sequence")),
    )
    with op.batch_alter_table("public_edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_public_edition_notice_id"), ["notice_id"], unique=False)
        batch_op.create_index(
            "uq_public_edition_open",
            ["notice_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('draft','in_review','returned')"),
            postgresql_where=sa.text("state IN ('draft','in_review','returned')"),
        )

    op.create_table(
        "selfcheck_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_selfcheck_line_finding_id")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_selfcheck_line_indicator_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["selfcheck_sheet.id"], name=op.f("fk_selfcheck_line_sheet_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_selfcheck_line_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selfcheck_line")),
    )
    with op.batch_alter_table("selfcheck_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_selfcheck_line_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index("ix_selfcheck_line_sheet", ["sheet_id", "id"], unique=False)

    op.create_table(
        "public_deletion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_public_deletion_by_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["public_edition.id"], name=op.f("fk_public_deletion_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_deletion")),
    )
    with op.batch_alter_table("public_deletion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_public_deletion_edition_id"), ["edition_id"], unique=False)
    op.add_column("assignment", sa.Column("part", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("bulletin", sa.Column("with_ledger", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))
    op.add_column("bulletin", sa.Column("with_charts", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))
    op.add_column("escalation_proposal", sa.Column("named_in", sa.Integer(), nullable=True))
    op.add_column("finding", sa.Column("measured", sa.Numeric(precision=14, scale=4, asdecimal=False), nullable=True))
    op.add_column("finding", sa.Column("measured_unit", sa.String(length=20), server_default="", nullable=False))
    op.add_column("finding", sa.Column("level_reason", sa.String(), server_default="", nullable=False))
    op.add_column("indicator", sa.Column("overrides_id", sa.Integer(), nullable=True))
    op.add_column("indicator_set", sa.Column("extends", sa.String(length=40), server_default="", nullable=False))
    op.add_column("indicator_set", sa.Column("valid_from", sa.Date(), nullable=True))
    op.add_column("indicator_set", sa.Column("valid_until", sa.Date(), nullable=True))
    op.add_column("indicator_set", sa.Column("timers", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("inspection", sa.Column("sample_how", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("inspection", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("item", sa.Column("unit_id", sa.Integer(), nullable=True))
    op.add_column("item", sa.Column("requirement", sa.Text(), server_default="", nullable=False))
    op.add_column("item", sa.Column("due_on", sa.Date(), nullable=True))


def tighten() -> None:
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.alter_column("part", existing_type=sa.Integer(), server_default=None, existing_nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_assignment_notice_id_unit_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_assignment_notice_id_unit_id_part"), ["notice_id", "unit_id", "part"]
        )

    with op.batch_alter_table("bulletin", schema=None) as batch_op:
        batch_op.alter_column("with_ledger", existing_type=sa.Boolean(), server_default=None, existing_nullable=False)
        batch_op.alter_column("with_charts", existing_type=sa.Boolean(), server_default=None, existing_nullable=False)

    with op.batch_alter_table("escalation_proposal", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_escalation_proposal_named_in"), "notice", ["named_in"], ["id"])

    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.alter_column(
            "measured_unit", existing_type=sa.String(length=20), server_default=None, existing_nullable=False
        )
        batch_op.alter_column("level_reason", existing_type=sa.String(), server_default=None, existing_nullable=False)
        batch_op.drop_index(batch_op.f("ix_finding_indicator_id"))
        batch_op.create_index("ix_finding_indicator_id", ["indicator_id", "id"], unique=False)
        batch_op.drop_index(batch_op.f("ix_finding_inspection_id"))
        batch_op.create_index("ix_finding_inspection_id", ["inspection_id", "id"], unique=False)
        batch_op.drop_index(batch_op.f("ix_finding_unit_id"))
        batch_op.create_index("ix_finding_unit_id", ["unit_id", "id"], unique=False)
        batch_op.create_index("ix_finding_ended", ["ended_at", "id"], unique=False)
        batch_op.create_index("ix_finding_found_on", ["found_on", "id"], unique=False)

    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_overrides_id"), ["overrides_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_indicator_overrides_id"), "indicator", ["overrides_id"], ["id"])

    with op.batch_alter_table("indicator_set", schema=None) as batch_op:
        batch_op.alter_column(
            "extends", existing_type=sa.String(length=40), server_default=None, existing_nullable=False
        )
        batch_op.alter_column("timers", existing_type=sa.JSON(), server_default=None, existing_nullable=False)

    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.alter_column("version", existing_type=sa.Integer(), server_default=None, existing_nullable=False)

    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.alter_column("requirement", existing_type=sa.Text(), server_default=None, existing_nullable=False)
        batch_op.alter_column("finding_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_foreign_key(batch_op.f("fk_item_unit_id"), "unit", ["unit_id"], ["id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_item_problem_or_requirement"),
            "finding_id IS NOT NULL OR (unit_id IS NOT NULL AND due_on IS NOT NULL AND requirement <> '')",
        )

    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_stored_file_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_stored_file_kind"), "kind IN ('pdf', 'jpeg', 'png', 'ofd', 'docx', 'xlsx', 'html')"
        )
