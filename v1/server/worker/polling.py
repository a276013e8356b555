"""Asks the kernel whether a connection can be read or written."""

import select

from gunicorn.workers.gthread import TConn  # type: ignore[import-untyped]


def is_ready(conn: TConn, event: int, milliseconds: int = 0) -> bool:
    """Whether the connection can be read (POLLIN) or written (POLLOUT) within this time."""
    poll = select.poll()
    poll.register(conn.sock, event)
    return bool(poll.poll(milliseconds))
