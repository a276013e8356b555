"""A burst of connections is shared out between the workers; a dead worker is not waited for."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.conftest import Gunicorn
from tests.e2e.faults import GENEROUS, until, workers
from tools.private_server import Server

LISTENS = "0A"
"""The state of a listening socket in /proc/net/tcp."""

REQUEST = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"


def is_socket(link: str) -> bool:
    return link.startswith("socket:")


def links(pid: int) -> list[str]:
    """The names of what a process has open."""
    found = []
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            found.append(os.readlink(f"/proc/{pid}/fd/{name}"))
        except FileNotFoundError:
            continue
    return found


@contextmanager
def connected(service: Gunicorn, number: int) -> Iterator[None]:
    """So many kept-alive connections that were each answered once."""
    with ExitStack() as stack:
        address = ("127.0.0.1", service.port)
        clients = [stack.enter_context(socket.create_connection(address, timeout=GENEROUS)) for _ in range(number)]
        for client in clients:
            client.sendall(REQUEST)
        for client in clients:
            assert client.recv(65536).startswith(b"HTTP/1.1 200")
        yield


def wait_for_workers(service: Gunicorn, number: int, but: int = 0) -> list[int]:
    """The workers, once there are so many that serve."""

    def serving() -> list[int]:
        return [pid for pid in workers(service) if pid != but and any(map(is_socket, links(pid)))]

    until(lambda: len(serving()) == number, "the workers come up")
    return serving()


def held(service: Gunicorn, pids: list[int]) -> list[int]:
    """How many connections each of them has accepted and not closed yet."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = {f"socket:[{row[9]}]" for row in rows if row[1].endswith(f":{service.port:04X}") and row[3] != LISTENS}
    return [len(ours.intersection(links(pid))) for pid in pids]


def wait_until_each_accepts(service: Gunicorn, pids: list[int]) -> None:
    """Until each of them has taken a connection, and no connection is left."""

    def all_take_some() -> bool:
        with connected(service, 8):
            return all(held(service, pids))

    until(all_take_some, "each worker takes a connection")
    until(lambda: not any(held(service, pids)), "the connections end")


def test_a_burst_of_connections_is_shared_out(database: Server, gunicorn: Callable[..., Gunicorn]) -> None:
    patient = "--worker-class tests.e2e.patient_worker.Worker"
    service = gunicorn(database, WORKERS="2", GUNICORN_CMD_ARGS=patient)
    pids = wait_for_workers(service, 2)
    for _ in range(3):
        wait_until_each_accepts(service, pids)
        with connected(service, 8):
            taken = held(service, pids)
            assert sum(taken) == 8 and min(taken) >= 2, taken


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
