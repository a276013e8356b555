"""The service's worker, which leaves a connection to another for longer: on a busy machine that one wakes late."""

from v1.server.worker import Worker, accept_balancing

__all__ = ["Worker"]

accept_balancing.PAUSE_SECONDS = 0.1  # type: ignore[misc]
