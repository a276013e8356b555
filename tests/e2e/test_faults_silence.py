"""Pins what a login does when the way to the database falls silent for the connections it has: a failover, a firewall.

Nothing tells the service: what it sends is swallowed, and a new connection is answered at once.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import add_user
from tests.e2e.faults import GENEROUS, SOON, digests, log_in, service_on, while_hashing
from tools.private_mariadb import Server
from v1.auth.write_behind import WriteBehind
from v1.db.pool import Database


class Way:
    """A relay to the database's port whose connections can be made to swallow all that is sent."""

    def __init__(self, port: int) -> None:
        self._to = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._silent: list[socket.socket] = []
        self._accepting = self._start(self._accept)

    @property
    def connections(self) -> int:
        return len(self._ends) // 2

    def fall_silent(self) -> None:
        self._silent = list(self._ends)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes who accepts: nobody is let in from now on
        self._accepting.join()
        for each in (self._listener, *self._ends):
            each.close()

    def _accept(self) -> None:
        while True:
            near = self._listener.accept()[0]
            self._ends.append(near)
            far = socket.create_connection(self._to)
            self._ends.append(far)
            self._start(self._pass_on, near, far)
            self._start(self._pass_on, far, near)

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        while data := source.recv(65536):
            if source not in self._silent:
                target.sendall(data)
        if source not in self._silent:
            target.shutdown(socket.SHUT_WR)

    def _start(self, do: Callable[..., None], *ends: socket.socket) -> threading.Thread:
        def run() -> None:
            try:
                do(*ends)
            except OSError:
                pass  # closed with the test

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread


@pytest.fixture
def way(database: Server) -> Iterator[Way]:
    add_user(database, "admin")
    opened = Way(database.port)
    yield opened
    opened.close()


def over(way: Way, server: Server) -> str:
    return server.url(tcp=True).replace(f":{server.port}/", f":{way.port}/")


def test_one_login_is_5501_for_all_connections_that_fell_silent(
    database: Server, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WriteBehind, "_start", lambda self: None)  # else its thread may be the first to find out
    client = service_on(database, DATABASE_URL=over(way, database), **SOON)
    with ThreadPoolExecutor(4) as pool, monkeypatch.context() as patch:
        take_at_once(patch, 4)
        assert [answer.code for answer in pool.map(log_in, [client] * 4)] == ["ok"] * 4
    assert way.connections == 4
    way.fall_silent()

    assert [log_in(client).code for _ in range(4)] == ["5501", "ok", "ok", "ok"]
    assert len(digests(database)) == 4 + 3


def take_at_once(patch: pytest.MonkeyPatch, threads: int) -> None:
    """So many threads have each taken their first connection before any of them uses it."""
    take, took = Database._take, threading.local()
    all_have = threading.Barrier(threads, timeout=GENEROUS)

    def taking(self: Database, tried: bool) -> object:
        connection = take(self, tried)
        if not hasattr(took, "one"):
            took.one = all_have.wait()
        return connection

    patch.setattr(Database, "_take", taking)


def test_a_connection_that_falls_silent_while_the_password_is_hashed_costs_no_login(
    database: Server, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = service_on(database, DATABASE_URL=over(way, database), **SOON)
    with monkeypatch.context() as patch:
        while_hashing(patch, way.fall_silent)
        assert log_in(client).code == "ok"
    assert log_in(client).code == "ok"
    assert len(digests(database)) == 2
