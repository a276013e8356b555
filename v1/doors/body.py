"""Owns the reading of a request body: all of it, within the door's limit, or a Refusal."""

import re

from flask import Request

from v1.errors import BodyTooLarge, MalformedRequest

LARGEST = 16 * 1024
"""Bytes that a door takes at most."""

LARGEST_BATCH = 64 * 1024
"""Bytes that `/api/` takes, where a request may be many."""


def limit(path: str) -> int:
    """How many bytes a body at this path may have at most."""
    return LARGEST_BATCH if re.sub("/+", "/", path).rstrip("/") == "/api" else LARGEST


def read(request: Request, limit: int) -> bytes:
    """The body's bytes. Raises BodyTooLarge over `limit`, MalformedRequest when it ends early, stalls or is misframed.

    A declared length over the limit is refused before anything is read.
    """
    declared = request.content_length
    if declared is not None and declared > limit:
        raise BodyTooLarge
    request.max_content_length = limit + 1  # a stream of this length tells the whole body from its first part
    body = b""
    try:
        while len(body) <= limit and (more := request.stream.read(limit + 1 - len(body))):
            body += more
    except Exception:  # ClientDisconnected, OSError, and whatever the server's parser says of a chunk
        raise MalformedRequest("The request body ended early.") from None
    if len(body) > limit:
        raise BodyTooLarge
    if declared is not None and len(body) < declared:
        raise MalformedRequest("The request body ended early.")
    return body
