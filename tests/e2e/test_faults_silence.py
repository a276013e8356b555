"""What a login does when the way to the database falls silent for the connections it has: a failover, a firewall.

Nothing tells the service: what it sends is swallowed, and a new connection is answered at once.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import add_user
from tests.e2e.faults import GENEROUS, SOON, digests, log_in, service_on, while_hashing
from tests.e2e.relay import Relay, relay
from tools.private_server import Server
from v1.auth.write_behind import WriteBehind
from v1.db.connections import Connections


@pytest.fixture
def way(database: Server) -> Iterator[Relay]:
    add_user(database, "admin")
    with relay(database.port) as opened:
        yield opened


def over(way: Relay, server: Server) -> str:
    return server.url(tcp=True).replace(f":{server.port}/", f":{way.port}/")


def test_one_login_is_5501_for_all_connections_that_fell_silent(
    database: Server, way: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WriteBehind, "_start", lambda self: None)  # else its thread may be the first to find out
    client = service_on(database, DATABASE_URL=over(way, database), **SOON)
    with ThreadPoolExecutor(4) as pool, monkeypatch.context() as patch:
        take_at_once(patch, 4)
        assert [answer.code for answer in pool.map(log_in, [client] * 4)] == ["ok"] * 4
    assert len(way.ends) == 2 * 4
    way.fall_silent()

    assert [log_in(client).code for _ in range(4)] == ["5501", "ok", "ok", "ok"]
    assert len(digests(database)) == 4 + 3


def take_at_once(patch: pytest.MonkeyPatch, threads: int) -> None:
    """So many threads have each taken their first connection before any of them uses it."""
    take, took = Connections.take, threading.local()
    all_have = threading.Barrier(threads, timeout=GENEROUS)

    def taking(self: Connections, tried: bool) -> object:
        connection = take(self, tried)
        if not hasattr(took, "one"):
            took.one = all_have.wait()
        return connection

    patch.setattr(Connections, "take", taking)


def test_a_connection_that_falls_silent_while_the_password_is_hashed_costs_no_login(
    database: Server, way: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = service_on(database, DATABASE_URL=over(way, database), **SOON)
    with monkeypatch.context() as patch:
        while_hashing(patch, way.fall_silent)
        assert log_in(client).code == "ok"
    assert log_in(client).code == "ok"
    assert len(digests(database)) == 2
