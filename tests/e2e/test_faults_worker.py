"""What becomes of a login when its worker is killed or told to stop, or its client hangs up."""

import hashlib
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.conftest import Gunicorn, add_user
from tests.db.in_line import cut_off, wait_for
from tests.e2e import wire
from tests.e2e.faults import as_root, digests, workers
from tools.private_server import Server


def test_a_worker_killed_mid_login_leaves_no_answer_and_no_token_and_another_takes_over(
    database: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    service = prepared(database, gunicorn)
    (worker,) = workers(service)
    with mid_login(database, service) as (client, _):
        os.kill(worker, signal.SIGKILL)
        assert wire.rest_of(client) == b""
        cut_off(database, "auth_tokens.%")
    assert wire.log_in(service).code == "ok"
    assert worker not in workers(service)
    assert len(digests(database)) == 2  # one before, one after


def test_a_service_told_to_stop_finishes_the_login_it_is_at(
    database: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    service = prepared(database, gunicorn)
    with mid_login(database, service) as (client, unlock):
        service.process.terminate()
        unlock("UNLOCK TABLES")
        answer = wire.parse(wire.rest_of(client))
    assert answer.code == "ok"
    assert hashlib.sha1(answer.json["data"]["access_token"].encode()).hexdigest() in digests(database)
    assert service.process.wait(timeout=60) == 0


def test_a_client_that_hangs_up_mid_login_harms_nobody(database: Server, gunicorn: Callable[..., Gunicorn]) -> None:
    service = prepared(database, gunicorn, THREADS="1")
    (worker,) = workers(service)
    with mid_login(database, service) as (client, _):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # close with a reset
    assert wire.log_in(service).code == "ok"
    assert workers(service) == {worker}


def prepared(database: Server, gunicorn: Callable[..., Gunicorn], **settings: str) -> Gunicorn:
    """A service of one worker that has already served a login."""
    add_user(database, "admin")
    service = gunicorn(database, **settings)
    assert wire.log_in(service).code == "ok"
    return service


@contextmanager
def mid_login(database: Server, service: Gunicorn) -> Iterator[tuple[socket.socket, Callable[[str], object]]]:
    """A client whose password was good and whose token waits for a lock, and the session that holds it."""
    with as_root(database) as root, wire.connect(service) as client:
        root("LOCK TABLES auth_tokens READ")
        client.sendall(wire.post())
        client.shutdown(socket.SHUT_WR)
        wait_for(database, "auth_tokens.add")
        yield client, root
