"""A client which stops in the middle of a request, or never hangs up, holds up nobody else for long.

The service has one worker of one thread: whoever holds it up stops everybody.
"""

import re
import socket
from contextlib import ExitStack

import pytest

from tests.conftest import Gunicorn
from tests.e2e import wire
from tests.e2e.faults import digests
from tools.private_mariadb import Server

SETTINGS = {"WORKERS": "1", "THREADS": "1", "RECEIVE_SECONDS": "1"}
HALF = wire.LOGIN[:20]


@pytest.mark.parametrize(
    "begun",
    [wire.post(HALF, length=len(wire.LOGIN)), wire.chunked(HALF, end=b""), wire.chunked(HALF, end=b"5\r\n&a")],
    ids=["declared size", "between chunks", "within a chunk"],
)
def test_a_client_that_stalls_in_the_body_is_refused_and_its_thread_serves_others(
    running: Gunicorn, database: Server, begun: bytes
) -> None:
    with wire.connect(running) as stalled:
        stalled.sendall(begun)
        assert wire.log_in(running).code == "ok"
        assert wire.read_answer(stalled).code == "2400"
        assert stalled.recv(1) == b""
    assert len(digests(database)) == 1


@pytest.mark.parametrize(
    "begun",
    [b"", b"P", b"POST /v1/oauth/ HTTP/1.1\r\n", wire.post().partition(b"Content-Length")[0]],
    ids=["nothing", "first byte", "first line", "headers"],
)
def test_a_client_that_stalls_in_the_headers_is_dropped_and_its_thread_serves_others(
    running: Gunicorn, begun: bytes
) -> None:
    with wire.connect(running) as stalled:
        stalled.sendall(begun)
        assert wire.log_in(running).code == "ok"
        assert stalled.recv(1) == b""


def test_a_kept_connection_holds_no_thread_and_ends_by_itself(running: Gunicorn) -> None:
    with wire.connect(running) as kept:
        for _ in range(2):
            kept.sendall(wire.post())
            assert wire.read_answer(kept).code == "ok"
            assert wire.log_in(running).code == "ok"
        assert kept.recv(1) == b""


def test_a_kept_connection_that_stalls_in_its_second_request_is_dropped(running: Gunicorn) -> None:
    with wire.connect(running) as stalled:
        stalled.sendall(wire.post() + wire.post(HALF, length=len(wire.LOGIN)))
        assert wire.read_answer(stalled).code == "ok"
        assert wire.log_in(running).code == "ok"
        assert b"2400" in rest_of(stalled)


def test_clients_that_never_hang_up_hold_up_nobody_and_end_no_worker(running: Gunicorn) -> None:
    """gunicorn waits for each of them in turn, two seconds on its main thread: with forty it is taken for dead."""
    with ExitStack() as stack:
        clients = [stack.enter_context(wire.connect(running)) for _ in range(40)]
        for client in clients:
            client.sendall(wire.post(version=b"HTTP/1.0"))
        assert [wire.read_answer(client).code for client in clients] == ["ok"] * 40
        assert wire.log_in(running).code == "ok"
    assert not re.search("WORKER TIMEOUT|exited", running.log.read_text())


def rest_of(connection: socket.socket) -> bytes:
    received = b""
    while data := connection.recv(65536):
        received += data
    return received
