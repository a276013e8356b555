"""A worker that stops waits for silent connections no longer than for idle ones.

A stopping worker of gunicorn gives each idle connection a deadline of two seconds. Connections whose first request has
not come, and those that do not read their answers, keep their whole time, and the stop takes as long.

Here all of them get the same deadline.
"""

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]


class StopDeadline(ThreadWorker):  # type: ignore[misc]
    """Overrides `_cap_keepalive`, which gunicorn calls when the worker begins to stop."""

    def _cap_keepalive(self, deadline: float) -> None:
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)
