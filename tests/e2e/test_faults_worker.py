"""Pins what becomes of a login when its gunicorn worker is killed, told to stop, or hit by other logins' weight."""

import hashlib
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import Gunicorn, add_user
from tests.db.in_line import cut_off
from tests.e2e import wire
from tests.e2e.faults import as_root, digests, until
from tools.private_mariadb import Server

COST_13 = "$2y$13$LMMwBqBCIRGS9ZbrOGyJ8.o9H73pw2ZFBKPv4jqOQD6a2DRXMecEy"
"""A hash of "password" that takes half a second to check: time enough to stop the worker that does."""

SLOW = wire.post(b"username=slow&password=password")


def test_a_worker_killed_mid_login_leaves_no_answer_and_no_token_and_another_takes_over(
    database: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    service = prepared(database, gunicorn)
    (worker,) = workers(service)
    with as_root(database) as root:
        root("LOCK TABLES auth_tokens WRITE")  # the login cannot be over before the kill
        with mid_login(database, service) as client:
            os.kill(worker, signal.SIGKILL)
            assert received(client) == b""
        cut_off(database, "auth_tokens.%")

    assert wire.log_in(service).code == "ok"
    assert worker not in workers(service)
    assert len(digests(database)) == 2  # one before, one after


def test_a_service_told_to_stop_finishes_the_login_it_is_at(
    database: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    service = prepared(database, gunicorn)
    with mid_login(database, service) as client:
        service.process.terminate()
        answer = wire.parse(received(client))

    assert answer.code == "ok"
    assert hashlib.sha1(answer.json["data"]["access_token"].encode()).hexdigest() in digests(database)
    assert service.process.wait(timeout=60) == 0


def test_a_reload_finishes_the_login_it_is_at_and_serves_on(
    database: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    service = prepared(database, gunicorn)
    before = workers(service)
    with mid_login(database, service) as client:
        service.process.send_signal(signal.SIGHUP)
        assert wire.parse(received(client)).code == "ok"

    until(lambda: workers(service) and not workers(service) & before, "new workers take over")
    assert wire.log_in(service).code == "ok"


def test_a_client_that_hangs_up_mid_login_harms_nobody(database: Server, gunicorn: Callable[..., Gunicorn]) -> None:
    service = prepared(database, gunicorn, THREADS="1")
    (worker,) = workers(service)
    with mid_login(database, service) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # close with a reset
    assert wire.log_in(service).code == "ok"
    assert workers(service) == {worker}


def prepared(database: Server, gunicorn: Callable[..., Gunicorn], **settings: str) -> Gunicorn:
    """A service of one worker that has already served a login, a user of a slow one and a user of quick ones."""
    add_user(database, "admin")
    add_user(database, "slow", COST_13)
    service = gunicorn(database, **settings)
    assert wire.log_in(service).code == "ok"
    return service


@contextmanager
def mid_login(database: Server, service: Gunicorn) -> Iterator[socket.socket]:
    """A client whose password is being hashed: its user was just read, by the one SELECT of a login."""
    before = selects(database)
    with wire.connect(service) as client:
        client.sendall(SLOW)
        client.shutdown(socket.SHUT_WR)
        until(lambda: selects(database) > before, "the slow user is read")
        yield client


def selects(database: Server) -> int:
    return int(database.sql("SHOW GLOBAL STATUS LIKE 'Com_select'").split()[1])


def workers(service: Gunicorn) -> set[int]:
    pid = service.process.pid
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def received(client: socket.socket) -> bytes:
    """All that comes until the other side closes, or resets, the connection."""
    raw = b""
    try:
        while data := client.recv(65536):
            raw += data
    except ConnectionResetError:
        pass
    return raw
