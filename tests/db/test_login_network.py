"""`auth_tokens.login_network`, the network of a login as an equality by key, and the wide ids, whoever writes."""

import pytest

from tests.conftest import migrate
from tests.db.old_php import DUMP, but_for_usernames, schema, schema_today
from tools.private_server import Server

YESTERDAY = """
ALTER TABLE auth_tokens DROP KEY user_id_login_network_key, DROP COLUMN login_network, DROP COLUMN last_ip,
    MODIFY id INT NOT NULL AUTO_INCREMENT COMMENT 'the session, as lists and logs name it',
    MODIFY parent_id INT NOT NULL DEFAULT 0
        COMMENT 'auth_tokens.id of the token that made it or that it hangs on; 0 for none',
    ADD KEY user_id_remote_ip_key (user_id, remote_ip);
"""
"""The table as the Gatepass before these columns left it."""

ROW = "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info"
NETWORK = "SELECT COALESCE(HEX(login_network), 'NULL') FROM auth_tokens"


@pytest.mark.parametrize("dump", ["", DUMP], ids=["nothing", "old"])
def test_a_database_of_yesterday_comes_to_the_same(database_server: Server, fresh: str, dump: str) -> None:
    database_server.sql(dump, fresh)
    migrate(database_server, fresh)
    database_server.sql(YESTERDAY + f"{ROW}, remote_ip) VALUES ('x', 1, 1, 1, 1, '', '203.0.113.7');", fresh)
    migrate(database_server, fresh)
    assert but_for_usernames(schema(database_server, fresh)) == but_for_usernames(schema_today(database_server))
    assert database_server.sql(f"{NETWORK} WHERE auth_key = 'x'", fresh) == "CB007107\n"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "CB007107"),
        ("0.0.0.0", "00000000"),
        ("2001:db8:1:2:3:4:5:6", "20010DB800010002"),
        ("2001:db8:1:2::", "20010DB800010002"),
        ("::1", "0000000000000000"),
        ("", "NULL"),
        ("unknown", "NULL"),
        ("203.0.113.7:54321", "NULL"),
        ("fe80::1%eth0", "NULL"),
    ],
)
def test_the_network_of_a_login(database: Server, address: str, network: str) -> None:
    row = f"{ROW}, remote_ip) VALUES ('x', 1, 1, 1, 1, '', '{address}')"
    database.sql(f"SET sql_mode = 'TRADITIONAL'; {row}", "gatepass")
    assert database.sql(NETWORK, "gatepass") == f"{network}\n"


@pytest.mark.parametrize(
    ("kind", "parent", "counts"),
    [
        ("mobile", 0, True),
        ("console", 0, True),
        ("jwt_refresh", 0, True),
        ("jwt_refresh", 5_000_000_000, False),
        ("jwt_access", 0, False),
        ("api", 0, False),
        ("stream", 7, False),
    ],
)
def test_only_a_login_has_a_network(database: Server, kind: str, parent: int, counts: bool) -> None:
    database.sql(
        f"{ROW}, remote_ip, kind, parent_id) VALUES ('x', 1, 1, 1, 1, '', '10.0.0.1', '{kind}', {parent})", "gatepass"
    )
    assert database.sql(f"{NETWORK} WHERE parent_id = {parent}", "gatepass") == ("0A000001\n" if counts else "NULL\n")


@pytest.mark.parametrize("charset", ["latin1", "utf8mb4", "latin5", "cp1251"])
def test_the_charset_of_whoever_writes_is_nothing_to_it(database: Server, charset: str) -> None:
    database.sql(f"SET NAMES {charset}; FLUSH TABLES; {ROW}) VALUES ('x', 1, 1, 1, 1, '');", "gatepass")
    database.sql(f"SET NAMES {charset}; UPDATE auth_tokens SET remote_ip = '2001:db8::1'", "gatepass")
    assert database.sql(NETWORK, "gatepass") == "20010DB800000000\n"


def test_ids_go_on_where_an_int_ends(database: Server) -> None:
    values = f"{ROW}, parent_id) VALUES"
    try:
        database.sql(f"ALTER TABLE auth_tokens AUTO_INCREMENT = {2**31 - 1}", "gatepass")
        for number in range(3):
            database.sql(f"{values} ('{number}', 1, 1, 1, 1, '', {2**31 + 1})", "gatepass")
        assert database.sql("SELECT MAX(id), MAX(parent_id) FROM auth_tokens", "gatepass").split() == ["2147483649"] * 2
    finally:
        database.sql("DELETE FROM auth_tokens; ALTER TABLE auth_tokens AUTO_INCREMENT = 1", "gatepass")
