"""Several database hosts: one in trouble is left and taken back, and no write happens twice."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from tests import database_servers as servers
from tests.commands import flask
from tests.conftest import add_user
from tests.db.in_line import wait_for
from tests.db.two_servers import add, added, states, two_servers, url, used
from tests.e2e.faults import as_root, frozen, until
from tools import private_server
from tools.private_server import Server
from v1.db import host_watch
from v1.db.host_health import Health
from v1.db.pool import Database
from v1.errors import DatabaseDown

pytestmark = pytest.mark.usefixtures("patient")


@pytest.fixture
def pair(tmp_path: Path, migrated_directory: Path) -> Iterator[tuple[Server, Server]]:
    """Two servers that this test may kill."""
    with two_servers(tmp_path, migrated_directory) as made:
        yield made


@pytest.fixture
def pool(pair: tuple[Server, Server], open_pool: Callable[..., Database]) -> Database:
    return open_pool(pair[0].port, pair[1].port)


def test_a_host_that_is_killed_is_left_and_taken_back(pair: tuple[Server, Server], pool: Database) -> None:
    assert used(pool) == "first" and add(pool)
    private_server.stop(pair[0], kill=True)
    assert used(pool) == "second" and add(pool)
    assert states(pool)[1] == "well" and "down" in states(pool)[0]
    again = servers.start(pair[0].directory, port=pair[0].port)
    try:
        until(lambda: used(pool) == "first", "the first host is used again")
        assert added((again, pair[1])) == [1, 1]
    finally:
        private_server.stop(again)


def test_a_login_goes_on_at_another_host(pair: tuple[Server, Server], make_service: Callable) -> None:
    for server in pair:
        add_user(server, "admin")
    client = make_service(DATABASE_URL=url(pair[0].port, pair[1].port)).client

    def log_in() -> int:
        return client.post("/v1/oauth/", data={"username": "admin", "password": "password"}).json["success"]

    assert log_in()
    private_server.stop(pair[0], kill=True)
    assert log_in()
    assert pair[1].sql("SELECT COUNT(*) FROM auth_tokens", "gatepass") == "1\n"


def test_who_waits_for_a_host_that_is_silent_goes_on_at_another(
    pair: tuple[Server, Server], pool: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_watch, "ANSWER_SECONDS", 2)
    until(lambda: used(pool) == "first", "the first host is used")
    until(lambda: states(pool) == ["well", "well"] and not any(each.health.reason for each in pool.hosts()), "asked")
    with frozen(pair[0]):
        assert used(pool) == "second"
        assert states(pool)[0] == "down"
    until(lambda: used(pool) == "first", "the first host is used again")


def test_nobody_waits_for_a_silent_host_that_was_left_already(
    pair: tuple[Server, Server], pool: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's statement has found it to be down."""
    monkeypatch.setattr(host_watch, "ANSWER_SECONDS", 2)
    until(lambda: used(pool) == "first", "the first host is used")
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(used(pool)))
    with as_root(pair[0]) as run:
        run("LOCK TABLES users WRITE")
        thread.start()
        wait_for(pair[0], "users.page_by_name")
        with frozen(pair[0]):
            pool.connections.report(0, Health("down", "as another thread says"))
            thread.join()
    assert found == ["second"]


def test_a_silent_host_is_waited_for_if_there_is_no_better_one(
    pair: tuple[Server, Server], open_pool: Callable[..., Database]
) -> None:
    pool = open_pool(pair[0].port)
    assert used(pool) == "first"
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(used(pool)))
    with frozen(pair[0]):
        thread.start()
    thread.join()
    assert found == ["first"]


def test_a_write_whose_fate_is_unknown_is_not_repeated(pair: tuple[Server, Server], pool: Database) -> None:
    """It waits behind a lock when its server is killed."""
    assert used(pool) == "first"
    caught: list[int] = []

    def write() -> None:
        try:
            add(pool)
        except DatabaseDown as failure:
            caught.append(failure.number)

    thread = threading.Thread(target=write)
    with as_root(pair[0]) as run:
        run("LOCK TABLES login_stats WRITE")
        thread.start()
        wait_for(pair[0], "login_stats.add")
        private_server.stop(pair[0], kill=True)
    thread.join()
    assert caught == [2013]
    counted = "SELECT COALESCE(SUM(logins), 0) FROM login_stats"
    assert pair[1].sql(counted, "gatepass") == "0\n"
    assert add(pool) and pair[1].sql(counted, "gatepass") == "1\n"


def test_a_host_that_is_made_read_only_is_left(pair: tuple[Server, Server], pool: Database) -> None:
    assert add(pool)
    pair[0].sql("SET GLOBAL read_only = 1")
    assert add(pool) and used(pool) == "second"
    pair[1].sql("SET GLOBAL read_only = 1")
    until(lambda: states(pool) == ["read-only", "read-only"], "both are found to be read-only")
    assert used(pool)
    with pytest.raises(DatabaseDown) as caught:
        add(pool)
    assert caught.value.number == 1290
    pair[0].sql("SET GLOBAL read_only = 0")
    until(lambda: states(pool)[0] == "well", "the first takes writes again")
    assert add(pool) and added(pair) == [2, 1]


def test_a_write_waits_a_moment_for_a_host_that_takes_it(pair: tuple[Server, Server], pool: Database) -> None:
    """As when a group changes its primary: for a moment every host is read-only."""
    for server in pair:
        server.sql("SET GLOBAL read_only = 1")
    until(lambda: used(pool) and states(pool) == ["read-only", "read-only"], "both are found to be read-only")
    waits = threading.Event()
    hosts, await_well = pool.connections.hosts, pool.connections.hosts.await_well

    def noted(seconds: float) -> bool:
        waits.set()
        return await_well(240)

    hosts.await_well = noted  # type: ignore[method-assign]
    thread = threading.Thread(target=add, args=(pool,))
    thread.start()
    waits.wait()
    pair[1].sql("SET GLOBAL read_only = 0")
    thread.join()
    assert added(pair) == [0, 1]


def test_a_host_that_lacks_a_migration_is_left(pair: tuple[Server, Server], pool: Database) -> None:
    pair[0].sql("ALTER TABLE users DROP COLUMN is_admin", "gatepass")
    assert used(pool) == "second"
    health = pool.hosts()[0].health
    assert health.state == "down" and "database error 1047: the database host is not ready" in health.reason
    assert "its tables are not migrated: " in health.reason and "is_admin" in health.reason


def test_a_host_with_another_password_is_left_and_named(
    pair: tuple[Server, Server], make_service: Callable
) -> None:
    pair[0].sql("ALTER USER gatepass@localhost IDENTIFIED BY 'another'")
    service = make_service(DATABASE_URL=url(pair[0].port, pair[1].port))
    service.core.tables.users.find(b"second")

    def ready() -> dict:
        return json.loads(service.client.get("/readyz", environ_base={"REMOTE_ADDR": "127.0.0.1"}).data)

    until(lambda: "reason" not in ready()["hosts"][1], "the second was asked")
    found = ready()
    assert found["status"] == "ready"
    first, second = found["hosts"]
    assert second == {"host": f"127.0.0.1:{pair[1].port}", "state": "well", "used": True}
    assert (first["state"], first["used"]) == ("down", False) and first["reason"].startswith("database error 1045: ")
    assert "5" * 32 not in json.dumps(found)
    metrics = service.client.get("/metrics").text
    assert f'gatepass_database_host_state{{host="127.0.0.1:{pair[0].port}"}} 3.0' in metrics
    assert f'gatepass_database_host_workers{{host="127.0.0.1:{pair[1].port}"}} 1.0' in metrics


def test_a_host_with_another_certificate_is_left(
    tmp_path: Path, migrated_directory: Path, open_pool: Callable[..., Database]
) -> None:
    ours, stranger = trustme.CA(), trustme.CA()
    ours.cert_pem.write_to_path(tmp_path / "ca.pem")
    for name, authority in (("first", stranger), ("second", ours)):
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(tmp_path / f"{name}.pem")
    files = [tmp_path / "first.pem", tmp_path / "second.pem"]
    options = [[f"--ssl-cert={file}", f"--ssl-key={file}"] for file in files]
    with two_servers(tmp_path / "servers", migrated_directory, options) as pair:
        pool = open_pool(pair[0].port, pair[1].port, options=f"?ssl_mode=VERIFY_IDENTITY&ssl_ca={tmp_path}/ca.pem")
        assert used(pool) == "second"
        assert states(pool)[0] == "down" and "certificate" in pool.hosts()[0].health.reason
        pool.close()


def test_if_every_host_is_down_the_error_says_so(pair: tuple[Server, Server], pool: Database) -> None:
    for server in pair:
        private_server.stop(server, kill=True)
    with pytest.raises(DatabaseDown) as caught:
        used(pool)
    assert caught.value.number == 2003 and caught.value.connecting


def test_commands_use_a_host_that_is_well(pair: tuple[Server, Server], flask_with: Callable[..., str]) -> None:
    pair[0].sql("SET GLOBAL read_only = 1")
    both = {"DATABASE_URL": url(pair[0].port, pair[1].port)}
    both["MIGRATE_DATABASE_URL"] = both["DATABASE_URL"].replace("gatepass:", "gatepass_migrate:")
    assert "done" in flask_with("db", "status", **both)
    assert flask_with("db", "migrate", **both) == "nothing to do\n"
    flask_with("user", "add", "zoe", stdin="a password\n", **both)
    assert pair[1].sql("SELECT COUNT(*) FROM users WHERE username = 'zoe'", "gatepass") == "1\n"


@pytest.fixture
def flask_with(pair: tuple[Server, Server]) -> Callable[..., str]:
    return lambda *words, **more: flask(pair[1], *words, **more)
