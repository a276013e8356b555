"""Connections that died cost no login, and what was answered before is not lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import ContextManager

import pytest

from tests.conftest import Gunicorn, add_user
from tests.e2e import wire
from tests.e2e.faults import (
    as_root,
    digests,
    kill_connections,
    log_in,
    over_tcp,
    service_on,
    started_again,
    until,
    while_hashing,
)
from tools import private_server
from tools.private_server import Server


@contextmanager
def restarted(server: Server, kill: bool) -> Iterator[Server]:
    private_server.stop(server, kill=kill)
    with started_again(server) as again:
        yield again


@contextmanager
def connections_killed(server: Server) -> Iterator[Server]:
    with as_root(server) as root:
        for (pooled,) in root("SELECT id FROM information_schema.processlist WHERE user = 'gatepass'"):
            root(f"KILL {pooled}")
    yield server


@pytest.mark.parametrize("happens", [partial(restarted, kill=False), partial(restarted, kill=True), connections_killed])
def test_several_stale_connections_cost_no_login(
    own_server: Server, gunicorn: Callable[..., Gunicorn], happens: Callable[[Server], ContextManager[Server]]
) -> None:
    add_user(own_server, "admin")
    service = gunicorn(own_server, **over_tcp(own_server, THREADS="8", DATABASE_QUERY_SECONDS="30"))
    assert open_connections(own_server, service) >= 4
    with happens(own_server) as again, ThreadPoolExecutor(4) as clients:
        answers = clients.map(lambda _: wire.log_in(service), range(12))
        assert [answer.code for answer in answers] == ["ok"] * 12
        assert len(digests(again)) == 4 + 12


def test_a_connection_killed_while_the_password_is_hashed_costs_no_login(
    own_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(own_server, "admin")
    client = service_on(own_server)
    while_hashing(monkeypatch, lambda: kill_connections(own_server))

    assert [log_in(client).code for _ in range(3)] == ["ok"] * 3
    assert len(digests(own_server)) == 3


def open_connections(server: Server, service: Gunicorn) -> int:
    """Four logins that overlap for certain, as they meet a lock: so many connections are then in the pool."""
    with ThreadPoolExecutor(4) as clients:
        with as_root(server) as root:
            root("LOCK TABLES users WRITE")
            answers = [clients.submit(wire.log_in, service) for _ in range(4)]
            until(lambda: waiting(server) == 4, "four logins wait for the lock")
        assert [answer.result().code for answer in answers] == ["ok"] * 4
    return int(server.sql("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'gatepass'"))


def waiting(server: Server) -> int:
    where = "user = 'gatepass' AND command = 'Query' AND info LIKE '%login.find%'"
    return int(server.sql(f"SELECT COUNT(*) FROM information_schema.processlist WHERE {where}"))
