"""Owns what gunicorn's worker does otherwise here: it waits for no client on its main thread.

gunicorn closes a connection by waiting up to two seconds for the client to hang up, on the thread that accepts and
that tells the master it lives: forty clients that do not hang up end a worker, with every login in it. Here they are
left to the poller (v1/server/worker_ends.py). And it hands every request of a kept-alive connection from the poller
to another thread, which takes longer than a check of a token: here the thread that answered stays a moment for the
next one.
"""

import select
import selectors
import socket
import sys
import threading
import time
from functools import partial
from typing import Any, Final

from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn  # type: ignore[import-untyped]

from v1.doors.media import stream
from v1.doors.mobile import verify
from v1.server import open_files
from v1.server.accept_balancing import Balance
from v1.server.framing import Request, finish_body
from v1.server.worker_ends import EndingWorker

STAY_MILLISECONDS: Final = 10
"""How long a thread stays with a connection that it has just answered; at most half of the threads do so."""

YIELD_SECONDS: Final = 0.0005
YIELDS: Final = 8
"""How often, and for how long each time, a worker leaves a new connection to one that holds fewer."""

SWITCH_SECONDS: Final = 0.0005
"""How long a thread may keep the interpreter while another waits for it. With Python's 5 ms a hashing thread that has
finished may leave its core idle until it can say so; what that gives is about a hundredth (bench/results.md)."""

CHECKS: Final = (*verify.PATHS, *stream.PATHS)
"""The paths of token checks, whose answers are short."""

UNREAD: Final = "the client does not read its answers"
"""What becomes of a connection that asks on and does not read: it waits in the poller and holds no thread."""

balance = Balance()
"""Made in gunicorn's first process, which imports this before it forks."""


class Worker(EndingWorker):
    """gthread, but for the way a connection goes on and ends."""

    send_seconds = 10.0
    """How long an answer may take to be sent, and a body to go on; config/gunicorn.conf.py sets it."""

    def init_process(self) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        RequestParser.mesg_class, RequestParser.finish_body = Request, finish_body
        self.staying = threading.Semaphore(max(1, self.cfg.threads // 2))
        self.yields = 0
        super().init_process()

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not enabled:
            balance.gone(self.age)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        if self._accepting:
            balance.tell(self.age, self.nr_conns - len(self.leaving))
        super().wait_for_and_dispatch_events(timeout)

    def accept(self, listener: socket.socket) -> None:
        if self.yields < YIELDS and balance.is_fuller(self.nr_conns - len(self.leaving)):
            self.yields += 1
            time.sleep(YIELD_SECONDS)
            return  # if nobody takes it, the poller tells of it again
        self.yields = 0
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in open_files.REFUSALS:
                raise
            self.log.warning("no new connection for now: %s; raise LimitNOFILE or `ulimit -n`", error.strerror)
            self._make_room()
            time.sleep(open_files.PAUSE_SECONDS)

    def handle(self, conn: TConn) -> Any:
        if conn.initialized and not _is_ready(conn, select.POLLOUT):
            return self.alive and UNREAD
        kept = super().handle(conn)
        if kept is True and not conn.is_http2 and self.staying.acquire(blocking=False):
            try:
                while kept is True and self.alive and self._comes_more(conn) and _is_ready(conn, select.POLLOUT):
                    kept = super().handle(conn)
            finally:
                self.staying.release()
        return kept

    def _comes_more(self, conn: TConn) -> bool:
        """Is the next request on this connection already coming? Nobody else's may wait for this thread meanwhile."""
        if self.tpool._work_queue.qsize():
            return False
        return _is_ready(conn, select.POLLIN, STAY_MILLISECONDS)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """With a limit on the time of a whole answer: the kernel's own begins anew with each part of it.

        That of a check needs none, as it fits into what the client has left free (bench/results.md has the cost).
        """
        if req.path not in CHECKS or req.method not in ("GET", "HEAD"):
            conn.sock.settimeout(self.send_seconds)
        return super().handle_request(req, conn)

    def finish_request(self, conn: TConn, fs: Any) -> None:
        conn.close = partial(self._leave, conn)
        if fs.cancelled() or fs.exception() or fs.result() is not UNREAD:
            super().finish_request(conn, fs)
            return
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self.on_pending_socket_readable, conn))


def _is_ready(conn: TConn, event: int, milliseconds: int = 0) -> bool:
    """Is there something to read, or has the client read so much of its answers that there is room for another?"""
    poll = select.poll()
    poll.register(conn.sock, event)
    return bool(poll.poll(milliseconds))
