"""Pins that a burst of connections is shared out between the workers, and that a dead worker is not waited for."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.conftest import Gunicorn
from tools.private_mariadb import Server

REQUEST = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"


def workers(service: Gunicorn) -> list[int]:
    found = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text()
    return [int(pid) for pid in found.split()]


def sockets(pid: int) -> int:
    """How many sockets a process holds."""
    links = []
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            links.append(os.readlink(f"/proc/{pid}/fd/{name}"))
        except FileNotFoundError:
            continue
    return sum(link.startswith("socket:") for link in links)


@contextmanager
def connected(service: Gunicorn, number: int) -> Iterator[None]:
    """So many kept-alive connections that were each answered once."""
    with ExitStack() as stack:
        address = ("127.0.0.1", service.port)
        clients = [stack.enter_context(socket.create_connection(address, timeout=30)) for _ in range(number)]
        for client in clients:
            client.sendall(REQUEST)
        for client in clients:
            assert client.recv(65536).startswith(b"HTTP/1.1 200")
        yield


def wait_for_workers(service: Gunicorn, number: int, but: int = 0) -> list[int]:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        found = [pid for pid in workers(service) if pid != but and sockets(pid)]
        if len(found) == number:
            time.sleep(0.3)  # until each waits for connections
            return found
        time.sleep(0.05)
    raise AssertionError("the workers did not come up")


def test_a_burst_of_connections_is_shared_out(database: Server, gunicorn: Callable[..., Gunicorn]) -> None:
    service = gunicorn(database, WORKERS="2")
    pids = wait_for_workers(service, 2)
    for _ in range(3):
        before = [sockets(pid) for pid in pids]
        with connected(service, 8):
            taken = [sockets(pid) - held for pid, held in zip(pids, before, strict=True)]
            assert sum(taken) == 8 and min(taken) >= 2, taken
        time.sleep(0.2)


def test_a_worker_that_was_killed_is_not_waited_for(database: Server, gunicorn: Callable[..., Gunicorn]) -> None:
    service = gunicorn(database, WORKERS="2")
    killed, _ = wait_for_workers(service, 2)
    os.kill(killed, signal.SIGKILL)
    wait_for_workers(service, 2, but=killed)
    with connected(service, 8):
        pass


def test_a_worker_that_hangs_is_waited_for_a_moment_only(database: Server, gunicorn: Callable[..., Gunicorn]) -> None:
    service = gunicorn(database, WORKERS="2")
    stopped, _ = wait_for_workers(service, 2)
    os.kill(stopped, signal.SIGSTOP)
    try:
        with connected(service, 8):
            pass
    finally:
        os.kill(stopped, signal.SIGCONT)
