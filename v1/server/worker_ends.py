"""Owns how a connection ends: without a wait on the thread that accepts, and early where a worker is full or stops."""

import selectors
import socket
import time
from collections import deque
from functools import partial
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

LINGER_SECONDS: Final = 2.0
LINGER_BYTES: Final = 64 * 1024


class EndingWorker(ThreadWorker):  # type: ignore[misc]
    """gthread, but a connection that ends is left to the poller until the client hangs up, and counts until then."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leaving: deque[TConn] = deque()

    def murder_keepalived(self, force: bool = False) -> None:
        if self.nr_conns >= self.worker_connections:
            self._make_room()
        super().murder_keepalived(force)
        if force:  # the worker ends: whoever was answered last may still be reading
            while self.leaving:
                self.wait_for_and_dispatch_events(timeout=0.1)
                self.murder_pending()

    def murder_pending(self) -> None:
        super().murder_pending()
        while self.leaving and self.leaving[0].timeout < time.monotonic():
            self._gone(self.leaving[0])

    def _make_room(self) -> None:
        """The worker is full: its time is up for the connection that was closing, idle or silent the longest."""
        for waiting in (self.leaving, self.keepalived_conns, self.pending_conns):
            if waiting:
                waiting[0].timeout = 0.0
                return

    def _cap_keepalive(self, deadline: float) -> None:
        """The worker stops: the silent ones are not waited for any longer than the idle ones."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)

    def _leave(self, conn: TConn, graceful: bool = False) -> None:
        """Say that nothing more comes, and read what still does: a close with bytes unread would reset the answer."""
        try:
            if not graceful:
                raise OSError
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._drain, conn, [LINGER_BYTES]))
        except (OSError, ValueError, KeyError):
            TConn.close(conn)
            return
        conn.timeout = time.monotonic() + LINGER_SECONDS
        self.nr_conns += 1  # it is open still: no more are accepted than there is room for
        self.leaving.append(conn)

    def _drain(self, conn: TConn, left: list[int], sock: socket.socket) -> None:
        try:
            data = sock.recv(min(left[0], 65536))
        except BlockingIOError:
            return
        except OSError:
            data = b""
        left[0] -= len(data)
        if not data or left[0] <= 0:
            self._gone(conn)

    def _gone(self, conn: TConn) -> None:
        self.nr_conns -= 1
        self.leaving.remove(conn)
        self.poller.unregister(conn.sock)
        TConn.close(conn)
