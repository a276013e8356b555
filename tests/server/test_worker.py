"""Pins what a gunicorn worker sets for its process before it serves."""

import socket
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.workers.gthread import TConn, ThreadWorker

from v1.server import worker
from v1.server.worker import Worker


@pytest.fixture
def interval() -> Iterator[float]:
    """How long a thread may keep the interpreter; what a test sets is taken back."""
    before = sys.getswitchinterval()
    yield before
    sys.setswitchinterval(before)


def test_a_worker_s_threads_yield_the_interpreter_early_before_it_serves(
    interval: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving: list[float] = []  # ThreadWorker.init_process returns when the worker ends
    monkeypatch.setattr(ThreadWorker, "init_process", lambda self: serving.append(sys.getswitchinterval()))
    made = Worker.__new__(Worker)
    made.cfg = Config()
    made.init_process()
    assert serving == [pytest.approx(worker.SWITCH_SECONDS)] and worker.SWITCH_SECONDS < interval


def test_the_time_of_a_whole_answer_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit of the kernel's would begin anew with each part that a slow client takes. A check's fits as it is."""
    asked = [("/openapi.json", "GET"), ("/v1/oauth/", "POST"), ("/stream/check", "POST"), ("/v1/verify/", "GET")]
    limits: list[float | None] = []
    monkeypatch.setattr(ThreadWorker, "handle_request", lambda self, req, conn: limits.append(conn.sock.gettimeout()))
    monkeypatch.setattr(Worker, "send_seconds", 7)
    for path, method in asked:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            request = SimpleNamespace(path=path, method=method)
            Worker.handle_request(Worker.__new__(Worker), request, TConn(Config(), ours, "", ""))
    assert limits == [7, 7, 7, 0], "the last is as gunicorn left it"
