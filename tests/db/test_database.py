"""The way to MySQL: limits on every connection, connections kept and thrown away, TLS when it is asked for."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import trustme

from tests.conftest import add_user, build_core, environment, migrate
from tests.database_servers import IS_MYSQL
from tests.e2e.faults import until
from tests.numbers import numbers
from tools import private_server
from v1.db import statements
from v1.db.pool import Database
from v1.errors import DatabaseDown
from v1.settings.database_url import parse

LIMIT = "@@max_execution_time / 1000" if IS_MYSQL else "@@max_statement_time"


@pytest.fixture
def pool(database) -> Iterator[Database]:
    with closing(Database(parse(database.url()), connect_seconds=60, query_seconds=60)) as made:
        yield made


@pytest.fixture
def hasty(database) -> Iterator[Database]:
    """For what takes too long."""
    with closing(Database(parse(database.url()), connect_seconds=60, query_seconds=1)) as made:
        yield made


@pytest.fixture
def connection_id(monkeypatch) -> Callable[[Database], int]:
    """Which connection of the server's the pool hands out next."""
    asked = statements.Statement("test.id", (), "SELECT CONNECTION_ID()")
    monkeypatch.setitem(statements.load(), "test.id", asked)
    return lambda pool: int(pool.read("test.id")[0][0])


def find(pool: Database, name: str = "admin") -> list:
    return pool.read("users.find", username=name.encode().hex())


def test_a_connection_is_kept_and_used_again(pool: Database, connection_id) -> None:
    assert len({connection_id(pool) for _ in range(5)}) == 1


def test_every_connection_has_limits_and_a_strict_mode_of_its_own(hasty: Database, monkeypatch) -> None:
    asked = f"SELECT {LIMIT}, @@innodb_lock_wait_timeout, @@sql_mode"
    monkeypatch.setitem(statements.load(), "test.ask", statements.Statement("test.ask", (), asked))
    limit, lock_wait, mode = hasty.read("test.ask")[0]
    assert (float(limit), lock_wait) == (1.0, 1)
    assert "STRICT_TRANS_TABLES" in mode and "NO_BACKSLASH_ESCAPES" not in mode


def test_a_statement_that_takes_too_long_is_ended_by_the_server(hasty: Database, monkeypatch) -> None:
    slow = f"SELECT COUNT(*) FROM {numbers(10_000, 'a')}, {numbers(10_000, 'b')}, {numbers(10_000, 'c')}"
    monkeypatch.setitem(statements.load(), "test.slow", statements.Statement("test.slow", (), slow))
    with pytest.raises(DatabaseDown) as caught:
        hasty.read("test.slow")
    assert caught.value.number == (3024 if IS_MYSQL else 1969)
    assert find(hasty) == []


def test_a_connection_is_thrown_away_after_any_error(pool: Database, database, connection_id, monkeypatch) -> None:
    before = connection_id(pool)
    broken = statements.Statement("test.broken", (), "SELECT no_such_column FROM users")
    monkeypatch.setitem(statements.load(), "test.broken", broken)
    with pytest.raises(DatabaseDown) as caught:
        pool.read("test.broken")
    assert caught.value.number == 1054
    assert connection_id(pool) != before
    still_there = f"SELECT COUNT(*) FROM information_schema.processlist WHERE id = {before}"
    until(lambda: database.sql(still_there) == "0\n", "the server drops the connection")


def test_threads_get_connections_of_their_own(pool: Database, database) -> None:
    add_user(database, "admin")
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: len(find(pool)), range(160)))
    assert found == [1] * 160


def test_tls_is_used_and_checked_as_the_url_says(tmp_path, new_server) -> None:
    authority, stranger = trustme.CA(), trustme.CA()
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    certificate.private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    stranger.cert_pem.write_to_path(tmp_path / "stranger.pem")
    server = new_server(
        tmp_path / "m",
        f"--ssl-cert={tmp_path}/server.pem",
        f"--ssl-key={tmp_path}/server.pem",
        "--require-secure-transport",
    )
    try:
        migrate(server, "gatepass")
        add_user(server, "admin")
        way = server.url(tcp=True)

        def found(options: str) -> bool:
            tables = build_core(environment(server) | {"DATABASE_URL": way + options}).tables
            return tables.users.find(b"admin") is not None

        assert found("?ssl_mode=REQUIRED")
        assert found(f"?ssl_mode=VERIFY_CA&ssl_ca={tmp_path}/ca.pem")
        assert found(f"?ssl_mode=VERIFY_IDENTITY&ssl_ca={tmp_path}/ca.pem")
        for options in ("", "?ssl_mode=VERIFY_CA", f"?ssl_mode=VERIFY_IDENTITY&ssl_ca={tmp_path}/stranger.pem"):
            with pytest.raises(DatabaseDown):
                found(options)
    finally:
        private_server.stop(server)
