"""Watches connections in the main loop's poller."""

import selectors
from functools import partial
from typing import Final

from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from v1.server.worker.connections import Connection

READ: Final = selectors.EVENT_READ
WRITE: Final = selectors.EVENT_WRITE


class Polling(ThreadWorker):  # type: ignore[misc]
    """Adds methods to gunicorn's worker. All of them run on the main thread."""

    def watch(self, conn: Connection, event: int) -> None:
        """Let `on_event` be called when the connection can be read, or can be written."""
        if conn.watched == event:
            return
        (self.poller.modify if conn.watched else self.poller.register)(conn.socket, event, partial(self.on_event, conn))
        conn.watched = event

    def unwatch(self, conn: Connection) -> None:
        """Let it not be called any more."""
        if conn.watched:
            self.poller.unregister(conn.socket)
            conn.watched = 0

    def drop(self, conn: Connection) -> None:
        """Close the connection at once, whatever it waits for."""
        conn.leave()
        self.unwatch(conn)
        self.nr_conns -= 1
        util.close(conn.socket)

    def on_event(self, conn: Connection, sock: object) -> None:
        """The connection can be read or written, as it is watched for."""
        raise NotImplementedError
