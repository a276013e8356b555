"""What /metrics says of a running service itself: threads, connections, memory, start, and notes not yet written."""

import os
import re
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack

from tests.conftest import Gunicorn, add_user
from tests.e2e import wire
from tests.e2e.faults import over_tcp, started_again, until, workers
from tools import private_server
from tools.private_server import Server

SETTINGS = {"WORKERS": "2", "THREADS": "3", "CONNECTIONS": "100"}


def numbers(service: Gunicorn) -> dict[str, float]:
    """The metrics without labels."""
    text = service.send(b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n", finish=False).decode()
    return {name: float(value) for name, value in re.findall(r"^(gatepass_\w+) (\S+)$", text, re.MULTILINE)}


def test_threads_and_connections_are_those_of_all_workers(running: Gunicorn) -> None:
    until(lambda: numbers(running)["gatepass_threads"] == 6, "both workers have started")
    assert numbers(running)["gatepass_connections_limit"] == 200
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(wire.connect(running))
        until(lambda: numbers(running)["gatepass_connections"] >= 20, "the connections are counted")
    until(lambda: numbers(running)["gatepass_connections"] < 5, "their ends are counted")
    until(lambda: numbers(running)["gatepass_requests_on_threads"] == 1, "only the request for the numbers is served")


def test_memory_is_that_of_every_process_and_the_start_that_of_the_youngest_worker(running: Gunicorn) -> None:
    until(lambda: numbers(running)["gatepass_threads"] == 6, "both workers have started")
    now = numbers(running)
    assert 3 * 10_000_000 < now["gatepass_memory_bytes"] < 3 * 1_000_000_000
    started = now["gatepass_worker_started_seconds"]
    assert 0 < time.time() - started < 86_400
    os.kill(max(workers(running)), signal.SIGKILL)
    until(lambda: numbers(running)["gatepass_worker_started_seconds"] > started, "another has started in its place")


def test_notes_that_cannot_be_written_are_counted_until_they_are(
    own_server: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    add_user(own_server, "admin")
    service = gunicorn(own_server, **over_tcp(own_server))
    assert wire.log_in(service).code == "ok"
    until(lambda: own_server.sql("SELECT COUNT(*) FROM login_stats", "gatepass") == "1\n", "the login is counted")
    assert numbers(service)["gatepass_write_behind_waiting"] == 0
    private_server.stop(own_server)
    assert wire.log_in(service).code == "5501"
    until(lambda: numbers(service)["gatepass_write_behind_waiting"] > 0, "what is not written is told")
    with started_again(own_server):
        until(lambda: numbers(service)["gatepass_write_behind_waiting"] == 0, "it is written")
