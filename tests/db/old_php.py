"""The PHP database before us, for tests: loading tests/db/old_php.sql, and what a schema is made of."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.conftest import ROOT, build_core, environment
from tools.private_server import Server
from v1.db.tables import Tables
from v1.db.unpooled import unpooled_connection
from v1.settings.database_url import parse

DUMP = (ROOT / "tests/db/old_php.sql").read_text()

ZERO_DATES = "SET sql_mode = 'STRICT_TRANS_TABLES';"
"""Allows the zero dates of the dump in an ALTER of MySQL, which copies the rows."""

SCHEMA = """
SELECT table_name, ordinal_position, column_name, column_type, is_nullable, column_default,
    character_set_name, collation_name, extra, column_comment
FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position;
SELECT table_name, index_name, seq_in_index, column_name, non_unique, sub_part, collation, index_type, nullable
FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index;
SELECT table_name, table_type, engine, row_format, table_collation, create_options, table_comment
FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name;
SELECT table_name, constraint_name, constraint_type
FROM information_schema.table_constraints WHERE table_schema = DATABASE() ORDER BY table_name, constraint_name;
"""


@contextmanager
def new_database(server: Server, name: str, sql: str = "") -> Iterator[str]:
    """A database of that name, which must start with `gatepass`, after `sql`; dropped afterwards."""
    server.sql(f"DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} CHARACTER SET latin1")
    try:
        server.sql(sql, name)
        yield name
    finally:
        server.sql(f"DROP DATABASE {name}")


def schema(server: Server, database: str) -> list[str]:
    """All that information_schema tells of the tables, a line for each column, index, table and constraint."""
    return server.sql(SCHEMA, database).splitlines()


def schema_today(server: Server) -> list[str]:
    """What sql/schema.sql makes, in the same form."""
    with new_database(server, "gatepass_today", (ROOT / "sql/schema.sql").read_text()) as name:
        return schema(server, name)


def but_for_usernames(lines: list[str]) -> list[str]:
    """The lines with the charset and collation of users.username left out, which an adopted database keeps."""
    return [
        line.replace("\tutf8mb4\tutf8mb4_unicode_520_ci\t", "\t\t").replace("\tlatin1\tlatin1_swedish_ci\t", "\t\t")
        if line.startswith("users\t2\tusername\t")
        else line
        for line in lines
    ]


@contextmanager
def migrator(server: Server, database: str) -> Iterator[tuple[Callable[[str], list[Any]], set[str]]]:
    """A connection of the migrating account, as run(sql) -> rows, and the tables that are there."""
    with unpooled_connection(parse(server.url("gatepass_migrate", database)), 3) as run:
        yield run, {row[0] for row in run("SHOW TABLES")}


def tables(server: Server, database: str, **settings: str) -> Tables:
    """The service's own store on this database."""
    return build_core(environment(server, database, **settings)).tables
