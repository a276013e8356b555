"""A worker that stops gives connections without a request the same deadline as idle ones.

A stopping worker of gunicorn closes an idle connection after two seconds. A connection whose first request has not
come, or whose client does not read its answers, keeps its whole time, and delays the stop by as much.

Here all of them get the same deadline.
"""

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]


class StopDeadline(ThreadWorker):  # type: ignore[misc]
    """Overrides `_cap_keepalive`, which gunicorn calls when the worker begins to stop."""

    def _cap_keepalive(self, deadline: float) -> None:
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)
