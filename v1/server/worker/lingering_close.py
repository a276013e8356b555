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

import socket
from typing import Any, Final

from v1.server.worker.connections import Connection, Waiting
from v1.server.worker.polling import READ, Polling

LINGER_SECONDS: Final = 2.0
LINGER_BYTES: Final = 64 * 1024


class LingeringClose(Polling):
    """Adds `end`, which closes a connection, and overrides `murder_keepalived`, which is called with `force` when the
    worker ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.closing = Waiting(LINGER_SECONDS)

    def open_connections(self) -> int:
        """The number of connections that are not closing."""
        return int(self.nr_conns) - len(self.closing)

    def end(self, conn: Connection) -> None:
        """Close a connection that was answered, once its client hangs up."""
        try:
            conn.socket.shutdown(socket.SHUT_WR)
        except OSError:  # it is broken
            self.drop(conn)
            return
        self.closing.add(conn)
        conn.discarded = 0
        self.watch(conn, READ)

    def murder_keepalived(self, force: bool = False) -> None:
        for conn in self.closing.expired():
            self.drop(conn)
        while force and self.closing:  # clients may still be reading the last answers
            self.wait_for_and_dispatch_events(timeout=0.1)
            for conn in self.closing.expired():
                self.drop(conn)

    def discard(self, conn: Connection) -> None:
        """Read what a closing connection has received."""
        try:
            data = conn.socket.recv(LINGER_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        conn.discarded += len(data)
        if not data or conn.discarded >= LINGER_BYTES:
            self.drop(conn)
