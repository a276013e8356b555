"""A body that the application has not read delays nothing, and is never taken for the next request.

A proxy may announce a body and never send it: nginx's `auth_request` copies the Content-Length of the main request, but
not its body. Such a request is served at once (incoming.py), with as much of its body as has arrived.

Here the rest of a body is skipped as far as it has arrived. If it has not arrived whole, the connection is closed after
the answer.
"""

from typing import Final

from gunicorn.http.body import ChunkedReader  # type: ignore[import-untyped]
from gunicorn.http.message import Request  # type: ignore[import-untyped]

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
        return is_at_end and not self.body.failed and not self.unreader.is_short

    def _skip_what_has_arrived(self) -> bool:
        """Read what has arrived of the body. Returns whether it has arrived whole."""
        try:
            for _ in range(SKIPPED_BYTES // READ_BYTES):
                if not self.body.read(READ_BYTES):
                    break
        except Exception:  # the parser's errors for a malformed chunk, or for one that has not arrived whole
            return False
        return self.is_read()
