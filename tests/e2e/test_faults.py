"""Pins what a login does when MariaDB stops, dies or comes back: wait-and-retry, nothing lost, nothing half done."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import Gunicorn, add_user
from tests.e2e import wire
from tests.e2e.faults import as_root, digests, log_in, over_tcp, service_on, started_again, until, while_hashing
from tools import private_mariadb
from tools.private_mariadb import Server

BUSY = {"message": "The service is busy. Please try again soon.", "type": "ServerSideException", "code": "5501"}


def test_a_stopped_database_is_said_as_5501_and_the_login_after_its_start_works(own_mariadb: Server) -> None:
    add_user(own_mariadb, "admin")
    php, http = service_on(own_mariadb), service_on(own_mariadb, ERROR_STATUS="http")
    production = service_on(own_mariadb, APP_ENV="production", BCRYPT_COST="10")
    never_used = service_on(own_mariadb)
    assert [log_in(client).code for client in (php, http, production)] == ["ok"] * 3
    private_mariadb.stop(own_mariadb)

    for client, status in ((php, 200), (http, 503), (production, 200), (never_used, 200)):
        answer = log_in(client)
        assert (answer.status, answer.json) == (status, {"success": False, "errors": BUSY})
        assert int(answer.headers["Retry-After"]) > 0
    assert log_in(php, debug="1").json["debug"]["mysql"].startswith("2003: Can't connect to MySQL server")
    assert "debug" not in log_in(production, debug="1").json

    with started_again(own_mariadb) as again:
        assert [log_in(client).code for client in (php, http, production, never_used)] == ["ok"] * 4
        assert len(digests(again)) == 7


def test_a_database_killed_between_select_and_insert_leaves_no_token_behind(
    own_mariadb: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(own_mariadb, "admin")
    client = service_on(own_mariadb)
    while_hashing(monkeypatch, lambda: private_mariadb.stop(own_mariadb, kill=True))

    assert log_in(client).code == "5501"
    with started_again(own_mariadb) as again:
        assert digests(again) == []
        assert log_in(client).code == "ok"


def test_a_token_that_was_answered_survives_the_crash_of_the_database(own_mariadb: Server) -> None:
    add_user(own_mariadb, "admin")
    answer = log_in(service_on(own_mariadb))
    private_mariadb.stop(own_mariadb, kill=True)

    with started_again(own_mariadb) as again:
        assert digests(again) == [hashlib.sha1(answer.json["data"]["access_token"].encode()).hexdigest()]


@pytest.mark.parametrize("crash", [False, True], ids=["stopped in order", "killed"])
def test_several_stale_connections_after_a_restart_cost_no_login(
    own_mariadb: Server, gunicorn: Callable[..., Gunicorn], crash: bool
) -> None:
    add_user(own_mariadb, "admin")
    service = gunicorn(own_mariadb, **over_tcp(own_mariadb, THREADS="8", DATABASE_QUERY_SECONDS="30"))
    assert open_connections(own_mariadb, service) >= 4
    private_mariadb.stop(own_mariadb, kill=crash)

    with started_again(own_mariadb) as again, ThreadPoolExecutor(4) as clients:
        answers = clients.map(lambda _: wire.log_in(service), range(12))
        assert [answer.code for answer in answers] == ["ok"] * 12
        assert len(digests(again)) == 4 + 12


def test_connections_killed_on_the_server_cost_no_login(
    own_mariadb: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    add_user(own_mariadb, "admin")
    service = gunicorn(own_mariadb, **over_tcp(own_mariadb, THREADS="8", DATABASE_QUERY_SECONDS="30"))
    open_connections(own_mariadb, service)
    with as_root(own_mariadb) as root:
        for (pooled,) in root("SELECT id FROM information_schema.processlist WHERE user = 'gatepass'"):
            root(f"KILL {pooled}")

    assert [wire.log_in(service).code for _ in range(6)] == ["ok"] * 6


def test_a_connection_killed_while_the_password_is_hashed_costs_no_login(
    own_mariadb: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(own_mariadb, "admin")
    client = service_on(own_mariadb)
    while_hashing(monkeypatch, lambda: own_mariadb.sql("KILL USER gatepass"))

    assert [log_in(client).code for _ in range(3)] == ["ok"] * 3
    assert len(digests(own_mariadb)) == 3


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
