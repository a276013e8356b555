"""A thread that has answered waits a moment for the connection's next request.

gunicorn hands every request of a kept-alive connection from the poller to a thread of the pool. For a token check this
takes longer than the check.

Here the thread that sent an answer waits `WAIT_MILLISECONDS` for the next request on the same connection, and serves
it at once. At most half of the threads wait like this, and none waits while another connection needs a thread.
"""

import select
import threading
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from v1.server.worker.polling import is_ready

WAIT_MILLISECONDS: Final = 10


class NextRequestWait(ThreadWorker):  # type: ignore[misc]
    """Overrides `handle`, which serves one request on a thread of the pool and says whether to keep the connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting_threads = threading.Semaphore(max(1, self.cfg.threads // 2))

    def handle(self, conn: TConn) -> Any:
        kept = super().handle(conn)
        if kept is True and not conn.is_http2 and self._waiting_threads.acquire(blocking=False):
            try:
                while kept is True and self.alive and self._next_request_comes(conn):
                    kept = super().handle(conn)
            finally:
                self._waiting_threads.release()
        return kept

    def _next_request_comes(self, conn: TConn) -> bool:
        """Wait for it, unless another connection needs this thread."""
        if self.tpool._work_queue.qsize():
            return False
        return is_ready(conn, select.POLLIN, WAIT_MILLISECONDS)
