"""The database that a test finds is as the migrations left it, whatever the test before did with it."""

import psycopg

from tests.databases import PostgresServer

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
COUNTERS = "SELECT seqrelid::regclass::text, pg_sequence_last_value(seqrelid) FROM pg_sequence ORDER BY 1"
TRIGGERS = "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"


def contents(server: PostgresServer) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, where each counter stands, every trigger."""
    with psycopg.connect(server.server.get_uri("test")) as connection:
        names = [name for (name,) in connection.execute(TABLES)]
        rows = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
        return rows | {query: connection.execute(query).fetchall() for query in (COUNTERS, TRIGGERS)}


def act(server: PostgresServer, *statements: str) -> None:
    with psycopg.connect(server.server.get_uri("test")) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_postgresql_database_that_was_used_is_like_a_new_one(postgres: PostgresServer) -> None:
    postgres.ready(unused=True)
    new = contents(postgres)
    act(
        postgres,
        "INSERT INTO sign_in_attempt (login, address, at, succeeded) VALUES ('x', '', now(), false)",
        "UPDATE chain_head SET last_event = 7",
    )
    used = contents(postgres)
    assert [name for name in new if used[name] != new[name]] == ["chain_head", "sign_in_attempt", COUNTERS]
    postgres.ready()
    assert contents(postgres) == new


def test_a_postgresql_database_that_lost_a_trigger_is_thrown_away(postgres: PostgresServer) -> None:
    postgres.ready()
    new = contents(postgres)
    act(postgres, "DROP FUNCTION refuse_change() CASCADE")
    assert contents(postgres)[TRIGGERS] == []
    postgres.ready()
    assert contents(postgres) == new
