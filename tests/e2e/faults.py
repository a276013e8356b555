"""What the fault tests share: a service in this process on a server that dies, and ways to make it die."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymysql
import pytest
from flask.testing import FlaskClient

from tests import database_servers as servers
from tests.conftest import Gunicorn, build, environment
from tests.e2e.wire import Answer
from tools import private_server
from tools.private_server import Server
from v1.passwords.hashes import Check, Passwords

GENEROUS = 240
"""Seconds that nothing here takes unless it hangs: no test depends on the machine's speed."""

SOON = {"DATABASE_CONNECT_SECONDS": "2", "DATABASE_QUERY_SECONDS": "2"}
"""Limits for a test in which the database hangs, so that this is found out soon. No query takes that long otherwise."""


def over_tcp(server: Server, **settings: str) -> dict[str, str]:
    """Settings for a service whose way to the database outlives a restart of it: the port stays, not the socket."""
    return {"DATABASE_URL": server.url(tcp=True), **settings}


def service_on(server: Server, **settings: str) -> FlaskClient:
    """The application in this process, on this server over TCP."""
    return build(environment(server, **over_tcp(server, **settings))).test_client()


def log_in(client: FlaskClient, name: str = "admin", **fields: str) -> Answer:
    """Log in with the right password."""
    response = client.post("/v1/oauth/", data={"username": name, "password": "password", **fields})
    return Answer(response.status_code, dict(response.headers), response.data, b"")


def code_in_time(client: FlaskClient) -> str:
    """The code that a login on a database in trouble ends with; a login that hangs is a failure and not a wait."""
    codes: list[str] = []
    thread = threading.Thread(target=lambda: codes.append(log_in(client).code), daemon=True)
    thread.start()
    thread.join(GENEROUS)
    assert codes, "the login hangs"
    return codes[0]


@contextmanager
def started_again(server: Server) -> Iterator[Server]:
    """The same data on the same port once more."""
    again = servers.start(server.directory, port=server.port)
    try:
        yield again
    finally:
        private_server.stop(again)


@contextmanager
def frozen(server: Server) -> Iterator[None]:
    """The server keeps its connections and its port, and answers nothing: every thread of it has stopped."""
    threads = Path(f"/proc/{server.process.pid}/task")
    server.process.send_signal(signal.SIGSTOP)
    try:
        until(lambda: all(_is_stopped(each) for each in threads.iterdir()), "the server stops")
        yield
    finally:
        server.process.send_signal(signal.SIGCONT)


def _is_stopped(thread: Path) -> bool:
    """Has this thread stopped or ended? Its name, of any form, stands in parentheses before its state."""
    try:
        return (thread / "stat").read_text().rpartition(")")[2].split()[0] == "T"
    except (FileNotFoundError, ProcessLookupError):
        return True


@contextmanager
def as_root(server: Server) -> Iterator[Callable[[str], Any]]:
    """A session of somebody else's, which keeps its locks until the block ends."""
    connection = pymysql.connect(
        unix_socket=str(server.socket), user="root", password=server.password, database="gatepass", ssl_disabled=True
    )

    def run(sql: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    try:
        yield run
    finally:
        connection.close()


def digests(server: Server) -> list[str]:
    """What auth_tokens holds."""
    return server.sql("SELECT auth_key FROM auth_tokens", "gatepass").split()


def workers(service: Gunicorn) -> set[int]:
    """The process ids of its workers."""
    pid = service.process.pid
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def while_hashing(monkeypatch: pytest.MonkeyPatch, happen: Callable[[], object]) -> None:
    """Have something happen in every login from now on, after the user was read and before the password is checked."""
    check = Passwords.check

    def interrupted(self: Passwords, password: bytes, stored: bytes | None) -> Check:
        happen()
        return check(self, password, stored)

    monkeypatch.setattr(Passwords, "check", interrupted)


def kill_connections(server: Server) -> None:
    """End every connection of the service. (KILL USER is MariaDB's alone.)"""
    ours = server.sql("SELECT id FROM information_schema.processlist WHERE user = 'gatepass'").split()
    server.sql("".join(f"KILL {number};" for number in ours))


def statements_running(server: Server) -> int:
    """How many statements of the service run."""
    where = "user = 'gatepass' AND command <> 'Sleep'"
    return int(server.sql(f"SELECT COUNT(*) FROM information_schema.processlist WHERE {where}"))


def until(condition: Callable[[], object], what: str) -> None:
    """Wait until it is so."""
    end = time.monotonic() + GENEROUS
    while not condition():
        assert time.monotonic() < end, f"this never happened: {what}"
        time.sleep(0.01)
