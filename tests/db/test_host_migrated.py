"""A database host lacks a migration as long as any table or column of ours is missing there."""

from tests.conftest import environment, migrate
from tests.db.old_php import DUMP
from tools.private_server import Server
from v1.db import host_health
from v1.db.unpooled import unpooled_connection
from v1.settings import load

COLUMNS = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE()"


def columns(server: Server, database: str) -> set[tuple[str, str]]:
    """The base tables' columns, each with its table."""
    lines = server.sql(COLUMNS, database).splitlines()
    return {(table, column) for table, column in (line.split("\t") for line in lines)}


def lacks(server: Server, database: str) -> str:
    """What of a migration the server lacks, in its own words; "" for nothing."""
    with unpooled_connection(load(environment(server, database)).database_url, 60) as run:
        health = host_health.lacks_migration(run)
    return health.reason if health else ""


def test_each_table_and_column_that_migrations_add_is_missed(database_server: Server, fresh: str) -> None:
    database_server.sql(DUMP, fresh)
    before = columns(database_server, fresh)
    assert lacks(database_server, fresh)
    migrate(database_server, fresh)
    assert lacks(database_server, fresh) == ""
    added = columns(database_server, fresh) - before
    tables = {table for table, _ in added} - {table for table, _ in before}
    assert len(tables) == 6
    for table in tables:
        database_server.sql(f"RENAME TABLE {table} TO gone", fresh)
        assert table in lacks(database_server, fresh)
        database_server.sql(f"RENAME TABLE gone TO {table}", fresh)
    for table, column in sorted(each for each in added if each[0] not in tables):
        doomed = {column, "login_network"} if table == "auth_tokens" else {column}  # which is made of others
        alter = ", ".join(f"DROP COLUMN {each}" for each in doomed)
        database_server.sql(f"CREATE TABLE kept LIKE {table}; ALTER TABLE {table} {alter}", fresh)
        assert column in lacks(database_server, fresh)
        database_server.sql(f"DROP TABLE {table}; RENAME TABLE kept TO {table}", fresh)
