"""Pins what a gunicorn worker sets for its process before it serves."""

import sys
from collections.abc import Iterator

import pytest
from gunicorn.config import Config
from gunicorn.workers.gthread import ThreadWorker

from v1 import worker
from v1.worker import Worker


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
