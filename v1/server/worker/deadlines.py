"""A connection waits for a limited time, whatever it waits for.

In gunicorn a client that sends a byte now and then may take as long as it likes for a request. A stopping worker closes
an idle connection after two seconds, but gives one whose first request has not come its whole time.

Here a request must arrive within RECEIVE_SECONDS of its first byte, and the first one of a connection within
RECEIVE_SECONDS of its start. After that, a request without its whole head is dropped, and one without its whole body is
handed to its door, which answers that the body ended early. A stopping worker treats new connections as idle ones.
"""

from v1.server.worker.reading import Reading


class Deadlines(Reading):
    """Overrides `murder_keepalived` and `murder_pending`, which the main loop calls after each round, and
    `_cap_keepalive`, which is called when the worker begins to stop."""

    def murder_pending(self) -> None:
        if any(next(each.expired(), None) for each in (self.keepalived_conns, self.unread, self.receiving)):
            # The kernel may have held up this thread: what has arrived meanwhile is read first, and not reset.
            self.wait_for_and_dispatch_events(timeout=0)
        for waiting in (self.keepalived_conns, self.unread):
            for conn in waiting.expired():
                self.drop(conn)
        for conn in self.receiving.expired():
            if conn.incoming.has_head:
                self.serve(conn)
            else:
                self.drop(conn)

    def murder_keepalived(self, force: bool = False) -> None:
        if force:
            for waiting in (self.keepalived_conns, self.unread, self.receiving):
                for conn in list(waiting):
                    self.drop(conn)
        super().murder_keepalived(force)

    def _cap_keepalive(self, deadline: float) -> None:
        for conn in [each for each in self.receiving if not each.incoming.data]:
            self.keepalived_conns.add(conn)
        self.keepalived_conns.cap(deadline)
