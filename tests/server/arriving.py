"""When `Incoming` calls a request whole, and where gunicorn's parser says that it ends."""

from collections.abc import Iterator
from typing import Any

from gunicorn.config import Config
from gunicorn.http.errors import ParseException

from v1.server.request import Request, head_limits
from v1.server.request.incoming import Incoming
from v1.server.worker.connections import Received

CONFIG = Config()
CONFIG.set("http_parser", "python")
CONFIG.set("limit_request_line", head_limits.LINE_BYTES)
CONFIG.set("limit_request_field_size", head_limits.HEADER_BYTES)


def reads_body(path: str) -> bool:
    return path.startswith("/read")


def parsed(raw: bytes) -> tuple[Any, int] | None:
    """The first request in these bytes as the parser reads it, and where its body ends. None if the parser refuses it,
    or reads on to the end of the bytes and finds it cut off."""
    unreader = Received()
    unreader.unread(raw)
    try:
        request = Request(CONFIG, unreader, ("127.0.0.1", 1))
        request.size = len(request.body.read())
    except (ParseException, OSError, StopIteration):
        return None
    return None if unreader.is_short else (request, len(raw) - len(unreader.take_buffered()))


def first_whole(pieces: Iterator[bytes]) -> int | None:
    """The number of bytes with which the request is called whole; None if it never is."""
    arriving = Incoming(reads_body)
    for piece in pieces:
        arriving.data += piece
        if arriving.is_whole():
            assert arriving.is_whole()
            return len(arriving.data)
    return None


def one_by_one(raw: bytes) -> Iterator[bytes]:
    return (raw[at : at + 1] for at in range(len(raw)))


def expected_end(raw: bytes) -> int | None:
    """Where the wait for this request ends: behind its head if its door does not read the body. None if the parser
    refuses the request."""
    if not (found := parsed(raw)):
        return None
    request, end = found
    if request.method == "POST" and reads_body(request.path):
        return end
    return raw.index(b"\r\n\r\n") + 4


TAILS = (b"", b"\r\n\r\n", b"0\r\n\r\n", b"\r\n0\r\n\r\n", b"a" * 50, b"a" * 50 + b"\r\n\r\n")
"""What may follow to make a request whole after all."""
