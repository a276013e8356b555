"""Requests are read by the main loop, and a thread gets a request only when it has arrived whole.

In gunicorn a thread waits for the first byte of a new connection, and for every further byte of a request. A client
that sends one byte every few seconds holds a thread, and a few dozen of them hold all.

Here a thread never waits for a client's bytes. The main loop reads whatever has arrived, of all connections, and
`Incoming` says when a request is whole.

A client that does not read its answer holds no thread either: the main loop sends what the kernel has not taken, and
serves the connection's next request after that.
"""

import errno
import socket
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, Final

from v1 import doors
from v1.observe import logs, metrics
from v1.server.request.incoming import Incoming
from v1.server.worker.connections import Connection, Waiting
from v1.server.worker.lingering_close import LingeringClose
from v1.server.worker.polling import READ, WRITE

RECEIVE_BYTES: Final = 64 * 1024

CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"

NOT_YET: Final = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)
"""The errors of an `accept` that found no connection."""


class Reading(LingeringClose):
    """Overrides `load_wsgi`, `accept`, and `finish_request`, which gets the result of a request on the main thread."""

    receive_seconds = 10
    """RECEIVE_SECONDS; config/gunicorn.conf.py sets it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.max_keepalived = self.worker_connections  # no answer closes its connection because of others
        self.keepalived_conns = Waiting(self.cfg.keepalive)
        """Connections without a request."""
        self.receiving = Waiting(self.receive_seconds)
        """Connections on which a part of a request has arrived, and new ones."""
        self.unread = Waiting(self.receive_seconds)
        """Connections whose client has not read its answer."""

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self._reads_body = partial(doors.reads_body, self.wsgi)

    def accept(self, listener: socket.socket) -> None:
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno not in NOT_YET:
                raise
            return
        self.nr_conns += 1
        conn = Connection(self.incoming(), self.cfg, sock, client, listener.getsockname())
        self.receiving.add(conn)
        self.watch(conn, READ)

    def incoming(self, data: bytes = b"") -> Incoming:
        """What has arrived of a connection's next request."""
        return Incoming(self._reads_body, data)

    def on_event(self, conn: Connection, sock: object) -> None:
        self._guarded(conn, self._on_event)

    def _guarded(self, conn: Connection, go_on: Callable[[Connection], None]) -> None:
        """No error in what a client's bytes lead to may end the main loop."""
        try:
            go_on(conn)
        except Exception as error:
            logs.unforeseen(error)
            self.drop(conn)

    def _on_event(self, conn: Connection) -> None:
        if conn.waits is self.closing:
            self.discard(conn)
        elif conn.waits is None:  # a request of it is being served: the client sent more, or hung up
            self.unwatch(conn)
        elif conn.watched == WRITE:
            self.on_writable(conn)
        else:
            self.read(conn)

    def read(self, conn: Connection) -> None:
        """Read what has arrived."""
        try:
            data = conn.socket.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            self.drop(conn)
            return
        conn.ended = not data
        if conn.incoming.data or not self.begin_check(conn, data):
            conn.incoming.data += data
            self.next_request(conn)

    def begin_check(self, conn: Connection, request: bytes) -> bool:
        """Begin a token check without a thread if these bytes are a plain one (check_loop.py)."""
        raise NotImplementedError

    def next_request(self, conn: Connection) -> None:
        """Serve the connection's next request if it has arrived whole, or as far as it ever will."""
        incoming = conn.incoming
        if incoming.data and (conn.ended or incoming.is_whole()):
            if self.begin_check(conn, bytes(incoming.data)):
                conn.incoming = self.incoming()
            else:
                self.serve(conn)
        elif conn.ended:
            self.end(conn)
        else:
            (self.receiving if incoming.data else self.keepalived_conns).add(conn)
            self.watch(conn, READ)
            if incoming.expects_continue() and not conn.unreader.continued:
                self._tell_to_continue(conn)

    def serve(self, conn: Connection) -> None:
        """Hand the request to a thread."""
        conn.leave()
        self.unwatch(conn)
        conn.unreader.unread(bytes(conn.incoming.data))
        metrics.requests_on_threads.inc()
        self.enqueue_req(conn)

    def finish_request(self, conn: Connection, fs: "Future[Any]") -> None:
        metrics.requests_on_threads.dec()
        if fs.cancelled() or fs.exception():
            self.drop(conn)
            return
        conn.keep = bool(fs.result())
        conn.incoming = self.incoming(conn.unreader.next_request())
        self._guarded(conn, self.go_on)

    def go_on(self, conn: Connection) -> None:
        """Go on after an answer, once all of it is sent."""
        if conn.sock.unsent:
            self.unread.add(conn)
            self.watch(conn, WRITE)
        elif conn.keep:
            self.next_request(conn)
        else:
            self.end(conn)

    def on_writable(self, conn: Connection) -> None:
        """Send more of the answer: the client has made room."""
        try:
            conn.sock.flush()
        except OSError:
            self.drop(conn)
        else:
            self.go_on(conn)

    def _tell_to_continue(self, conn: Connection) -> None:
        try:
            conn.socket.send(CONTINUE)
        except OSError:
            return  # the poller reports a broken connection
        conn.unreader.continued = True
