"""How many cores a run had: all of them on a quiet machine, else what it got beside others."""

import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from bench.machine import busy_seconds
from bench.place import Place
from bench.processes import children, processor_seconds

BUSY = 0.1
"""Cores that others may use before the machine is not this run's alone."""


@dataclass
class Span:
    """What a run used: known after the block."""

    cores: float = 0.0
    client: float = 0.0
    """Seconds of processor time of those who asked."""

    service: float = 0.0
    """The same of the service and the database."""


Run = Callable[[], AbstractContextManager[Span]]


def runner(place: Place, pid: int) -> Run:
    """Measures what the block and all of ours use of the processor, and what others do."""

    @contextmanager
    def run() -> Iterator[Span]:
        pids, span = [place.server.process.pid, pid, *children(pid)], Span()

        def state() -> tuple[float, float, float, float]:
            return time.monotonic(), busy_seconds(), processor_seconds(pids), _own_seconds()

        before = state()
        yield span
        passed, busy, span.service, span.client = (after - start for start, after in zip(before, state(), strict=True))
        ours = span.service + span.client
        quiet = busy - ours < BUSY * passed
        span.cores = (os.cpu_count() or 1) if quiet else ours / passed

    return run


def _own_seconds() -> float:
    """Of this process and of its children that have ended, wrk among them."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in spent)
