"""Reads the whole request body, up to a limit."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from flask import Request
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from werkzeug.exceptions import ClientDisconnected

from v1.errors import BodyTooLarge, MalformedRequest

LARGEST: Final = 16 * 1024
"""The largest body that a door reads, in bytes. A door that reads larger ones says so in its BODY_LIMITS."""


def read(request: Request, limit: int = LARGEST) -> bytes:
    """The body's bytes. Raises BodyTooLarge over `limit`; MalformedRequest if it ends early, stalls or has bad chunks.

    A declared length over the limit is refused before anything is read.
    """
    declared = request.content_length
    if declared is not None and declared > limit:
        raise BodyTooLarge
    request.max_content_length = limit + 1  # one byte more than may be read shows that a body is too large
    body = b""
    try:
        while len(body) <= limit and (more := request.stream.read(limit + 1 - len(body))):
            body += more
    # Werkzeug turns the OSError of a connection that ends or stalls into ClientDisconnected. gunicorn's parser raises
    # ParseException for a malformed chunk.
    except (ClientDisconnected, ParseException):
        raise MalformedRequest("The request body ended early.") from None
    if len(body) > limit:
        raise BodyTooLarge
    if declared is not None and len(body) < declared:
        raise MalformedRequest("The request body ended early.")
    return body


def repeated(pairs: Iterable[tuple[str, object]]) -> tuple[str, ...]:
    """The names that occur more than once."""
    return tuple(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
