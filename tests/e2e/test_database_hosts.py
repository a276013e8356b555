"""A running service with several database hosts: what it says at the start, and what its clients notice."""

import json
from collections.abc import Callable

import pytest

from tests.conftest import Gunicorn, add_user
from tests.e2e.faults import until
from tests.e2e.relay import relay
from tests.e2e.wire import Answer, check, parse, post
from tools.private_server import Server


def log_in(service: Gunicorn) -> str:
    """The token of a login. It is tried again after 5501: that is all that may happen to it."""
    answers: list[Answer] = []
    until(lambda: answers.append(parse(service.send(post()))) or answers[-1].code != "5501", "a login gets through")
    token: str = answers[-1].json["data"]["access_token"]
    return token


def hosts(service: Gunicorn) -> list[dict[str, object]]:
    """What the service says about its database hosts."""
    answer = parse(service.send(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n"))
    found: list[dict[str, object]] = answer.json["hosts"]
    return found


def database_url(server: Server, *ports: int) -> str:
    return server.url(tcp=True).replace(f"127.0.0.1:{server.port}", ",".join(f"127.0.0.1:{port}" for port in ports))


def is_good(service: Gunicorn, token: str) -> bool:
    answer = parse(service.send(check(token)))
    assert answer.status in (200, 401), answer
    return answer.status == 200


def test_a_host_without_an_address_is_named_at_the_start(
    database: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    service = gunicorn(database, DATABASE_URL="mysql://u:secret@127.0.0.1:1,db..example/d", WORKERS="2")
    lines = []

    def told() -> bool:
        lines[:] = [json.loads(line) for line in service.log.read_text().splitlines() if "no address" in line]
        return bool(lines)

    until(told, "the line is logged")
    (line,) = lines
    assert line["host"] == "db..example:3306" and "secret" not in service.log.read_text()


def test_checks_and_logins_go_on_while_a_host_goes(database: Server, gunicorn: Callable[..., Gunicorn]) -> None:
    """Two ways to one server: which of them is used does not matter until one is gone."""
    add_user(database, "admin")
    with relay(database.port) as kept:
        with relay(database.port) as gone:
            service = gunicorn(database, DATABASE_URL=database_url(database, gone.port, kept.port))
            token = log_in(service)
            assert is_good(service, token)
        assert is_good(service, token)
        assert is_good(service, log_in(service))
        until(lambda: [each["state"] for each in hosts(service)] == ["down", "well"], "the host that is gone is down")
        assert is_good(service, token) and hosts(service)[1]["used"]
        service.stop()


@pytest.mark.parametrize("causal", ["0", "1"])
def test_the_way_checks_read_changes_no_answer(
    database: Server, gunicorn: Callable[..., Gunicorn], causal: str
) -> None:
    add_user(database, "admin")
    service = gunicorn(database, CAUSAL_CHECKS=causal)
    token = log_in(service)
    assert is_good(service, token) and not is_good(service, "0" * 40) and is_good(service, token)
    database.sql("DELETE FROM auth_tokens", "gatepass")
    assert not is_good(service, token)
