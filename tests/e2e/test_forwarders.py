"""Who is local behind a forwarder of connections, which reads no HTTP, and behind the HAProxy of the example."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Gunicorn, Service, build, environment
from tests.e2e import wire
from tests.e2e.faults import until
from tests.e2e.haproxy import haproxy
from tests.e2e.nginx import ask, rpc
from tests.e2e.relay import relay
from tools.private_server import Server

API = "Auth.CreateApiToken"
Start = Callable[..., Gunicorn]
CLOSED = {"LOCAL_API_TOKENS": "0", "LOCAL_METRICS": "0"}


@contextmanager
def forwarder(service: Gunicorn) -> Iterator[Gunicorn]:
    """Passes every connection on, byte for byte, as `mode tcp` does. The wire's functions take it for the service."""
    with relay(service.port) as forwarding:
        yield Gunicorn(forwarding.port, service.process, service.log)


def rows(database: Server) -> int:
    return int(database.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass"))


def test_a_forwarder_s_clients_are_local_and_the_manual_s_check_shows_it(database: Server, gunicorn: Start) -> None:
    """Nobody can tell them from programs on the machine: hence the settings."""
    service = gunicorn(database)
    with forwarder(service) as outside:
        assert rpc(outside, API, host="gatepass.example", ttl=60).json["error"]["code"] == -32003
        assert "result" in rpc(outside, API, host="localhost", ttl=60).json
        assert ask(outside, "/metrics", host="localhost").status == 200


@pytest.mark.parametrize("trusted", ["", "127.0.0.1/32"], ids=["no proxy", "a proxy"])
def test_where_the_settings_say_so_nobody_behind_it_or_here_is_local(
    database: Server, gunicorn: Start, trusted: str
) -> None:
    service = gunicorn(database, TRUSTED_PROXIES=trusted, **CLOSED)
    with forwarder(service) as outside:
        for caller in (service, outside):
            for host in ("localhost", "127.0.0.1", "[::1]", "gatepass.example"):
                answer = rpc(caller, API, host=host, ttl=0)
                assert (answer.status, answer.json["error"]["code"]) == (400, -32003)
                assert ask(caller, "/metrics", host=host).status == 404
    assert rows(database) == 0


@pytest.mark.parametrize(
    "body",
    [
        [{"jsonrpc": "2.0", "method": API, "params": [0], "id": 1}, {"jsonrpc": "2.0", "method": API, "params": [0]}],
        {"jsonrpc": "2.0", "method": API, "params": {"ttl": 0}},
        {"jsonrpc": "2.0", "method": API, "id": 1},
        {"jsonrpc": "2.0", "method": API, "params": {"ttl": "x"}, "id": 1},
    ],
)
def test_no_spelling_of_the_closed_call_makes_a_token(make_service: Callable[..., Service], body: object) -> None:
    service = make_service(**CLOSED)
    answer = service.client.post("/api", json=body)
    assert b"gpa_" not in answer.data and (answer.status_code == 204 or b"-32003" in answer.data)
    assert rows(service.server) == 0


@pytest.mark.parametrize(
    "settings, shown", [({}, True), (CLOSED, False), ({**CLOSED, "METRICS_ALLOW": "127.0.0.1/32"}, True)]
)
def test_the_reasons_of_readyz_are_closed_with_the_metrics(
    database_server: Server, fresh: str, settings: dict[str, str], shown: bool
) -> None:
    answer = build(environment(database_server, fresh, **settings)).test_client().get("/readyz")
    assert answer.status_code == 503 and ("reasons" in (answer.json or {})) is shown


def test_behind_the_example_of_haproxy_nobody_is_local_and_each_client_has_its_address(
    database: Server, gunicorn: Start, tmp_path: Path
) -> None:
    service = gunicorn(database, TRUSTED_PROXIES="127.0.0.1/32")
    with haproxy(tmp_path, service.port) as outside:
        for more in ((), ("X-Forwarded-For: 192.0.2.1",), ("Forwarded: for=192.0.2.1",)):
            assert rpc(outside, API, *more, host="localhost", ttl=60).json["error"]["code"] == -32003
            assert ask(outside, "/metrics", *more, host="localhost").status == 404
        wrong = wire.post(b"username=nobody&password=x", headers=b"Host: a\r\nX-Forwarded-For: 192.0.2.1\r\n")
        here = ("127.0.0.2", 0)
        with socket.create_connection(("127.0.0.1", outside.port), timeout=120, source_address=here) as client:
            client.sendall(wrong)
            assert wire.read_answer(client).code == "1142"
        until(lambda: '"address": "127.0.0.2"' in service.log.read_text(), "the failed login is logged")
        assert "192.0.2.1" not in service.log.read_text()
    assert rows(database) == 0
