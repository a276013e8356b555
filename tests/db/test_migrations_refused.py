"""When a migration refuses to start: data in the way, another migration; and what it takes as done already."""

import re
import subprocess

import pytest

from tests.commands import flask
from tests.conftest import migrate
from tests.db.old_php import DUMP, but_for_usernames, schema, schema_today, tables
from tests.numbers import numbers
from tools.private_server import Server

NULLABLE = """
ALTER TABLE auth_tokens MODIFY auth_key VARCHAR(41) NULL, MODIFY user_id INT NULL, MODIFY creation_time INT NULL,
    MODIFY expiry INT NULL, MODIFY last_access INT NULL, MODIFY device_info VARCHAR(200) NULL;
"""
TWINS = """
INSERT INTO users (username, password, creation_time, remote_ip)
VALUES ('admin ', 'x', NOW(), ''), (X'C0444D494E', 'x', NOW(), ''), ('Away', 'x', NOW(), '');
"""
KEYS = "INSERT INTO auth_tokens SELECT NULL, UPPER(auth_key), 1, 1, 1, 1, '' FROM auth_tokens WHERE id IN (1, 4, 500);"
COLUMNS = ["auth_key", "user_id", "creation_time", "expiry", "last_access", "device_info"]
NULLS = NULLABLE + "".join(
    f"INSERT INTO auth_tokens SELECT {2000 + number}, '{number}', 1, 1, 1, 1, ''; "
    f"UPDATE auth_tokens SET {column} = NULL WHERE id = {2000 + number};"
    for number, column in enumerate(COLUMNS)
)


def refused(server: Server, database: str, *words: str) -> str:
    """What a migration that must fail says, having changed nothing."""
    before = schema(server, database)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        flask(server, "db", "migrate", *words, database=database)
    assert failed.value.returncode == 1
    assert schema(server, database) == before
    output = failed.value.stdout + failed.value.stderr
    assert "Traceback" not in output
    assert not re.search(r"[0-9a-fA-F]{40}", output), "a digest is a secret"
    return output


@pytest.mark.parametrize(
    ("sql", "listed"),
    [
        pytest.param(TWINS, ["1, 100, 101", "89, 102"], id="names"),
        pytest.param(KEYS, ["1, 1000", "4, 1001", "500, 1002"], id="keys"),
        pytest.param(NULLS, ["2000", "2001", "2002", "2003", "2004", "2005"], id="nulls"),
        pytest.param(TWINS + KEYS + NULLS, ["1, 100, 101", "89, 102", "1, 1000", "4, 1001", "2000", "2005"], id="all"),
    ],
)
@pytest.mark.parametrize("words", [[], ["--dry-run"]], ids=["migrate", "dry run"])
def test_data_in_the_way_is_listed_and_nothing_is_changed(
    database_server: Server, fresh: str, sql: str, listed: list[str], words: list[str]
) -> None:
    database_server.sql(f"{DUMP} {sql}", fresh)
    output = refused(database_server, fresh, *words)
    lines = [line.strip().split("  ")[0] for line in output.splitlines() if line.startswith("  ")]
    assert set(listed) <= set(lines)
    assert "nothing was changed" in output


@pytest.mark.parametrize(
    "table", ["login_throttle", "login_stats", "profiles", "events", "profile_words", "counts"]
)
def test_a_table_of_such_a_name_that_is_not_ours_is_in_the_way(database_server: Server, fresh: str, table: str) -> None:
    database_server.sql(
        f"{DUMP} CREATE TABLE {table} (user_id INT PRIMARY KEY, email TEXT) COMMENT 'of the shop';", fresh
    )
    assert f"a table {table} that is not ours; rename it" in refused(database_server, fresh)


def test_a_column_of_such_a_name_that_is_not_ours_is_in_the_way(database_server: Server, fresh: str) -> None:
    names = ["kind", "name", "claims", "remote_ip", "user_agent", "parent_id", "login_network", "last_ip"]
    added = ", ".join(f"ADD {name} SMALLINT NULL" for name in names)
    database_server.sql(f"{DUMP} ALTER TABLE auth_tokens {added};", fresh)
    output = refused(database_server, fresh)
    assert [name for name in names if f"\n  {name}  smallint" not in output] == []


def test_nullable_columns_of_old_tokens_end_as_they_are_in_a_new_database(database_server: Server, fresh: str) -> None:
    database_server.sql(DUMP + NULLABLE, fresh)
    migrate(database_server, fresh)
    assert but_for_usernames(schema(database_server, fresh)) == but_for_usernames(schema_today(database_server))


def indexes(server: Server, database: str) -> set[str]:
    names = "SELECT index_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name IN "
    names += "('users', 'auth_tokens')"
    return set(server.sql(names, database).split())


def test_an_equivalent_index_of_another_name_is_taken_as_it_is(database_server: Server, fresh: str) -> None:
    theirs = """
        ALTER TABLE users ADD UNIQUE KEY dba_name (username);
        ALTER TABLE auth_tokens ADD UNIQUE KEY dba_key (auth_key), ADD KEY dba_expiry (expiry, user_id);
    """
    database_server.sql(DUMP + theirs, fresh)
    migrate(database_server, fresh)
    theirs_and_ours = {"dba_name", "dba_key", "dba_expiry", "user_id_login_network_key", "parent_id_key"}
    theirs_and_ours |= {"kind_expiry_key", "remote_ip_key", "device_info_key", "is_admin_key", "disabled_key"}
    assert indexes(database_server, fresh) == {"PRIMARY"} | theirs_and_ours
    assert flask(database_server, "db", "migrate", database=fresh) == "nothing to do\n"
    unfinished = tables(database_server, fresh).tokens.list_unfinished_revocations()
    assert unfinished == [], "no statement names a key that may have another name"


def test_an_index_that_is_not_equivalent_is_not_enough(database_server: Server, fresh: str) -> None:
    theirs = """
        ALTER TABLE users ADD KEY dba_name (username), ADD UNIQUE KEY dba_more (username, id);
        ALTER TABLE auth_tokens ADD KEY dba_key (auth_key), ADD UNIQUE KEY dba_prefix (auth_key(39)),
            ADD KEY dba_expiry (user_id, expiry), ADD KEY dba_user (user_id);
    """
    database_server.sql(DUMP + theirs, fresh)
    migrate(database_server, fresh)
    assert {"username_unique", "auth_key_unique", "expiry_key", "user_id_login_network_key"} <= indexes(
        database_server, fresh
    )


@pytest.mark.parametrize("index", ["users ADD INDEX (username)", "auth_tokens ADD INDEX (auth_key)"])
def test_a_plain_index_with_the_name_of_its_column_is_not_in_the_way(
    database_server: Server, fresh: str, index: str
) -> None:
    database_server.sql(f"{DUMP} ALTER TABLE {index};", fresh)
    migrate(database_server, fresh)


def test_keys_that_only_the_new_collation_takes_as_equal_are_in_the_way(database_server: Server, fresh: str) -> None:
    binary = "ALTER TABLE auth_tokens MODIFY auth_key VARCHAR(41) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL;"
    database_server.sql(DUMP + binary + KEYS + "DELETE FROM auth_tokens WHERE auth_key = '';", fresh)
    refused(database_server, fresh)


def test_control_characters_of_a_name_do_not_reach_the_terminal(database_server: Server, fresh: str) -> None:
    names = f"INSERT INTO users SELECT NULL, X'61080762', 'x', NOW(), '', 1 FROM {numbers(2)};"
    database_server.sql(DUMP + names, fresh)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", refused(database_server, fresh))


def test_myisam_tables_become_innodb_and_no_zero_date_is_in_the_way(database_server: Server, fresh: str) -> None:
    """Even where the server forbids new ones."""
    database_server.sql(DUMP.replace("ENGINE = InnoDB", "ENGINE = MyISAM"), fresh)
    database_server.sql("SET GLOBAL sql_mode = 'TRADITIONAL'")
    try:
        migrate(database_server, fresh)
    finally:
        database_server.sql("SET GLOBAL sql_mode = DEFAULT")
    assert but_for_usernames(schema(database_server, fresh)) == but_for_usernames(schema_today(database_server))
