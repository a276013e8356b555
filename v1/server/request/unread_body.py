"""A body that the application has not read delays nothing, and is never taken for the next request.

gunicorn reads the rest of such a body before it serves the next request, and waits up to five seconds for it. A proxy
may never send it: nginx's `auth_request` copies the Content-Length of the main request, but not its body.

Here the rest of a body is skipped only as far as it has arrived. If it has not arrived whole, the connection is closed
after the answer. Where nothing is left to read, as after nearly every request, no time limit is set on the socket:
gunicorn sets two for each request (bench/results.md).
"""

from typing import Any, Final

from gunicorn.http.body import ChunkedReader  # type: ignore[import-untyped]
from gunicorn.http.message import Request  # type: ignore[import-untyped]
from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]

SKIPPED_BYTES: Final = 64 * 1024
"""Of an unread body, at most this much is skipped to keep the connection."""

READ_BYTES: Final = 8 * 1024


class UnreadBody(Request):  # type: ignore[misc]
    """Overrides `should_close`, which says whether the connection is closed after the answer."""

    def should_close(self) -> bool:
        return bool(super().should_close()) or not (self.is_read() or self._skip_what_has_arrived())

    def is_read(self) -> bool:
        """Whether the whole body was read, without an error."""
        reader = self.body.reader
        # A chunked body's parser becomes None after the last chunk. The length of another body counts down to 0.
        is_at_end = reader.parser is None if isinstance(reader, ChunkedReader) else reader.length == 0
        return is_at_end and not self.body.failed

    def _skip_what_has_arrived(self) -> bool:
        """Read the body without a wait. Returns whether it has arrived whole."""
        connection = self.unreader.sock
        limit = connection.gettimeout()
        connection.setblocking(False)
        try:
            for _ in range(SKIPPED_BYTES // READ_BYTES):
                if not self.body.read(READ_BYTES):
                    break
        except Exception:  # BlockingIOError, or the parser's errors for a malformed chunk
            return False
        finally:
            connection.settimeout(limit)
        return self.is_read()


upstream_finish_body: Final = RequestParser.finish_body


def finish_body(parser: Any, *limits: Any, **named_limits: Any) -> bool:
    """Takes the place of `RequestParser.finish_body`, which reads the rest of a body, and returns whether it reached
    the end."""
    return not parser.mesg or parser.mesg.is_read() or bool(upstream_finish_body(parser, *limits, **named_limits))
