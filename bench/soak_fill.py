"""Fills the pools of a soak's service: for a moment the database answers nobody, and every thread waits for it.

A pool keeps what one peak of requests opened. So without this, threads and connections would rise for hours to their
bounds (docs/capacity.md), and nobody could tell that from a leak.
"""

import threading
import time
from contextlib import ExitStack
from typing import Final

from bench.caller import Caller, post_form
from bench.place import Place

CLIENTS: Final = 64
"""More than the threads of two workers."""

SECONDS: Final = 1.5
"""How long the table is locked: less than a statement may take (DATABASE_QUERY_SECONDS)."""


def fill(place: Place, database: str, port: int, api_token: str) -> None:
    """Ask more than there are threads, while nobody can read `users`. Hold the load meanwhile."""
    lock = f"LOCK TABLES users WRITE; DO SLEEP({SECONDS})"
    locking = threading.Thread(target=place.server.sql, args=(lock, database))
    locking.start()
    time.sleep(0.3)  # until it holds the lock
    question = post_form("/v1/oauth/introspect/", f"Authorization: Bearer {api_token}", token="x" * 40)
    with ExitStack() as stack:
        callers = [stack.enter_context(Caller(port)) for _ in range(CLIENTS)]
        asking = [threading.Thread(target=caller.ask, args=(question, 200)) for caller in callers]
        for thread in asking:
            thread.start()
        for thread in [*asking, locking]:
            thread.join()
