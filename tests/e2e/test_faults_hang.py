"""A database which hangs, is locked or is full costs a login its limits and no more."""

from contextlib import ExitStack

import pytest

from tests.conftest import add_user
from tests.e2e.faults import SOON, as_root, code_in_time, digests, frozen, log_in, service_on, until, while_hashing
from tools.private_server import Server


def test_a_database_frozen_while_the_password_is_hashed_keeps_no_token_of_the_refused_login(
    own_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(own_server, "admin")
    client = service_on(own_server, **SOON)
    with ExitStack() as stack, monkeypatch.context() as patch:
        own: list[str] = []
        while_hashing(patch, lambda: (own.extend(ids(own_server)), stack.enter_context(frozen(own_server))))
        assert code_in_time(client) == "5501"

    # What a thawed server still finds in the refused login's socket, it does before it ends that connection.
    assert own
    until(lambda: not set(own) & set(ids(own_server)), "the refused login's connections end")
    assert digests(own_server) == []
    assert log_in(client).code == "ok"


@pytest.mark.parametrize("lock", ["LOCK TABLES users WRITE", "LOCK TABLES auth_tokens WRITE", "row"])
def test_a_lock_that_somebody_holds_is_5501_and_leaves_nothing_behind(database: Server, lock: str) -> None:
    add_user(database, "admin")
    client = service_on(database, **SOON)
    assert log_in(client).code == "ok"
    with as_root(database) as root:
        if lock == "row":
            root("BEGIN")
            root("SELECT * FROM users FOR UPDATE")
        else:
            root(lock)
        assert code_in_time(client) == "5501"

    assert len(digests(database)) == 1
    assert log_in(client).code == "ok"
    assert len(digests(database)) == 2


def test_a_database_without_a_free_connection_is_5501_until_one_is_free(own_server: Server) -> None:
    add_user(own_server, "admin")
    client = service_on(own_server)
    own_server.sql("SET GLOBAL max_connections = 10")
    with ExitStack() as stack:
        for _ in range(11):  # the last one is the place that is kept for an administrator
            stack.enter_context(as_root(own_server))
        assert log_in(client, debug="1").json["debug"] == {"mysql": "1040: Too many connections"}

    until(lambda: len(ids(own_server, "root")) <= 1, "the others' connections end")
    assert log_in(client).code == "ok"


def ids(server: Server, user: str = "gatepass") -> list[str]:
    return server.sql(f"SELECT id FROM information_schema.processlist WHERE user = '{user}'").split()
