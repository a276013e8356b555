"""The service's worker, which leaves a connection to another for longer: on a busy machine that one wakes late."""

from v1.server import worker
from v1.server.worker import Worker

__all__ = ["Worker"]

worker.YIELD_SECONDS = 0.1  # type: ignore[misc]
