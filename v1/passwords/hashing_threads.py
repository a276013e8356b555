"""Computes password hashes on a few threads of lower priority, so that logins cannot starve token checks.

These threads do nothing else: a thread may lower its own priority but, unless it runs as root, never raise it again
(setpriority(2)). libxcrypt and argon2 release the GIL while they compute.
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
"""Added to the nice value of the process: the kernel gives such a thread a tenth of another thread's share."""

SPARE_THREADS = 2
"""The request threads of a worker that are never taken by logins."""

Result = TypeVar("Result")


class Hashing:
    """A worker's hashing threads, and the queue of logins that wait for them."""

    def __init__(self, threads: int, admitted: int, wait_seconds: int) -> None:
        """At most `admitted` logins at once; each waits at most `wait_seconds` for one of the `threads`."""
        self._admitted = threading.Semaphore(admitted)
        self._wait_seconds = wait_seconds
        self._threads = ThreadPoolExecutor(threads, "hashing", initializer=_lower_priority)  # started when first used

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Admits one login for the duration of the block, its queries included. Raises Busy if all slots are taken."""
        if not self._admitted.acquire(blocking=False):
            raise Busy
        try:
            yield
        finally:
            self._admitted.release()

    def run(self, work: Callable[[], Result]) -> Result:
        """Runs `work` on a hashing thread and returns its result. Raises Busy if no thread is free in time.

        The executor's queue is first come, first served. A semaphore would let newcomers overtake those that wait.
        """
        metrics.hash_waiting.inc()
        job = self._threads.submit(_begin, work)
        try:
            return job.result(self._wait_seconds)
        except TimeoutError:
            if job.cancel():  # False if it runs, or has just ended
                metrics.hash_waiting.dec()
                raise Busy from None
        return job.result()


def _begin(work: Callable[[], Result]) -> Result:
    """Runs on a hashing thread: the login waits no longer."""
    metrics.hash_waiting.dec()
    return work()


def build(hash_threads: int, workers: int, threads: int, wait_seconds: int) -> Hashing:
    """The hashing threads of one worker. With `hash_threads` 0, the workers share the machine's cores."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return Hashing(hash_threads or max(1, cores // workers), max(1, threads - SPARE_THREADS), wait_seconds)


def _lower_priority() -> None:
    if sys.platform == "linux":  # elsewhere this would lower the whole process
        thread = threading.get_native_id()
        try:
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICER)
        except OSError:
            log.warning("the hashing threads could not lower their priority", extra={"event": "hashing.priority"})
