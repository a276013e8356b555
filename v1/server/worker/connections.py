"""A client's connection, and the lists of connections that wait for the same thing."""

import time
from collections import OrderedDict
from collections.abc import Iterator
from socket import socket
from typing import Any

from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]
from gunicorn.http.unreader import Unreader  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn  # type: ignore[import-untyped]

from v1.server.request.incoming import Incoming
from v1.server.worker.outgoing import Outgoing


class Received(Unreader):  # type: ignore[misc]
    """What gunicorn's parser reads from: bytes that have arrived, and then the end. It never waits."""

    def __init__(self) -> None:
        super().__init__()
        self.continued = False
        """The client was told to continue (RFC 9110 10.1.1)."""
        self.is_short = False
        """More was read than has arrived."""

    def chunk(self, size_hint: int | None = None) -> bytes:
        self.is_short = True
        return b""

    def next_request(self) -> bytes:
        """What has arrived behind the request that was read."""
        self.continued = self.is_short = False
        return bytes(self.take_buffered())


class Connection(TConn):  # type: ignore[misc]
    """A connection of gunicorn's threaded worker, which the main loop alone reads.

    Overrides `init`, which gunicorn calls on a thread before each request.
    """

    def __init__(self, incoming: Incoming, cfg: Any, sock: socket, client: Any, server: Any) -> None:
        """`socket` is for the main loop; gunicorn writes to `sock`."""
        super().__init__(cfg, sock, client, server)
        self.socket, self.sock = sock, Outgoing(sock)
        self.data_ready = True
        self.incoming = incoming
        self.keep = True
        """The last answer has said that the connection stays open."""
        self.ended = False
        """The client sends no more."""
        self.watched = 0
        """The event that the poller watches for; 0 for none."""
        self.discarded = 0
        """The number of bytes that were read and not looked at, while the connection is closing."""
        self.waits: Waiting | None = None
        """The list that this connection is in; None while a request of it is served."""
        self.unreader = Received()
        self.parser = RequestParser(self.cfg, (), self.client)
        self.parser.unreader = self.unreader

    def init(self) -> None:
        self.initialized = True

    def leave(self) -> None:
        """Wait for nothing any more."""
        if self.waits is not None:
            self.waits.remove(self)


class Waiting:
    """Connections that wait for the same thing for the same time, the oldest first. Removing one takes no search."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._connections: OrderedDict[Connection, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._connections)

    def __iter__(self) -> Iterator[Connection]:
        return iter(self._connections)

    def __getitem__(self, index: int) -> Connection:
        """The oldest, whose `index` is 0: gunicorn asks for no other."""
        return next(iter(self._connections))

    def add(self, connection: Connection) -> None:
        """The connection waits from now on; nothing changes if it does so already."""
        if connection.waits is not self:
            connection.leave()
            connection.waits, connection.timeout = self, time.monotonic() + self.seconds
            self._connections[connection] = None

    def remove(self, connection: Connection) -> None:
        """The connection waits no longer."""
        del self._connections[connection]
        connection.waits = None

    def cap(self, deadline: float) -> None:
        """Let none of them wait longer than this, and later ones no longer than there is time from now."""
        self.seconds = min(self.seconds, deadline - time.monotonic())
        for connection in self:
            connection.timeout = min(connection.timeout, deadline)

    def expired(self) -> Iterator[Connection]:
        """Those that have waited for their whole time. The caller removes each."""
        while self and self[0].timeout <= time.monotonic():
            yield self[0]
