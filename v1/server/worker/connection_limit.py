"""A worker that can take no more connections closes the one that has waited the longest.

gunicorn stops accepting at `worker_connections`, and waits until a connection ends by itself: as long as a client may
idle, nobody else is served. When the process may open no more files, gunicorn's worker exits.

Here the worker ends the oldest connection that is waiting for its client to hang up; if there is none, the oldest idle
one; if there is none, the oldest whose client sends no request or reads no answers. When the kernel refuses to open a
file, the worker also pauses before it accepts again.
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
            self._expire_oldest()
        super().murder_keepalived(force)

    def accept(self, listener: socket.socket) -> None:
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in NO_MORE_FILES:
                raise
            self.log.warning("no new connection for now: %s; raise LimitNOFILE or `ulimit -n`", error.strerror)
            self._expire_oldest()
            time.sleep(PAUSE_SECONDS)

    def _expire_oldest(self) -> None:
        """Set the timeout of that connection to the past: the main loop closes it next."""
        for waiting in (self.closing, self.keepalived_conns, self.pending_conns):
            if waiting:
                waiting[0].timeout = 0.0
                return
