"""A worker that can take no more connections closes the one that has waited the longest.

gunicorn stops accepting at `worker_connections`, and waits until a connection ends by itself: as long as a client may
idle, nobody else is served. When the process may open no more files, gunicorn's worker exits.

Here such a worker closes one connection: a closing one before an idle one, an idle one before one that has sent nothing
yet. Where the kernel refuses a file, the worker also pauses before it accepts again.
"""

import errno
import socket
import time
from typing import Final

from v1.server.worker.lingering_close import LingeringClose

NO_MORE_FILES: Final = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
"""The kernel's errors for a process or machine that can open no more files."""

PAUSE_SECONDS: Final = 0.05


class ConnectionLimit(LingeringClose):
    """Overrides `murder_keepalived`, which the main loop calls after each round, and `accept`."""

    def murder_keepalived(self, force: bool = False) -> None:
        if self.nr_conns >= self.worker_connections:
            self._end_oldest_wait()
        super().murder_keepalived(force)

    def accept(self, listener: socket.socket) -> None:
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in NO_MORE_FILES:
                raise
            self.log.warning("no new connection for now: %s; raise LimitNOFILE or `ulimit -n`", error.strerror)
            self._end_oldest_wait()
            time.sleep(PAUSE_SECONDS)

    def _end_oldest_wait(self) -> None:
        """Let the time of the connection that has waited the longest be up: the main loop closes it next."""
        for waiting in (self.closing, self.keepalived_conns, self.pending_conns):
            if waiting:
                waiting[0].timeout = 0.0
                return
