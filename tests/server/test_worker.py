"""What a gunicorn worker sets for its process before it serves."""

import sys
from collections.abc import Iterator

import pytest
from gunicorn.config import Config
from gunicorn.workers.gthread import ThreadWorker

from v1.server import worker
from v1.server.worker import Worker


@pytest.fixture
def default_interval() -> Iterator[float]:
    """Python's own switch interval, which is restored after the test."""
    before = sys.getswitchinterval()
    yield before
    sys.setswitchinterval(before)


def test_a_worker_shortens_the_switch_interval(default_interval: float, monkeypatch: pytest.MonkeyPatch) -> None:
    serving: list[float] = []  # ThreadWorker.init_process returns when the worker ends
    monkeypatch.setattr(ThreadWorker, "init_process", lambda self: serving.append(sys.getswitchinterval()))
    made = Worker.__new__(Worker)
    made.cfg, made.worker_connections = Config(), 1000
    made.init_process()
    assert serving == [pytest.approx(worker.SWITCH_SECONDS)] and worker.SWITCH_SECONDS < default_interval
