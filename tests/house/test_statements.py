"""Pins sql/queries/: every statement is named, used, and uses the keys it declares on the real server."""

import re

import pytest

from tests.conftest import ROOT, add_user
from tests.house import source
from v1 import statements
from v1.statements import Statement

STATEMENTS = statements.load()

# Values that exist: an absent row shows no key at all in EXPLAIN.
VALUES = {
    "username": b"user77".hex(),
    "after": 5,
    "limit": 10,
    "id": 0,
    "user_id": 0,
    "auth_key": "f" * 33 + "0000077",
    "now": 1_700_000_000,
    "expiry": 1_700_000_001,
    "new": "new",
    "old": "old",
    "password": "new",
    "is_admin": 0,
    "device_info": "x",
    "kind": "mobile",
    "remote_ip": "10.0.0.1",
    "user_agent": "x",
}


def test_every_statement_is_used_and_every_use_is_stated() -> None:
    named = re.compile(r"(session|users|auth_tokens|columns|migration)\.[a-z0-9_]+")
    used = {text for path in source.MODULES for text in source.strings(path) if named.fullmatch(text)}
    assert used == set(STATEMENTS)


def test_every_query_file_holds_nothing_but_named_statements() -> None:
    for path in statements.QUERIES.glob("*.sql"):
        text = path.read_text()
        assert text.count(";\n") == text.count("-- name:") == text.count("-- key:"), path


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=lambda each: each.name)
def test_a_statement_carries_its_name_and_no_bare_percent(statement: Statement) -> None:
    assert statement.sql.startswith(f"/* {statement.name} */ ")
    assert not re.search(r"%(?!\(\w+\)s)", statement.sql)
    assert "--" not in statement.sql


@pytest.mark.parametrize(
    "statement", [each for each in STATEMENTS.values() if not each.keys], ids=lambda each: each.name
)
def test_a_statement_without_a_key_has_none_to_use(statement: Statement) -> None:
    text = statement.sql.split("*/ ")[1]
    reads_rows = re.search(r"\bFROM (?!information_schema\.)", text)
    assert not reads_rows or statement.name.startswith("migration.count_")
    assert not re.match(r"UPDATE|DELETE", text)


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=lambda each: each.name)
def test_every_list_and_every_delete_is_bounded(statement: Statement) -> None:
    if re.search(r"\bORDER BY\b|\bDELETE\b", statement.sql):
        assert "LIMIT %(limit)s" in statement.sql


@pytest.fixture(scope="module")
def filled(migrated):
    """Tables large enough that the optimizer prefers a key, with rows that the probed values find."""
    migrated.sql("DELETE FROM auth_tokens; DELETE FROM users;", "gatepass")
    first = add_user(migrated, "user1")
    rows = "SELECT seq FROM seq_2_to_2000"
    token = "auth_key, user_id, creation_time, expiry, last_access, device_info"
    migrated.sql(
        "INSERT INTO users (username, password, creation_time, remote_ip) SELECT CONCAT('user', seq), 'x', NOW(), ''"
        f" FROM ({rows}) s; INSERT INTO auth_tokens ({token})"
        f" SELECT CONCAT(REPEAT('f', 33), LPAD(seq, 7, '0')), {first} + seq MOD 1500, 0, 1700000000 + seq, 0, 'x'"
        f" FROM ({rows}) s; ANALYZE TABLE users, auth_tokens;",
        "gatepass",
    )
    yield migrated, int(migrated.sql("SELECT id FROM users WHERE username = 'user77'", "gatepass"))
    migrated.sql("DELETE FROM auth_tokens; DELETE FROM users;", "gatepass")


ADOPTED = "users.find_latin1"  # explained on an adopted column, below
KEYED = [each for each in STATEMENTS.values() if each.keys and each.name != ADOPTED]


@pytest.mark.parametrize("statement", KEYED, ids=lambda each: each.name)
def test_the_server_uses_the_keys_that_a_statement_declares(statement: Statement, filled) -> None:
    server, user_id = filled
    values = {**VALUES, "id": user_id, "user_id": user_id}
    shown = {name: f"'{value}'" if isinstance(value, str) else str(value) for name, value in values.items()}
    plan = server.sql("EXPLAIN " + statement.sql % shown, "gatepass").splitlines()
    assert tuple(line.split("\t")[5] for line in plan) == statement.keys


def test_an_adopted_column_uses_its_key(mariadb, fresh) -> None:
    mariadb.sql((ROOT / "tests/store/old_php.sql").read_text(), fresh)
    mariadb.sql("ALTER TABLE users ADD UNIQUE KEY username_unique (username), ADD COLUMN is_admin TINYINT", fresh)
    name = mariadb.sql("SELECT HEX(username) FROM users LIMIT 1", fresh).strip()
    find = STATEMENTS[ADOPTED]
    plan = mariadb.sql("EXPLAIN " + find.sql % {"username": f"'{name}'"}, fresh).splitlines()
    assert tuple(line.split("\t")[5] for line in plan) == find.keys
