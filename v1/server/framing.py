"""Owns how a request is framed: where gunicorn is stricter than HTTP, and where it knows no limit."""

from typing import Any, Final

from gunicorn.http.errors import LimitRequestHeaders  # type: ignore[import-untyped]
from gunicorn.http.message import Request as GunicornRequest  # type: ignore[import-untyped]
from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]

LENGTH = "CONTENT-LENGTH"

READ_BYTES: Final = 8 * 1024
"""What gunicorn reads at once, of which some may stand behind the head."""

SKIPPED_BYTES: Final = 64 * 1024
"""How much of a body that no door has read is skipped, to keep the connection."""

HEADER_FIELDS: Final = 100
HEADER_BYTES: Final = 32 * 1024
"""The largest head of a request, and the largest trailer section: fields that gunicorn drops count as well."""


class Request(GunicornRequest):  # type: ignore[misc]
    """A request of gunicorn's with limits on its head, one reading of a doubled Content-Length, and no unread body."""

    headers: list[tuple[str, str]]

    def parse(self, unreader: Any) -> bytes:
        """Stop reading a head, and later a trailer section, that has no end within HEADER_BYTES."""
        self.max_buffer_headers = HEADER_BYTES + READ_BYTES
        return bytes(super().parse(unreader))

    def parse_headers(self, data: bytes, from_trailer: bool = False) -> list[tuple[str, str]]:
        """Refuse too many fields before any is looked at: gunicorn takes each from the front of a list."""
        if len(data) > HEADER_BYTES or data.count(b"\r\n") >= HEADER_FIELDS:
            raise LimitRequestHeaders("too many or too large header fields")
        return list(super().parse_headers(data, from_trailer))

    def set_body_reader(self) -> None:
        """A Content-Length that is there twice, and alike, is one (RFC 9112 6.3): so the media server's pages print
        their call of `/api/`, and gunicorn refuses it in HTML. Two that differ are refused as before."""
        lengths = [header for header in self.headers if header[0] == LENGTH]
        if len(lengths) > 1 and len(set(lengths)) == 1:
            self.headers = [header for header in self.headers if header[0] != LENGTH] + lengths[:1]
        super().set_body_reader()

    def should_close(self) -> bool:
        """A connection ends with the answer to a request whose body is not here by then: some proxies announce the body
        of another request and never send it, and the next request would be taken for it."""
        return bool(super().should_close()) or not (self.is_read() or self._skip_what_is_here())

    def is_read(self) -> bool:
        """Is nothing left of the body, and was there nothing wrong with it?"""
        reader = self.body.reader
        return not self.body.failed and (reader.parser is None if hasattr(reader, "parser") else reader.length == 0)

    def _skip_what_is_here(self) -> bool:
        """Read on without waiting. Was that the rest of the body?"""
        connection = self.unreader.sock
        limit = connection.gettimeout()
        connection.setblocking(False)
        try:
            for _ in range(SKIPPED_BYTES // READ_BYTES):
                if not self.body.read(READ_BYTES):
                    break
        except Exception:  # BlockingIOError, and whatever the parser says of a chunk: the body has failed
            return False
        finally:
            connection.settimeout(limit)
        return self.is_read()


_finish_body = RequestParser.finish_body


def finish_body(parser: Any, *limits: Any, **named: Any) -> bool:
    """Read the rest of a body, as gunicorn does, but return at once where nothing is left, as nearly always.

    gunicorn sets limits of time on the socket even then, twice for each request of a connection (bench/results.md).
    """
    return not parser.mesg or parser.mesg.is_read() or bool(_finish_body(parser, *limits, **named))
