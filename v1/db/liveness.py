"""Tells whether an idle connection is alive, before a statement that must not be sent twice."""

import select
from typing import Final

from v1.db import connection as mysql
from v1.db.connection import Connection

ROUND_TRIP_SECONDS: Final = 10
"""After so long a look at the socket is not enough: a firewall on the way may have dropped the connection silently."""


def is_alive(connection: Connection, idle_seconds: float) -> bool:
    """Whether this connection, which was idle for so long, may be used for such a statement."""
    return not _is_closed_by_server(connection) and (idle_seconds < ROUND_TRIP_SECONDS or mysql.answers(connection))


def _is_closed_by_server(connection: Connection) -> bool:
    """A look at the socket, without a round trip. It is readable though nothing was asked: the server closed it."""
    poller = select.poll()
    poller.register(connection._sock, select.POLLIN)  # type: ignore[attr-defined]
    return bool(poller.poll(0))
