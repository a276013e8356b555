"""A client that does not read its answers holds no thread.

A client may send requests without reading the answers, until the kernel's buffers are full. gunicorn then blocks a
thread of the pool in each write.

Here a request is served only when the connection can be written. Otherwise the connection returns to the poller, which
waits until the client has read, for as long as an idle connection may stay open.
"""

import select
import selectors
from functools import partial
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from v1.server.worker.polling import is_ready

UNREAD: Final = "the client has not read its answers"
"""A result of `handle` beside gunicorn's own: the request is not served yet."""


class UnreadAnswers(ThreadWorker):  # type: ignore[misc]
    """Overrides `handle`, which runs on a thread of the pool, and `finish_request`, which gets its result on the main
    thread."""

    def handle(self, conn: TConn) -> Any:
        # A connection is not initialized before its first request: there is no answer yet that could be unread.
        if conn.initialized and not is_ready(conn, select.POLLOUT):
            return UNREAD if self.alive else False
        return super().handle(conn)

    def finish_request(self, conn: TConn, fs: Any) -> None:
        if fs.cancelled() or fs.exception() or fs.result() is not UNREAD:
            super().finish_request(conn, fs)
            return
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        # gunicorn's handler of a pending connection hands it to a thread, here when the connection can be written.
        self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self.on_pending_socket_readable, conn))
