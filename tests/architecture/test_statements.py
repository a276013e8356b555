"""Tests sql/queries/: every statement is named, used, and uses the keys it declares on the real server."""

import re
from collections.abc import Iterator

import pytest

from tests.architecture import source
from tests.conftest import ROOT
from tests.database_servers import IS_MYSQL
from tests.db.old_php import new_database
from tests.numbers import numbers
from tools.private_server import Server
from v1.db import statements
from v1.db.statements import Statement

STATEMENTS = statements.load()

NOW = 1_700_000_000
ROWS = 100_000
"""In each of users, auth_tokens and login_throttle: so many that the optimizer prefers a key wherever there is one."""


class Values(dict[str, object]):
    """Values by their names in a statement; 1 for all others."""

    def __missing__(self, name: str) -> object:
        return "1"


# Values that exist: an absent row shows no key at all in EXPLAIN. The ids of user77 and of its token are added below.
VALUES = {
    "username": b"user77".hex(),
    "pattern": b"user77%".hex(),
    "kinds": ("mobile", "console", "jwt_access"),
    "api_kinds": ("api", "personal"),
    "auth_keys": tuple("f" * 33 + f"00900{number}" for number in (77, 78, 79)),
    "auth_key": "f" * 33 + "0090077",
    "now": NOW,
    "parent": 77,
    "before": NOW - 49_000,
    "until": NOW + 604_800,
    "name_digest": "",
    "address": "10.0.0.77",
    "kind": "mobile",
    "addresses": ("10.0.0.77", ""),
    "events": ("login.failed", "login.throttled"),
    "rows": '[{"time": 1, "event": "x"}]',
    "words": '["x"]',
    "among": "[77]",
    "word": "word77%",
    "second": "word5%",
    "devices": "x%",
    "device": "x",
    "scope": "pair",
    "scanned": 10,
    "newest": 10,
    **{"addresses": ("10.0.0.77", "10.0.0.78"), "event": "login.failed"},
    **{"name": "sessions", "claim": NOW},
    **{"device": "x", "device_after": "x1", "device_before": "x2"},
    **{"until": NOW * 3, "expiry": NOW * 2, "first": 1, "step": 10, "last": ROWS * 3},
    "hour": "2023-01-14 22:00:00",
    "since": "2024-01-10 00:00:00",
    **dict.fromkeys(["limit", "offset", "after", "keep", "possible", "idle", "longest"], 10),
    "most": 200,  # more than user 77 has: MySQL counts them for EXPLAIN
}


def test_every_statement_is_used_and_every_use_is_stated() -> None:
    files = "|".join(path.stem for path in statements.QUERIES.glob("*.sql"))
    named = re.compile(rf"({files})\.[a-z0-9_]+")
    # Others hold such names too, of events: only these modules have a way to the server.
    ways = {"v1.db.statements", "v1.db.pool"}
    running = [path for path in source.MODULES if source.imports(path) & ways or path.parent.name == "tables"]
    used = {text for path in running for text in source.strings(path) if named.fullmatch(text)}
    assert used == set(STATEMENTS)


def test_a_statement_carries_its_name_and_no_bare_percent_or_comment() -> None:
    assert [each.name for each in STATEMENTS.values() if not each.sql.startswith(f"/* {each.name} */ ")] == []
    assert [each.name for each in STATEMENTS.values() if re.search(r"%(?!\(\w+\)s)|--", each.sql)] == []


def test_every_list_and_every_delete_is_bounded() -> None:
    listing = [each for each in STATEMENTS.values() if re.search(r"\bORDER BY\b|\bDELETE\b", each.sql)]
    assert listing
    assert [each.name for each in listing if not re.search(r"\bLIMIT (%\(limit\)s|1\b)", each.sql)] == []


FILL = f"""
SET SESSION unique_checks = 0;
INSERT INTO users (id, username, password, creation_time, remote_ip)
SELECT seq, CONCAT('user', seq), 'x', '2020-01-01', '' FROM {numbers(ROWS)};
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, remote_ip)
SELECT CONCAT(REPEAT('f', 33), LPAD(seq, 7, '0')), seq MOD 20000, 0, {NOW - ROWS // 2} + seq, seq,
    CONCAT('x', seq MOD 5000), CONCAT('10.0.0.', seq MOD 200)
FROM {numbers(ROWS)};
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, remote_ip, kind)
SELECT CONCAT(REPEAT('e', 33), LPAD(seq, 7, '0')), 77, 0, {NOW * 2}, seq, 'x', '10.0.0.77', 'mobile'
FROM {numbers(100)};
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind)
SELECT CONCAT(REPEAT('d', 33), LPAD(seq, 7, '0')), seq, 0, 0, 0, 'x', 'mobile' FROM {numbers(500)};
INSERT INTO login_throttle (scope, user_id, name_digest, address, failures, window_end, blocked_until, expiry)
SELECT ELT(1 + seq MOD 2, 'pair', 'account'), seq, '', IF(seq MOD 2, '', '10.0.0.77'), 1, 0, 0, {NOW - ROWS + 500} + seq
FROM {numbers(ROWS)};
REPLACE INTO login_throttle (scope, user_id, name_digest, address, failures, window_end, blocked_until, expiry) VALUES
    ('pair', 77, '', '10.0.0.77', 1, 0, {NOW}, {NOW}), ('account', 77, '', '', 1, 0, {NOW}, {NOW}),
    ('address', 0, '', '10.0.0.77', 1, 0, {NOW}, {NOW}), ('everyone', 0, '', '', 1, 0, {NOW}, {NOW});
INSERT INTO login_stats SELECT '2023-01-01' + INTERVAL seq HOUR, 'oauth', 'ok', 1 FROM {numbers(9000)};
INSERT INTO profiles (user_id) SELECT seq FROM {numbers(1000)};
INSERT INTO profile_words (word, user_id) SELECT CONCAT('word', seq), seq MOD 20000 FROM {numbers(ROWS)};
INSERT INTO events (time, event, user_id, address)
SELECT {NOW - ROWS // 2} + seq, ELT(1 + seq MOD 3, 'login.ok', 'login.failed', 'token.issued'), seq MOD 20000,
    CONCAT('10.0.0.', seq MOD 200)
FROM {numbers(ROWS)};
INSERT INTO counts (name, claimed_until, result) SELECT CONCAT('other', seq), 0, '' FROM {numbers(1000)};
INSERT INTO counts (name, claimed_until, result) VALUES ('sessions', {NOW}, '');
ANALYZE TABLE users, auth_tokens, login_throttle, login_stats, profiles, profile_words, events, counts;
"""
DATABASE = "gatepass_full"
EXPLAIN = "SET explain_format = 'TRADITIONAL'; EXPLAIN " if IS_MYSQL else "EXPLAIN "


@pytest.fixture(scope="module")
def filled(database_server: Server) -> Iterator[tuple[Server, dict[str, object]]]:
    """A server with a database full of rows, and the values that find some of them."""
    with new_database(database_server, DATABASE, (ROOT / "sql/schema.sql").read_text() + FILL):
        live = f"SELECT MIN(id) FROM auth_tokens WHERE user_id = 77 AND expiry > {NOW}"
        token = int(database_server.sql(live, DATABASE))
        ids = {"ids": (token, token + 1, token + 2), "except_id": token + 200_000, "newest": token + 200_000}
        yield database_server, {**VALUES, "user_id": 77, **ids}


def literal(value: object) -> str:
    """A value as the driver writes it; a sequence as the list behind IN."""
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))})"
    return f"'{value}'" if isinstance(value, str) else str(value)


def keys_used(server: Server, sql: str) -> tuple[str, ...]:
    """The keys that EXPLAIN names, in its order; NULL for a table that is read without one.

    Rows about no table of ours are left out where they have no key: a derived table, a union, a row that is made up or
    was read already (no table at all), and the table that an INSERT writes to.
    """
    found = []
    for line in server.sql(EXPLAIN + sql, DATABASE).splitlines():
        values = line.split("\t")
        select_type, table, key = values[1], values[2], values[6 if IS_MYSQL else 5]  # MySQL names the partitions too
        made_up = table.startswith("<") or table == "NULL" or select_type == "INSERT" or "json_table" in line
        if key != "NULL" or not made_up:
            found.append(key)
    return tuple(found)


def explained(statement: Statement) -> bool:
    """Does it read rows of our tables? Not what sets, locks or asks about a server; a migration counts whole tables."""
    return bool(re.match(r"(WITH|SELECT|INSERT|UPDATE|DELETE)\b", statement.sql.split("*/ ")[1])) and not re.search(
        r"information_schema|^/\* (migration|session|hosts)\.", statement.sql
    )


NEW = ("utf8mb4", "utf8mb4_unicode_520_ci")
ADOPTED = [("latin1", "latin1_swedish_ci"), ("utf8mb3", "utf8mb3_general_ci"), ("latin5", "latin5_turkish_ci")]
ADOPTED += [("cp1251", "cp1251_general_ci"), ("utf16", "utf16_unicode_ci"), ("binary", "binary")]
EXPLAINED = [each for each in STATEMENTS.values() if explained(each)]
NAMING = [each for each in EXPLAINED if each.depends_on_charset and each.keys]


def values_for(statement: Statement, values: dict[str, object]) -> Values:
    """The literals for a statement: `id` is that of a token or of a user, and a time is written as its table does."""
    (number, *_) = values["ids"] if statement.name.startswith("auth_tokens.") else (77,)
    at = {"before": "2023-01-14 22:00:00"} if statement.name.startswith("login_stats.") else {}
    return Values((name, literal(value)) for name, value in {**values, "id": number, **at}.items())


def keys_by_statement(
    filled: tuple[Server, dict[str, object]], asked: list[Statement], charset: str, collation: str
) -> dict[str, tuple[str, ...]]:
    """What the server uses, while users.username is of that charset."""
    server, values = filled
    texts = {each: statements.for_column(each.name, charset, collation) for each in asked}
    return {each.name: keys_used(server, text % values_for(each, values)) for each, text in texts.items()}


def declared(asked: list[Statement]) -> dict[str, tuple[str, ...]]:
    return {each.name: each.keys for each in asked}


def test_the_server_uses_the_keys_that_a_statement_declares(filled: tuple[Server, dict[str, object]]) -> None:
    assert len(EXPLAINED) > 100
    assert keys_by_statement(filled, EXPLAINED, *NEW) == declared(EXPLAINED)


@pytest.mark.parametrize("charset, collation", ADOPTED)
def test_an_adopted_column_uses_its_key(
    charset: str, collation: str, filled: tuple[Server, dict[str, object]]
) -> None:
    server, _ = filled
    change = "ALTER TABLE users MODIFY username VARCHAR(30) CHARACTER SET {} COLLATE {} NOT NULL; ANALYZE TABLE users"
    server.sql(change.format(charset, collation), DATABASE)
    try:
        assert keys_by_statement(filled, NAMING, charset, collation) == declared(NAMING)
    finally:
        server.sql(change.format(*NEW), DATABASE)
