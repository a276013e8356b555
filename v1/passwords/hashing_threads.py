"""Owns where password hashes are worked out: on threads that do nothing else, at lower priority, a few at a time.

So a storm of logins cannot starve the checks of tokens. A thread may lower its own priority but, unless it is root's,
never raise it again (setpriority(2)): hence threads of their own. libxcrypt and argon2 release the GIL meanwhile.
"""

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from v1.errors import Busy
from v1.observe import metrics

log = logging.getLogger(__name__)

NICER = 10
"""How much nicer than the rest of the process: the kernel gives such a thread a tenth of what it gives another."""

SPARE_THREADS = 2
"""Request threads of a worker that no login ever takes."""

Result = TypeVar("Result")


class Hashing:
    """A worker's hashing threads and the line before them."""

    def __init__(self, threads: int, admitted: int, wait_seconds: int) -> None:
        """At most `admitted` callers at once, each waiting at most `wait_seconds` for one of `threads`."""
        self._admitted = threading.Semaphore(admitted)
        self._wait_seconds = wait_seconds
        self._threads = ThreadPoolExecutor(threads, "hashing", initializer=_lower_priority)  # started when first used

    @contextmanager
    def slot(self) -> Iterator[None]:
        """A place in the line, for all that a login asks of the database as well. Raises Busy when there is none."""
        if not self._admitted.acquire(blocking=False):
            raise Busy
        try:
            yield
        finally:
            self._admitted.release()

    def run(self, work: Callable[[], Result]) -> Result:
        """What `work` returns, once it was its turn. Raises Busy when the line does not move in time.

        The threads' own queue is first come, first served; a semaphore lets newcomers go before those who wait.
        """
        begun = threading.Event()

        def begin() -> Result:
            begun.set()
            return work()

        job = self._threads.submit(begin)
        with metrics.hash_waiting.track_inprogress():
            in_time = begun.wait(self._wait_seconds)
        if not in_time and job.cancel():
            raise Busy
        return job.result()


def build(hash_threads: int, workers: int, threads: int, wait_seconds: int) -> Hashing:
    """By the settings; 0 hashing threads are the machine's cores, shared out over the workers."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return Hashing(hash_threads or max(1, cores // workers), max(1, threads - SPARE_THREADS), wait_seconds)


def _lower_priority() -> None:
    if sys.platform == "linux":  # elsewhere it would be the whole process
        thread = threading.get_native_id()
        try:
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICER)
        except OSError:
            log.warning("the hashing threads could not lower their priority", extra={"event": "hashing.priority"})
