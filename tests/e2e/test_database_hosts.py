"""A running service with several database hosts: what it says at the start, and what its clients notice."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Gunicorn, add_user
from tests.db.two_servers import two_servers, url
from tests.e2e.faults import until
from tests.e2e.wire import check, parse, post
from tools import private_server
from tools.private_server import Server


def log_in(service: Gunicorn) -> str:
    """The token of a login."""
    token: str = parse(service.send(post())).json["data"]["access_token"]
    return token


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


def test_checks_and_logins_go_on_while_a_host_dies(
    tmp_path: Path, migrated_directory: Path, gunicorn: Callable[..., Gunicorn]
) -> None:
    with two_servers(tmp_path / "servers", migrated_directory) as pair:
        for server in pair:
            add_user(server, "admin")
        service = gunicorn(pair[0], DATABASE_URL=url(pair[0].port, pair[1].port))
        token = log_in(service)
        assert is_good(service, token)
        private_server.stop(pair[0], kill=True)
        assert not is_good(service, token), "the second server is asked, which never heard of the token"
        other = log_in(service)
        assert is_good(service, other)


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
