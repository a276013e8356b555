"""One migration at a time, and what happens while it waits for a table that a page holds."""

import re
import subprocess

import pytest
from click import ClickException

from tests.commands import flask
from tests.database_servers import IS_MYSQL
from tests.db.migrating import WAITING, migrating, read_until_announced, wait_until
from tests.db.old_php import DUMP, but_for_usernames, migrator, new_database, schema, schema_today
from tests.db.proxy import answering, error
from tools.private_server import Server
from v1.cli import db


def test_a_second_migration_says_that_one_is_running(database_server: Server, fresh: str) -> None:
    database_server.sql(DUMP, fresh)
    with migrator(database_server, fresh) as (page, _):
        page("LOCK TABLES users READ")
        with migrating(database_server, fresh) as first:
            assert "0002_users: ALTER TABLE users: 10 rows" in read_until_announced(first, 1)
            wait_until(lambda: database_server.sql(WAITING) == "1\n")
            with pytest.raises(subprocess.CalledProcessError) as second:
                flask(database_server, "db", "migrate", database=fresh)
            with new_database(database_server, "gatepass_other") as other:
                done = flask(database_server, "db", "migrate", database=other)
                assert done.endswith("done: 12 statements\n")
            page("UNLOCK TABLES")
            output, _ = first.communicate(timeout=60)
    assert (second.value.returncode, second.value.stdout) == (1, "")
    assert second.value.stderr == "Error: another migration of this database is running\n"
    assert output.endswith("done: 10 statements\n") and first.returncode == 0


REFUSALS = [
    error(1105, "Percona-XtraDB-Cluster prohibits use of GET_LOCK with pxc_strict_mode = ENFORCING"),
    error(1235, "This version of MySQL doesn't yet support 'GET_LOCK in cluster (tables in MyISAM)'", "42000"),
    error(1305, "FUNCTION gatepass_fresh.GET_LOCK does not exist", "42000"),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_server_that_refuses_the_lock_is_named_as_such(database_server: Server, fresh: str, refusal: bytes) -> None:
    database_server.sql(DUMP, fresh)
    with answering(database_server, {"GET_LOCK": refusal}) as port:
        url = f"mysql://gatepass_migrate:{database_server.password}@127.0.0.1:{port}/{fresh}"
        with pytest.raises(subprocess.CalledProcessError) as failed:
            flask(database_server, "db", "migrate", database=fresh, MIGRATE_DATABASE_URL=url)
        told = failed.value.stderr
        assert "this server refuses GET_LOCK (database error 1" in told and "`gatepass db migrate --no-lock`" in told
        assert (failed.value.returncode, failed.value.stdout) == (1, "") and "Traceback" not in told
        done = flask(database_server, "db", "migrate", "--no-lock", database=fresh, MIGRATE_DATABASE_URL=url)
    assert done.endswith("done: 10 statements\n")
    assert but_for_usernames(schema(database_server, fresh)) == but_for_usernames(schema_today(database_server))


def test_a_lock_that_is_null_is_a_refusal_too(database_server: Server, fresh: str) -> None:
    database_server.sql(DUMP, fresh)
    with migrator(database_server, fresh) as (run, _), pytest.raises(ClickException, match="NULL.*--no-lock"):
        db._lock(lambda sql: run(re.sub("SELECT .*", "SELECT NULL", sql)))


def test_the_share_that_is_done_is_never_below_nothing(database_server: Server, fresh: str) -> None:
    database_server.sql(DUMP, fresh)
    with migrator(database_server, fresh) as (page, _):
        page("LOCK TABLES users READ")
        with migrating(database_server, fresh) as process:
            read_until_announced(process, 1)
            assert process.stdout is not None
            shown = process.stdout.readline()
            page("UNLOCK TABLES")
            process.communicate(timeout=60)
    share = "" if IS_MYSQL else r", \d+ %"  # MySQL does not tell it
    assert re.fullmatch(rf"  [1-9]\d* s{share}\n", shown), shown


def test_a_registration_of_an_equal_name_that_slips_in_is_told_in_a_sentence(
    database_server: Server, fresh: str
) -> None:
    database_server.sql(DUMP, fresh)
    with migrator(database_server, fresh) as (page, _):
        page("BEGIN")
        page("INSERT INTO users VALUES (NULL, 'new', 'x', NOW(), '', 1)")
        with migrating(database_server, fresh) as process:
            read_until_announced(process, 1)
            wait_until(lambda: database_server.sql(WAITING) == "1\n")
            page("INSERT INTO users VALUES (NULL, 'admin ', 'x', NOW(), '', 1)")
            page("COMMIT")
            _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Error: " in errors and "Traceback" not in errors
