"""Accept balancing: a worker leaves a new connection to a worker that has fewer.

All workers wait on one listening socket. In gunicorn the worker that wakes first accepts a whole burst of connections.
One process, one interpreter lock and one core then serve them all while the other workers sleep, and logins get one
worker's share of the hashing threads (bench/results.md).

Here each worker writes its number of connections into memory that all workers share. A worker that has more than
another one leaves the listening socket alone for a round of its main loop, at most `PAUSES` times in a row: a worker
that hangs must not stop the others. Meanwhile it serves its own connections.
"""

import mmap
import select
import socket
from typing import Any, Final

from v1.server.worker.polling import READ
from v1.server.worker.reading import Reading

SLOTS: Final = 256
"""More than the number of workers that are ever alive at once, during a reload too."""

PAUSE_SECONDS: Final = 0.0005
"""How long such a round waits for events."""

PAUSES: Final = 8


class ConnectionCounts:
    """The number of connections of each accepting worker, in memory that is shared with later forked processes.

    A worker is named by its `age`: gunicorn numbers its workers in the order of their start.
    """

    def __init__(self) -> None:
        # A slot is 0 for a worker that does not accept, else the number of its connections plus 1.
        self._slots = memoryview(mmap.mmap(-1, 4 * SLOTS)).cast("I")

    def report(self, age: int, connections: int) -> None:
        """This worker accepts connections and has this many."""
        self._slots[age % SLOTS] = connections + 1

    def remove(self, age: int) -> None:
        """This worker accepts no more connections."""
        self._slots[age % SLOTS] = 0

    def any_below(self, connections: int) -> bool:
        """Whether an accepting worker has fewer connections than this."""
        return any(slot and slot - 1 < connections for slot in self._slots)


def is_readable(listener: socket.socket) -> bool:
    """Whether a connection waits to be accepted."""
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    return bool(poll.poll(0))


connection_counts = ConnectionCounts()
"""Made in gunicorn's master process, which imports this module before it forks the workers."""


class AcceptBalancing(Reading):
    """Overrides `accept`, `wait_for_and_dispatch_events` (a round of the main loop), `set_accept_enabled`, and
    `_cap_keepalive`, which is called when the worker begins to stop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pauses = 0
        self._left_alone: list[socket.socket] = []
        """Listening sockets that the poller does not watch for one round."""

    def set_accept_enabled(self, enabled: bool) -> None:
        self._watch_again()
        super().set_accept_enabled(enabled)
        if not enabled:
            connection_counts.remove(self.age)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        if self._accepting:
            connection_counts.report(self.age, self.open_connections())
        pausing, self._left_alone = self._left_alone, []
        super().wait_for_and_dispatch_events(min(timeout, PAUSE_SECONDS) if pausing else timeout)
        self._left_alone += pausing
        if pausing:
            self._watch_again()

    def accept(self, listener: socket.socket) -> None:
        if self._pauses < PAUSES and connection_counts.any_below(self.open_connections()):
            self._pauses += 1
            self.poller.unregister(listener)
            self._left_alone.append(listener)
            return  # if no other worker has accepted it, the poller reports it again
        self._pauses = 0
        super().accept(listener)

    def _cap_keepalive(self, deadline: float) -> None:
        """At the beginning of a stop, accept what the kernel has accepted already, and close the listening socket.

        gunicorn leaves it open until the worker ends. Connections that arrive in these seconds would be reset then,
        with their requests. Now they are refused, so that a proxy tries another node.
        """
        for listener in self.sockets:
            for _ in range(self.cfg.backlog):
                if not is_readable(listener):
                    break
                super().accept(listener)
            listener.close()
        super()._cap_keepalive(deadline)

    def _watch_again(self) -> None:
        for listener in self._left_alone:
            self.poller.register(listener, READ, self.accept)
        self._left_alone = []
