"""An answer must be sent within a time limit, however slowly the client reads.

gunicorn sets no limit. The kernel's limit (SO_SNDTIMEO) starts anew with each part that a slow client takes.

Here the connection gets Python's time limit before the application is called. It holds for a whole write, in however
many parts the kernel sends it, and for each read of the body. The answer to a token check gets none: it fits into the
kernel's buffer, and a limit costs system calls (bench/results.md).
"""

from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from v1 import doors

CHECK_PATHS: Final = doors.PRE_FLASK_PATHS
CHECK_METHODS: Final = ("GET", "HEAD")


class AnswerTimeLimit(ThreadWorker):  # type: ignore[misc]
    """Overrides `handle_request`, which calls the application and sends its answer."""

    send_seconds = 10.0
    """The limit; config/gunicorn.conf.py sets it to RECEIVE_SECONDS."""

    def handle_request(self, req: Any, conn: TConn) -> Any:
        if req.path not in CHECK_PATHS or req.method not in CHECK_METHODS:
            conn.sock.settimeout(self.send_seconds)
        return super().handle_request(req, conn)
