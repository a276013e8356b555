"""A connection's session is set after connecting: what the server's init_connect says loses no row."""

import json
import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.commands import flask
from tests.conftest import build, environment
from tests.database_servers import IS_MYSQL
from tests.db.old_php import DUMP, new_database
from tests.db.proxy import OK, answering
from tools import private_server
from tools.private_server import Server
from v1.db import readiness
from v1.db.connection import connect
from v1.errors import DatabaseDown
from v1.settings import load
from v1.settings.database_url import parse

NAME = "gatepass_init"
AUTOCOMMIT = "SET autocommit=0"
SHORTEST = "max_execution_time=1" if IS_MYSQL else "max_statement_time=0.000001"
NASTY = [
    AUTOCOMMIT,
    "START TRANSACTION",
    "SET autocommit=0, completion_type=1; START TRANSACTION",
    "SET SESSION TRANSACTION READ ONLY",
    "SET TRANSACTION READ ONLY",
    "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
    "SET sql_select_limit=0",
    "SET sql_select_limit=1, group_concat_max_len=4",
    "SET sql_mode='NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT,NO_AUTO_VALUE_ON_ZERO,IGNORE_SPACE,NO_ZERO_DATE'",
    "SET sql_safe_updates=1, sql_big_selects=0, max_join_size=1, sql_auto_is_null=1, foreign_key_checks=0",
    "SET NAMES latin5",
    "SET character_set_results=NULL",
    "SET time_zone='+05:45'",
    f"SET {SHORTEST}, lock_wait_timeout=1, innodb_lock_wait_timeout=1",
    "USE information_schema",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, new_server: Callable[..., Server]) -> Iterator[Server]:
    """A server of its own, as init_connect is the whole server's. It is not for accounts with SUPER: not for root."""
    option = f"--init-connect={AUTOCOMMIT}"
    server = new_server(tmp_path_factory.mktemp("m") / "m", option)
    assert server.sql("SELECT @@GLOBAL.init_connect") == f"{AUTOCOMMIT}\n"
    yield server
    private_server.stop(server)


@pytest.fixture(params=NASTY)
def nasty(request: pytest.FixtureRequest, server: Server) -> Server:
    """The server with one of these as its init_connect."""
    text = str(request.param).replace("'", "''")
    server.sql(f"SET GLOBAL init_connect='{text}'")
    return server


def test_what_a_migration_a_command_and_a_login_say_is_stored(nasty: Server) -> None:
    with new_database(nasty, NAME, DUMP):
        assert flask(nasty, "db", "migrate", database=NAME).endswith("done: 10 statements\n")
        assert "nothing to do" in flask(nasty, "db", "migrate", database=NAME)
        flask(nasty, "user", "add", "zoë", stdin="a password\n", database=NAME)
        assert nasty.sql("SELECT COUNT(*) FROM users WHERE username = X'7A6FC3AB'", NAME) == "1\n"
        assert readiness.check(load(environment(nasty, NAME))).problems == []
        login = {"username": "zoë", "password": "a password", "device-info": "it's \\"}
        told = build(environment(nasty, NAME)).test_client().post("/v1/oauth/", data=login)
        assert json.loads(told.data)["success"], told.data
        assert nasty.sql("SELECT device_info FROM auth_tokens WHERE id >= 1000", NAME) == "it's \\\\\n"
        recent = "SELECT ABS(TIMESTAMPDIFF(MINUTE, creation_time, NOW())) < 60 FROM users WHERE id > 99"
        assert nasty.sql(recent, NAME) == "1\n"


def test_limits_of_the_whole_server_are_not_taken_for_missing_migrations(server: Server) -> None:
    small = "GLOBAL sql_select_limit=1, GLOBAL group_concat_max_len=4, GLOBAL autocommit=0"
    server.sql(f"SET GLOBAL init_connect='', {small}")
    try:
        with new_database(server, NAME, "SET autocommit=1;" + DUMP):
            flask(server, "db", "migrate", database=NAME)
            assert readiness.check(load(environment(server, NAME))).problems == []
    finally:
        server.sql("SET GLOBAL sql_select_limit=DEFAULT, GLOBAL group_concat_max_len=DEFAULT, GLOBAL autocommit=1")


def test_a_database_that_does_not_keep_what_is_set_is_down_and_says_why(server: Server) -> None:
    server.sql(f"SET GLOBAL init_connect='{AUTOCOMMIT}'")
    with answering(server, {"session.configure": OK}) as port:
        url = f"mysql://gatepass:{server.password}@127.0.0.1:{port}/gatepass"
        with pytest.raises(DatabaseDown) as caught:
            connect(parse(url), parse(url).hosts[0], None, 3, 3, 3)
        assert "does not keep what a session sets: autocommit = 0" in caught.value.text
        environ = environment(server, DATABASE_URL=url, MIGRATE_DATABASE_URL=url)
        (reason,) = readiness.check(load(environ)).problems
        assert "autocommit = 0" in reason
        with pytest.raises(subprocess.CalledProcessError) as failed:
            flask(server, "db", "migrate", DATABASE_URL=url, MIGRATE_DATABASE_URL=url)
        assert "autocommit = 0" in failed.value.stderr and "Traceback" not in failed.value.stderr
    assert server.sql("SHOW TABLES", "gatepass") == ""
