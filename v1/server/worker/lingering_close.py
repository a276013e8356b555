"""A connection is closed without a wait on the thread that accepts connections (RFC 9112 9.6: lingering close).

A server must not simply close a connection after its answer: if bytes of the client are unread, the kernel sends a
reset, and the client may lose the answer. So the server stops sending, reads on until the client hangs up, and then
closes.

gunicorn does this on its main thread and waits up to two seconds for each client. That thread also accepts
connections and reports to the master that the worker is alive. Forty clients that do not hang up make the master kill
the worker, with every login in it.

Here the poller watches a closing connection like any other. It is closed when the client hangs up, has sent
`LINGER_BYTES`, or `LINGER_SECONDS` have passed. Until then it counts as a connection of this worker.
"""

import selectors
import socket
import time
from collections import deque
from functools import partial
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

LINGER_SECONDS: Final = 2.0
LINGER_BYTES: Final = 64 * 1024


class LingeringClose(ThreadWorker):  # type: ignore[misc]
    """Overrides `finish_request`, which closes connections; `murder_pending`, which the main loop calls to close
    expired connections; and `murder_keepalived`, which is called with `force` when the worker ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.closing: deque[TConn] = deque()
        """The closing connections, the oldest first."""

    def open_connections(self) -> int:
        """The number of connections that are not closing."""
        return int(self.nr_conns) - len(self.closing)

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """Replace the connection's own `close`, which gunicorn may call next."""
        conn.close = partial(self._close, conn)
        super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        super().murder_pending()
        while self.closing and self.closing[0].timeout < time.monotonic():
            self._close_now(self.closing[0])

    def murder_keepalived(self, force: bool = False) -> None:
        super().murder_keepalived(force)
        if force:  # clients may still be reading the last answers
            while self.closing:
                self.wait_for_and_dispatch_events(timeout=0.1)
                self.murder_pending()

    def _close(self, conn: TConn, graceful: bool = False) -> None:
        """What takes the place of `TConn.close`. `graceful` is for a connection that was answered."""
        if not (graceful and self._wait_until_client_hangs_up(conn)):
            TConn.close(conn)

    def _wait_until_client_hangs_up(self, conn: TConn) -> bool:
        """Stop sending, and let the poller watch the connection. False if the connection is broken."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._discard, conn, [LINGER_BYTES]))
        except (OSError, ValueError, KeyError):
            return False
        conn.timeout = time.monotonic() + LINGER_SECONDS
        self.nr_conns += 1  # gunicorn has just subtracted it
        self.closing.append(conn)
        return True

    def _discard(self, conn: TConn, left: list[int], sock: socket.socket) -> None:
        """Read what a closing connection has received. `left` is a cell: the number of bytes that may still come."""
        try:
            data = sock.recv(min(left[0], 65536))
        except BlockingIOError:
            return
        except OSError:
            data = b""
        left[0] -= len(data)
        if not data or left[0] <= 0:
            self._close_now(conn)

    def _close_now(self, conn: TConn) -> None:
        self.nr_conns -= 1
        self.closing.remove(conn)
        self.poller.unregister(conn.sock)
        TConn.close(conn)
