"""A migration cut off anywhere, by kill -9 of itself or of the server, is finished by running it again."""

import pytest

from tests import database_servers as servers
from tests.db.migrating import ALTERING, finish, migrating, read_until_announced, wait_until
from tests.db.old_php import DUMP, but_for_usernames, schema, schema_today
from tests.numbers import numbers
from tools import private_server
from tools.private_server import Server

USERS = f"""
INSERT INTO users (username, password, creation_time, remote_ip)
SELECT CONCAT('u', seq), LEFT(SHA2(seq, 256), 40), '2020-01-01', '10.0.0.1' FROM {numbers(60_000)};
"""
TOKENS = f"""
INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)
SELECT LEFT(SHA2(seq, 256), 40), seq, seq, 2000000000 + seq, -seq, X'436166E9' FROM {numbers(60_000)};
"""
CONTENTS = """
SELECT COUNT(*), SUM(id), SUM(CRC32(CONCAT_WS('|', id, HEX(CAST(username AS BINARY)), password, creation_time,
    remote_ip, access_level))) FROM users;
SELECT COUNT(*), SUM(id), SUM(CRC32(CONCAT_WS('|', id, auth_key, user_id, creation_time, expiry, last_access,
    HEX(CONVERT(device_info USING utf8mb4))))) FROM auth_tokens;
"""


def assert_finished(server: Server, database: str) -> None:
    assert but_for_usernames(schema(server, database)) == but_for_usernames(schema_today(server))
    assert list((server.directory / "data" / database).glob("#sql*")) == [], "no half-made copy of a table is left"


@pytest.mark.parametrize(
    ("dump", "number"),
    [("", 1), ("", 2), ("", 3), ("", 4), ("", 5), ("", 6), ("", 7), (DUMP + USERS, 1), (DUMP + TOKENS, 2)],
    ids=["new-1", "new-2", "new-3", "new-4", "new-5", "new-6", "new-7", "old-1", "old-2"],
)
def test_a_killed_migration_is_finished_by_the_next(
    database_server: Server, fresh: str, dump: str, number: int
) -> None:
    database_server.sql(dump, fresh)
    before = database_server.sql(CONTENTS, fresh) if dump else None
    with migrating(database_server, fresh) as process:
        told = read_until_announced(process, number)
        if dump:
            wait_until(lambda: process.poll() is not None or database_server.sql(ALTERING) != "0\n")
        process.kill()
    assert (": 60,0" if dump else "0 rows") in told and "about 1 s" in told
    finish(database_server, fresh)
    assert_finished(database_server, fresh)
    assert before is None or database_server.sql(CONTENTS, fresh) == before


@pytest.mark.parametrize(("dump", "number"), [(DUMP + USERS, 1), (DUMP + TOKENS, 2)], ids=["old-1", "old-2"])
def test_a_migration_of_a_killed_server_is_finished_by_the_next(own_server: Server, dump: str, number: int) -> None:
    own_server.sql("CREATE DATABASE gatepass_old CHARACTER SET latin1")
    own_server.sql(dump, "gatepass_old")
    before = own_server.sql(CONTENTS, "gatepass_old")
    with migrating(own_server, "gatepass_old") as process:
        read_until_announced(process, number)
        wait_until(lambda: process.poll() is not None or own_server.sql(ALTERING) != "0\n")
        private_server.stop(own_server, kill=True)
        output, errors = process.communicate(timeout=60)
    if not output.endswith("done: 10 statements\n"):
        assert process.returncode == 1
        assert "Error: database error 20" in errors and "Traceback" not in errors

    again = servers.start(own_server.directory, port=own_server.port)
    try:
        finish(again, "gatepass_old")
        assert_finished(again, "gatepass_old")
        assert again.sql(CONTENTS, "gatepass_old") == before
    finally:
        private_server.stop(again)
