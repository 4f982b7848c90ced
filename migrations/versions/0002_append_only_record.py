"""The record is append-only and issued notices do not change: the database itself refuses.

Revision 0002, after 0001.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIXED = (
    "number",
    "frozen",
    "issued_at",
    "series",
    "year",
    "sequence",
    "document_date",
    "unit_id",
    "title",
    "signed_by",
    "signed_name",
)
"""Columns of a notice that stand on its paper, or say who issued it."""


def _changed(unequal: str, cast: str = "") -> str:
    columns = [
        f"NEW.{name}{cast if name == 'frozen' else ''} {unequal} OLD.{name}{cast if name == 'frozen' else ''}"
        for name in FIXED
    ]
    paper = f"(OLD.paper_sha256 IS NOT NULL AND NEW.paper_sha256 {unequal} OLD.paper_sha256)"
    return f"OLD.number IS NOT NULL AND ({' OR '.join([*columns, paper])})"


SQLITE = (
    "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END",
    "CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END",
    f"CREATE TRIGGER notice_frozen BEFORE UPDATE ON notice WHEN {_changed('IS NOT')} "
    "BEGIN SELECT RAISE(ABORT, 'an issued notice does not change'); END",
    "CREATE TRIGGER notice_no_delete BEFORE DELETE ON notice WHEN OLD.number IS NOT NULL "
    "BEGIN SELECT RAISE(ABORT, 'an issued notice is not deleted'); END",
    "CREATE TRIGGER reply_no_delete BEFORE DELETE ON reply WHEN OLD.submitted_at IS NOT NULL "
    "BEGIN SELECT RAISE(ABORT, 'a submitted reply is not deleted'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'this row does not change: %', TG_TABLE_NAME; END $$",
    "CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    f"CREATE TRIGGER notice_frozen BEFORE UPDATE ON notice FOR EACH ROW WHEN ({_changed('IS DISTINCT FROM', '::text')}) "
    "EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER notice_no_delete BEFORE DELETE ON notice FOR EACH ROW "
    "WHEN (OLD.number IS NOT NULL) EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER reply_no_delete BEFORE DELETE ON reply FOR EACH ROW "
    "WHEN (OLD.submitted_at IS NOT NULL) EXECUTE FUNCTION refuse_change()",
)


def upgrade() -> None:
    """Add the refusing triggers and the chain's first head."""
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)
    op.execute("INSERT INTO chain_head (id, last_event, hash) VALUES (1, 0, '" + "0" * 64 + "')")


def downgrade() -> None:
    """Remove them."""
    triggers = ("event_no_update", "event_no_delete", "notice_frozen", "notice_no_delete", "reply_no_delete")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change() CASCADE")
    else:
        for name in triggers:
            op.execute(f"DROP TRIGGER {name}")
    op.execute("DELETE FROM chain_head")
