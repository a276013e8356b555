"""A worker that can take no more connections closes the one that has waited the longest.

gunicorn stops accepting at `worker_connections`, and waits until a connection ends by itself: as long as a client may
idle, nobody else is served. When the process may open no more files, gunicorn's worker exits.

Here the worker ends the oldest connection that is waiting for its client to hang up; if there is none, the oldest that
was answered and is idle; then the oldest whose client reads no answers; then the oldest whose request has not arrived
whole for `GRACE` of its time. When the kernel refuses to open a file, the worker also pauses before it accepts again.
"""

import errno
import socket
import time
from typing import Any, Final

from v1.observe import metrics
from v1.server.worker.reading import Reading

NO_MORE_FILES: Final = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
"""The kernel's errors for a process or machine that can open no more files."""

PAUSE_SECONDS: Final = 0.05

GRACE: Final = 0.1
"""The part of RECEIVE_SECONDS that a request may always take: a crowd connects at once, and its requests follow."""


class ConnectionLimit(Reading):
    """Overrides `murder_keepalived`, which the main loop calls after each round, and `accept`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shown = 0
        """The number of connections that the metric has."""

    def murder_keepalived(self, force: bool = False) -> None:
        if self.nr_conns != self._shown:
            self._shown = self.nr_conns
            metrics.connections.set(self._shown)
        if self.nr_conns >= self.worker_connections:
            self._drop_oldest()
        super().murder_keepalived(force)

    def accept(self, listener: socket.socket) -> None:
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in NO_MORE_FILES:
                raise
            self.log.warning("no new connection for now: %s; raise LimitNOFILE or `ulimit -n`", error.strerror)
            self._drop_oldest()
            time.sleep(PAUSE_SECONDS)

    def _drop_oldest(self) -> None:
        for waiting in (self.closing, self.keepalived_conns, self.unread):
            if waiting:
                self.drop(waiting[0])
                return
        if self.receiving and self.receiving[0].timeout - time.monotonic() < self.receive_seconds * (1 - GRACE):
            self.drop(self.receiving[0])
