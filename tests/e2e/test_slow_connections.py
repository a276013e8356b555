"""A client that is slow, or never hangs up, holds up nobody else, and its own connection ends in time."""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import pytest

from tests.conftest import Gunicorn
from tests.e2e import wire
from tests.e2e.faults import digests, until
from tools.private_server import Server

SETTINGS = {"WORKERS": "1", "THREADS": "1", "RECEIVE_SECONDS": "1"}
"""Who holds up a service of one thread stops everybody."""

HALF = wire.LOGIN[:20]
BODIES = {
    "declared size": wire.post(HALF, length=len(wire.LOGIN)),
    "between chunks": wire.chunked(HALF, end=b""),
    "within a chunk": wire.chunked(HALF, end=b"5\r\n&a"),
}
HEADS = {
    "nothing": b"",
    "first byte": b"P",
    "first line": b"POST /v1/oauth/ HTTP/1.1\r\n",
    "headers": wire.post().partition(b"Content-Length")[0],
    "a check's headers": wire.check("x" * 40)[:-2],
}


def serves_others(service: Gunicorn) -> bool:
    """Whether a login, a check of its token, and /healthz are answered."""
    token = wire.log_in(service).json["data"]["access_token"]
    statuses = [wire.parse(service.send(each)).status for each in (wire.check(token), b"GET /healthz HTTP/1.1\r\n\r\n")]
    return statuses == [200, 200]


@pytest.mark.parametrize("begun", BODIES.values(), ids=BODIES.keys())
def test_a_client_that_stalls_in_the_body_is_refused(running: Gunicorn, database: Server, begun: bytes) -> None:
    with wire.connect(running) as stalled:
        stalled.sendall(begun)
        assert serves_others(running)
        assert wire.read_answer(stalled).code == "2400"
        assert stalled.recv(1) == b""
    assert len(digests(database)) == 1


@pytest.mark.parametrize("begun", HEADS.values(), ids=HEADS.keys())
def test_a_client_that_stalls_in_the_head_is_dropped(running: Gunicorn, begun: bytes) -> None:
    with wire.connect(running) as stalled:
        stalled.sendall(begun)
        assert serves_others(running)
        assert stalled.recv(1) == b""


CROWD = {
    "nothing": (200, b"", b""),
    "a login's head": (30, b"POST /v1/oauth/ HTTP/1.1\r\nX: ", b"x"),
    "a check's head": (30, wire.check("x" * 40)[:-2] + b"X: ", b"x"),
    "a body": (60, wire.post(HALF, length=9999), b"x"),
}
"""How many clients there are of a kind, what each has sent, and what it sends now and then."""


@dataclass
class Slow:
    """A client that sends a byte now and then, and what has come back."""

    connection: socket.socket
    byte: bytes
    received: bytes = b""
    ended: bool = False

    def step(self) -> None:
        """Read what has come, or send a byte. (To send first might lose an answer: the service may have hung up.)"""
        try:
            data = self.connection.recv(65536)
            self.received += data
            self.ended = not data
        except BlockingIOError:
            with suppress(ConnectionError):  # the next look finds it out
                self.connection.send(self.byte)
        except ConnectionError:
            self.ended = True


@contextmanager
def crowd(service: Gunicorn) -> Iterator[dict[str, list[Slow]]]:
    """All of CROWD by their kinds; each has begun."""
    clients: dict[str, list[Slow]] = {}
    with ExitStack() as stack:
        for kind, (number, begun, byte) in CROWD.items():
            clients[kind] = []
            for _ in range(number):
                client = Slow(stack.enter_context(wire.connect(service)), byte)
                client.connection.sendall(begun)
                client.connection.setblocking(False)
                clients[kind].append(client)
        yield clients


def step(clients: dict[str, list[Slow]]) -> set[bool]:
    """Let each send a byte. Returns whether they have ended."""
    everyone = [client for kind in clients.values() for client in kind]
    for client in everyone:
        client.step()
    return {client.ended for client in everyone}


def test_a_crowd_of_slow_clients_holds_up_nobody(admin: Server, gunicorn: Callable[..., Gunicorn]) -> None:
    service = gunicorn(admin, THREADS="2", RECEIVE_SECONDS="300")
    with crowd(service) as clients:
        for _ in range(3):
            assert step(clients) == {False}
            assert serves_others(service)
        assert step(clients) == {False}


def test_each_of_a_crowd_ends_in_time_however_steadily_it_sends(
    admin: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    service = gunicorn(admin, THREADS="2", RECEIVE_SECONDS="1")
    with crowd(service) as clients:
        until(lambda: step(clients) == {True}, "all have ended")
        assert serves_others(service)
    for client in clients.pop("a body"):
        assert wire.parse(client.received).code == "2400"
    assert {client.received for kind in clients.values() for client in kind} == {b""}


def test_a_kept_connection_holds_no_thread_and_ends_by_itself(running: Gunicorn) -> None:
    with wire.connect(running) as kept:
        for _ in range(2):
            kept.sendall(wire.post())
            assert wire.read_answer(kept).code == "ok"
            assert serves_others(running)
        kept.sendall(wire.check())
        assert wire.read_answer(kept).code == "1190"
        assert kept.recv(1) == b""


def test_a_kept_connection_that_stalls_in_its_second_request_is_dropped(running: Gunicorn) -> None:
    with wire.connect(running) as stalled:
        stalled.sendall(wire.post() + wire.post(HALF, length=len(wire.LOGIN)))
        assert wire.read_answer(stalled).code == "ok"
        assert serves_others(running)
        assert b"2400" in wire.rest_of(stalled)


def test_clients_that_never_hang_up_hold_up_nobody_and_end_no_worker(running: Gunicorn) -> None:
    """gunicorn waits for each of them in turn, two seconds on its main thread: with forty it is taken for dead."""
    with ExitStack() as stack:
        clients = []
        for _ in range(40):
            clients.append(stack.enter_context(wire.connect(running)))
            clients[-1].sendall(wire.post(version=b"HTTP/1.0"))
        assert [wire.read_answer(client).code for client in clients] == ["ok"] * 40
        assert serves_others(running)
    assert not re.search("WORKER TIMEOUT|exited", running.log.read_text())


def test_a_client_that_expects_100_continue_is_told_once_and_only_before_its_body(running: Gunicorn) -> None:
    told = b"HTTP/1.1 100 Continue\r\n\r\n"
    head = wire.post(b"", headers=b"Host: a\r\nExpect: 100-continue\r\n", length=len(wire.LOGIN))
    with wire.connect(running) as client:
        for begun in (b"", b"", HALF, wire.LOGIN):
            client.sendall(head + begun)
            if not begun:
                assert client.recv(1000) == told
            for byte in wire.LOGIN[len(begun) :]:
                client.sendall(bytes([byte]))
            answer = wire.read_answer(client)
            assert (answer.status, answer.code, answer.rest) == (200, "ok", b"")
