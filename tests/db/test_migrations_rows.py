"""The migration changes and loses no row; PHP goes on working before, between, during and after."""

import json
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from tests.commands import flask
from tests.conftest import NOW, build_core, environment, migrate
from tests.db.migrating import wait_until
from tests.db.old_php import DUMP, migrator
from tests.numbers import numbers
from tools.private_server import Server
from v1.auth.core import Core
from v1.db import migrations
from v1.records import Token
from v1.tokens import find

LIVE = {"1": (1, 1, "iPhone 7, iOS 10.3"), "2": (2, 1, "JÃ¼rgens CafÃ©-Tablet"), "3": (4, 2, "ÿ" * 200)}
"""Tokens of the dump (a digit forty times) that are good: id, user, device."""

BAD = {"4": "ends now", "5": "long gone", "6": "its user is gone", "7": "its user is disabled", "8": "never was"}

MORE = f"""
INSERT INTO users (username, password, creation_time, remote_ip)
SELECT CONCAT('u', seq), 'x', NOW(), '' FROM {numbers(20_000)};
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)
SELECT LEFT(SHA2(CONCAT('u', seq), 256), 40), seq, seq, 2000000000, seq, 'café' FROM {numbers(50_000)};
"""


@pytest.mark.parametrize("charset", ["latin1", "utf8mb4"])
def test_php_reads_every_old_column_as_before(
    database_server: Server, fresh: str, run_php: Callable[..., str], charset: str
) -> None:
    database_server.sql(DUMP, fresh)
    before = json.loads(run_php("rows.php", database_server, fresh, CHARSET=charset))
    migrate(database_server, fresh)
    assert json.loads(run_php("rows.php", database_server, fresh, CHARSET=charset)) == before
    assert len(before["users"]) == 10 and len(before["auth_tokens"]) == 8


def found(adopted: Core, secret: str, now: int) -> Token:
    """The live token of this text."""
    live = find.find(adopted, secret, now)
    assert live
    return live[1]


def test_tokens_that_php_issued_stay_good_and_the_others_bad(database_server: Server, fresh: str) -> None:
    database_server.sql(DUMP, fresh)
    migrate(database_server, fresh)
    adopted = build_core(environment(database_server, fresh))
    for digit, expected in LIVE.items():
        token = found(adopted, digit * 40, NOW)
        assert (token.id, token.user_id, token.device_info) == expected
        assert token.kind == "mobile"
    for digit in BAD:
        assert find.find(adopted, digit * 40, NOW) is None
    assert found(adopted, "5" * 40, 0).expiry == 1
    assert find.find(adopted, "3" * 40, 2**31 - 1) is None


def use_as_php(run_php: Callable[..., str], server: Server, database: str, number: int) -> None:
    """A registration, a login, a new session and a check of it, by a page that knows only the old columns."""
    name, token = f"new{number}".encode().hex(), f"{number:040}".encode().hex()
    account = {"USERNAME": name, "PASSWORD": b"pass".hex()}
    made = json.loads(run_php("add_user.php", server, database, ALGORITHM="2y", **account))
    entered = json.loads(run_php("login.php", server, database, COST="5", **account))
    assert entered == {"id": made["id"], "verified": True, "needs_rehash": False}
    session = {"USER_ID": str(made["id"]), "EXPIRY": str(NOW + 9), "DEVICE_INFO": "Jürgens".encode().hex()}
    issued = json.loads(run_php("add_token.php", server, database, TOKEN=token, **session))
    found = json.loads(run_php("find_token.php", server, database, TOKEN=token, NOW=str(NOW)))
    assert (found["id"], found["user_id"], found["expiry"]) == (issued["id"], made["id"], NOW + 9)
    assert found["device_info"] == session["DEVICE_INFO"]


def test_php_goes_on_between_any_two_statements(
    database_server: Server, fresh: str, run_php: Callable[..., str]
) -> None:
    database_server.sql(DUMP, fresh)
    use_as_php(run_php, database_server, fresh, 0)
    with migrator(database_server, fresh) as (run, there):
        for number, change in enumerate(migrations.due(run, there), start=1):
            run(change.sql)
            use_as_php(run_php, database_server, fresh, number)
    assert number == 10
    adopted = build_core(environment(database_server, fresh))
    assert [found(adopted, f"{each:040}", NOW).user_id for each in range(9)] == list(range(100, 109))


def test_no_insert_of_a_busy_page_fails_or_is_lost_while_tables_are_changed(
    database_server: Server, fresh: str, run_php: Callable[..., str], tmp_path: Path
) -> None:
    database_server.sql(DUMP + MORE, fresh)
    files = {"STARTED": str(tmp_path / "started"), "STOP": str(tmp_path / "stop")}
    with ThreadPoolExecutor(1) as pool:
        page = pool.submit(run_php, "insert_loop.php", database_server, fresh, **files)
        try:
            wait_until(lambda: (tmp_path / "started").exists() or page.done())
            told = flask(database_server, "db", "migrate", database=fresh)
        finally:
            (tmp_path / "stop").touch()
        done = json.loads(page.result())

    assert told.endswith("done: 10 statements\n")
    assert done["errors"] == [] and len(done["users"]) == len(done["tokens"]) > 1
    for table, ids, count in (("users", done["users"], 20_010), ("auth_tokens", done["tokens"], 50_008)):
        kept = database_server.sql(f"SELECT id FROM {table} WHERE id IN ({','.join(map(str, ids))})", fresh).split()
        assert sorted(map(int, kept)) == ids
        assert int(database_server.sql(f"SELECT COUNT(*) FROM {table}", fresh)) == count + len(ids)
    adopted = build_core(environment(database_server, fresh))
    for number, user_id in enumerate(done["users"]):
        assert found(adopted, f"{number:040x}", NOW).user_id == user_id


def test_a_wider_column_is_not_cut_on_a_server_that_is_not_strict(database_server: Server, fresh: str) -> None:
    wider = "ALTER TABLE auth_tokens MODIFY device_info VARCHAR(255) NOT NULL;"
    database_server.sql(f"{DUMP} {wider} UPDATE auth_tokens SET device_info = REPEAT('x', 250) WHERE id = 1;", fresh)
    database_server.sql("SET GLOBAL sql_mode = ''")
    try:
        with suppress(subprocess.CalledProcessError):
            migrate(database_server, fresh)
    finally:
        database_server.sql("SET GLOBAL sql_mode = DEFAULT")
    assert database_server.sql("SELECT LENGTH(device_info) FROM auth_tokens WHERE id = 1", fresh) == "250\n"
