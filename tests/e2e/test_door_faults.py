"""Pins what the other token systems' doors say when MariaDB hangs, dies or only reads: come again; nothing is lost."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Service, add_user
from tests.doors.kinds import mint
from tests.doors.operations import OPERATIONS, Ask, bearer, is_refused
from tests.e2e.faults import GENEROUS, SOON, as_root, service_on, started_again, until, while_hashing
from tests.e2e.test_faults_hang import frozen
from tests.e2e.test_token_faults import statements_running
from tools import private_mariadb
from tools.private_mariadb import Server
from v1.db.pool import Database

READERS = ("check a stream token", "watch a stream", "current user", "hello", "list personal tokens")
WRITERS = ("make a stream token", "the printed sample", "refresh", "create a personal token")
NEW = (*READERS, *WRITERS, "create a pair", "DeviceHive login", "management login", "an API token")


def service(server: Server, **settings: str) -> Service:
    client = service_on(server, **settings)
    return Service(client.application, client, server, lambda: int(time.time()))  # type: ignore[arg-type]


def asks(of: Service) -> dict[str, Callable[[], TestResponse]]:
    """Each operation, with a token of its own that is good."""
    found = {each.name: with_token(of, each.ask, each.opened_by[0]) for each in OPERATIONS if each.name in NEW}
    user_id = int(of.server.sql("SELECT id FROM users WHERE username = 'admin'", "gatepass"))
    found["create a pair"] = with_token(of, bearer("POST", "/token/create", json={"userId": user_id}), "jwt_access")
    found["DeviceHive login"] = lambda: devicehive(of.client)
    found["management login"] = lambda: management(of.client)
    call = {"jsonrpc": "2.0", "method": "Auth.CreateApiToken", "params": {"ttl": 60}, "id": 1}
    found["an API token"] = lambda: of.client.post("/api/", json=call)
    return found


def with_token(of: Service, ask: Ask, kind: str) -> Callable[[], TestResponse]:
    token = mint(of, kind)
    return lambda: ask(of, token)


def devicehive(client: FlaskClient) -> TestResponse:
    return client.post("/token", json={"login": "admin", "password": "password"})


def management(client: FlaskClient) -> TestResponse:
    return client.post("/apiops/auth/token", data={"grant_type": "client_credentials"}, auth=("admin", "password"))


def is_busy(response: TestResponse) -> bool:
    """Wait and retry, in whichever words."""
    assert response.headers["Retry-After"] == "5", (response.status, response.data)
    said = response.get_json(silent=True)
    if said is None:
        return (response.status_code, response.data) == (503, b"")
    if "jsonrpc" in said:
        return (response.status_code, said["error"]["code"]) == (400, -32002)
    return response.status_code == 503 and said["error"] in (503, "temporarily_unavailable")


def is_done(response: TestResponse) -> bool:
    said = response.get_json(silent=True) or {}
    return response.status_code < 300 and "error" not in said and not is_refused(response)


def all_at_once(of: dict[str, Callable[[], TestResponse]]) -> dict[str, TestResponse]:
    with ThreadPoolExecutor(len(of)) as pool:
        calls = {name: pool.submit(ask) for name, ask in of.items()}
        return {name: call.result(timeout=GENEROUS) for name, call in calls.items()}


def test_a_frozen_database_is_wait_and_retry_at_every_door_and_all_goes_on_afterwards(database: Server) -> None:
    add_user(database, "admin")
    asked = asks(service(database, **SOON))
    assert set(asked) == set(NEW)
    with frozen(database):
        assert {name for name, answer in all_at_once(asked).items() if not is_busy(answer)} == set()
    until(lambda: statements_running(database) == 0, "what the thawed server still finds is over")
    done_already = taken(database)
    assert {name for name, ask in asked.items() if not is_done(ask())} == done_already


def taken(server: Server) -> set[str]:
    """What the thawed server still did for a caller who was told to come again: the name is taken then."""
    mine = "kind = 'personal' AND name LIKE 'a program%'"
    found = server.sql(f"SELECT COUNT(*) FROM auth_tokens WHERE {mine}", "gatepass")
    return {"create a personal token"} if int(found) else set()


def test_a_database_that_only_reads_refuses_what_writes_and_nothing_else(database: Server) -> None:
    add_user(database, "admin")
    asked = asks(service(database))
    with only_reads(database):
        answers = all_at_once(asked)
    assert {name for name, answer in answers.items() if is_done(answer)} == set(READERS)
    assert all(is_busy(answer) for name, answer in answers.items() if name not in READERS)
    assert all(is_done(ask()) for ask in asked.values())


@contextmanager
def only_reads(server: Server):
    with as_root(server) as root:
        root("SET GLOBAL read_only = 1")
        try:
            yield
        finally:
            root("SET GLOBAL read_only = 0")


@pytest.mark.parametrize("log_in", [devicehive, management], ids=lambda each: each.__name__)
def test_a_database_that_dies_while_a_login_is_hashed_leaves_no_token(
    own_mariadb: Server, log_in: Callable[[FlaskClient], TestResponse], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(own_mariadb, "admin")
    of = service(own_mariadb)
    with monkeypatch.context() as patch:
        while_hashing(patch, lambda: private_mariadb.stop(own_mariadb, kill=True))
        assert is_busy(log_in(of.client))
    with started_again(own_mariadb) as again:
        assert again.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass") == "0\n"
        assert is_done(log_in(of.client))


def test_a_database_that_dies_between_the_tokens_of_a_pair_leaves_one_that_nobody_holds(
    own_mariadb: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(own_mariadb, "admin")
    of = service(own_mariadb)
    with monkeypatch.context() as patch:
        write = Database.write

        def dying(self: Database, name: str, /, **values: object) -> object:
            written = write(self, name, **values)
            private_mariadb.stop(own_mariadb, kill=True)
            return written

        patch.setattr(Database, "write", dying)
        assert is_busy(devicehive(of.client))
    with started_again(own_mariadb) as again:
        assert again.sql("SELECT kind FROM auth_tokens", "gatepass") == "jwt_refresh\n"
        assert is_done(devicehive(of.client))
