"""An answer must be sent within a time limit, however slowly the client reads.

gunicorn sets no limit. The kernel's limit (SO_SNDTIMEO) starts anew with each part that a slow client takes.

Here the connection gets Python's time limit before the application is called. It holds for a whole write, in however
many parts the kernel sends it.
"""

from typing import Any

from v1.server.worker.connections import Connection
from v1.server.worker.reading import Reading


class AnswerTimeLimit(Reading):
    """Overrides `handle_request`, which calls the application and sends its answer."""

    def handle_request(self, req: Any, conn: Connection) -> Any:
        conn.sock.settimeout(self.receive_seconds)
        return super().handle_request(req, conn)
