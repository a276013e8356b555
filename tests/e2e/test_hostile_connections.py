"""Connections alone stop no worker: those that ask on and never read, and more than it may have files.

Each service here is a small one, so that few connections are what thousands are to a large one.
"""

import os
import re
import resource
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT, Gunicorn, environment
from tests.e2e import wire
from tests.e2e.faults import until, workers
from tests.e2e.test_balance import LISTENS, is_socket, links, wait_for_workers
from tests.environments import BIN
from tools.private_server import Server

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
LARGE = b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
MANY = 300
Start = Callable[..., Gunicorn]


def is_served(service: Gunicorn) -> bool:
    """Is somebody else answered?"""
    return wire.parse(service.send(HEALTH)).status == 200


def with_small_buffers(service: Gunicorn) -> socket.socket:
    """A client whose own buffer is full after a few answers."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)  # so that the service's buffer stays small, too
    client.settimeout(120)
    client.connect(("127.0.0.1", service.port))
    return client


@pytest.mark.parametrize("asked", [HEALTH, LARGE], ids=["small answers", "large answers"])
def test_clients_that_pipeline_and_never_read_hold_no_thread(database: Server, gunicorn: Start, asked: bytes) -> None:
    service = gunicorn(database, THREADS="2", RECEIVE_SECONDS="300")
    with ExitStack() as stack:
        clients = [stack.enter_context(with_small_buffers(service)) for _ in range(6)]
        for client in clients:
            client.sendall(asked * 400)
        assert is_served(service)
        if asked == HEALTH:
            assert answers_on(clients[0]) == 400, "one that reads at last is answered in full"


def answers_on(client: socket.socket) -> int:
    """The number of answers to all that was sent on this connection."""
    client.shutdown(socket.SHUT_WR)
    return wire.rest_of(client).count(b"HTTP/1.1 200 OK")


def test_a_client_that_never_reads_is_dropped(database: Server, gunicorn: Start) -> None:
    service = gunicorn(database, THREADS="1", RECEIVE_SECONDS="1", KEEPALIVE_SECONDS="60")
    with with_small_buffers(service) as client:
        client.sendall(HEALTH * 400)
        client.recv(1, socket.MSG_PEEK)  # the worker has begun to answer
        (worker,) = wait_for_workers(service, 1)
        until(lambda: client.getsockname()[1] not in peers(worker, service.port), "the connection is closed")


def peers(pid: int, port: int) -> set[int]:
    """The ports of the clients whose connections to this port a process holds."""
    inodes = {link[len("socket:[") : -1] for link in links(pid) if is_socket(link)}
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    rows = [row for row in rows if row[3] != LISTENS]
    return {int(row[2][-4:], 16) for row in rows if row[9] in inodes and int(row[1][-4:], 16) == port}


def files(number: int) -> list[str]:
    """What starts a service whose processes may open so many files."""
    return ["prlimit", f"--nofile={number}"]


@contextmanager
def crowd(service: Gunicorn, asked: bytes) -> Iterator[list[socket.socket]]:
    """Many clients that ask and leave their connections open. They wait for nothing.

    Give the service a long RECEIVE_SECONDS: on a busy machine a client may connect long before it asks.
    """
    with ExitStack() as stack:
        clients = [stack.enter_context(wire.connect(service)) for _ in range(MANY)]
        for client in clients:
            client.sendall(asked)
        yield clients


@pytest.mark.parametrize("asked", [HEALTH, HEALTH.replace(b"1.1", b"1.0")], ids=["kept alive", "half closed"])
def test_more_connections_than_files_end_no_worker(database: Server, gunicorn: Start, asked: bytes) -> None:
    service = gunicorn(database, by=files(128), WORKERS="2", THREADS="2", RECEIVE_SECONDS="300")
    before = set(wait_for_workers(service, 2))
    with crowd(service, asked):
        assert is_served(service)
        assert workers(service) == before
    assert is_served(service)
    assert workers(service) == before and "Exception" not in service.log.read_text()


def test_every_one_of_a_crowd_is_answered_in_the_end(database: Server, gunicorn: Start) -> None:
    long = {"KEEPALIVE_SECONDS": "600", "RECEIVE_SECONDS": "300"}
    service = gunicorn(database, by=files(128), WORKERS="2", THREADS="2", **long)
    with crowd(service, HEALTH) as clients:
        assert [wire.read_answer(client).status for client in clients] == [200] * MANY


def test_a_full_worker_makes_room_for_others(database: Server, gunicorn: Start) -> None:
    """However long a connection may stay that is not read from."""
    service = gunicorn(database, by=files(128), WORKERS="2", THREADS="2", KEEPALIVE_SECONDS="3600")
    with ExitStack() as stack:
        for _ in range(130):
            stack.enter_context(with_small_buffers(service)).sendall(LARGE * 40)
        assert is_served(service)


def test_a_worker_that_gets_no_more_files_goes_on(database: Server, gunicorn: Start) -> None:
    service = gunicorn(database, by=files(256), THREADS="2", RECEIVE_SECONDS="300")
    (worker,) = wait_for_workers(service, 1)
    highest = max(int(name) for name in os.listdir(f"/proc/{worker}/fd"))
    resource.prlimit(worker, resource.RLIMIT_NOFILE, (highest + 1, 256))
    with crowd(service, HEALTH):
        until(lambda: "no new connection for now" in service.log.read_text(), "it has no more files")
        resource.prlimit(worker, resource.RLIMIT_NOFILE, (256, 256))
        assert is_served(service)
    assert workers(service) == {worker}


LIMITS = """
import resource, sys
from v1.server import open_files
for soft, hard, threads in ((256, 4096, 24), (1024, 1024, 24), (256, 256, 8), (161, 161, 24), (160, 160, 24)):
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    try:
        print(open_files.connections(threads, 1000), *resource.getrlimit(resource.RLIMIT_NOFILE))
    except Exception as error:
        print(error)
"""
"""Says how many connections fit a worker under these limits, and the limits afterwards."""


def test_the_soft_limit_is_raised_and_the_connections_fit_it() -> None:
    done = subprocess.run([sys.executable, "-c", LIMITS], cwd=ROOT, capture_output=True, text=True, check=True)
    *said, too_few = done.stdout.splitlines()
    few = [f"{1024 - 3 * 24 - 64} 1024 1024", f"{256 - 3 * 8 - 64} 256 256", "25 161 161"]
    assert said == ["1000 4096 4096", *few] and "24 need 161 open files and may have 160" in too_few


def test_too_few_files_are_told_at_the_start(database: Server, gunicorn: Start) -> None:
    with pytest.raises(AssertionError, match="THREADS: 24 need 161 open files"):
        gunicorn(database, by=files(100), THREADS="24")


def test_an_idle_connection_stays_as_long_as_the_setting_says(database: Server, tmp_path: Path) -> None:
    command = [str(BIN / "gunicorn"), "-c", "config/gunicorn.conf.py", "--print-config", "wsgi:application"]
    environ = environment(database, KEEPALIVE_SECONDS="75", TMPDIR=str(tmp_path))
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=True)
    assert re.search(r"^keepalive += 75$", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("before", [b"", HEALTH, b"GET /v1/verify/ HTTP/1.1\r\n\r\n"], ids=["alone", "view", "check"])
def test_an_error_of_ours_at_some_bytes_ends_their_connection_alone(
    database: Server, gunicorn: Start, before: bytes
) -> None:
    service = gunicorn(database, GUNICORN_CMD_ARGS="--worker-class tests.e2e.check_workers.BreakingWorker")
    (worker,) = wait_for_workers(service, 1)
    with wire.connect(service) as other:
        answers = service.send(before + b"GET /break HTTP/1.1\r\n\r\n", finish=False)
        assert answers.count(b"HTTP/1.1 ") == bool(before)
        other.sendall(HEALTH)
        assert wire.read_answer(other).status == 200
    assert workers(service) == {worker}
    assert '"exception": "AssertionError"' in service.log.read_text()
