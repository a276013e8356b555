"""The threads that serve requests, where no more threads may be started.

Python's pool starts a thread with a request until it has all of them. If the system refuses one (no memory, a limit of
tasks), the pool raises an error, although its other threads would serve the request soon.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from v1.observe import logs


class Threads(ThreadPoolExecutor):
    """Overrides `_adjust_thread_count`, which starts another thread where none is idle."""

    def _adjust_thread_count(self) -> None:
        try:
            super()._adjust_thread_count()
        except RuntimeError:
            if not self._threads:
                raise
            _report()


@lru_cache(maxsize=1)
def _report() -> None:
    """Log once in each process that requests wait for fewer threads than THREADS."""
    logs.event("threads.refused")
