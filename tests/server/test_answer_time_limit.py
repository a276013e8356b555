"""Every answer has a time limit."""

import socket
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.workers.gthread import TConn, ThreadWorker

from v1.server.worker import Worker


def test_every_answer_of_a_thread_has_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit of the kernel's would start anew with each part that a slow client takes."""
    limits: list[float | None] = []
    monkeypatch.setattr(ThreadWorker, "handle_request", lambda self, req, conn: limits.append(conn.sock.gettimeout()))
    monkeypatch.setattr(Worker, "receive_seconds", 7)
    for path, method in [("/openapi.json", "GET"), ("/v1/oauth/", "POST"), ("/v1/verify/", "GET")]:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            request = SimpleNamespace(path=path, method=method)
            Worker.handle_request(Worker.__new__(Worker), request, TConn(Config(), ours, "", ""))
    assert limits == [7, 7, 7]
