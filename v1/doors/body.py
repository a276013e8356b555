"""Owns the reading of a request body: all of it, within the door's limit, or a Refusal."""

from flask import Request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from v1.errors import BodyTooLarge, MalformedRequest


def read(request: Request, limit: int) -> bytes:
    """The body's bytes. Raises BodyTooLarge over `limit`, MalformedRequest when it ends early or stalls.

    A declared length over the limit is refused before anything is read.
    """
    request.max_content_length = limit
    try:
        body = request.stream.read(limit + 1)
    except RequestEntityTooLarge:
        raise BodyTooLarge from None
    except (ClientDisconnected, OSError):
        raise MalformedRequest("The request body ended early.") from None
    if len(body) > limit:
        raise BodyTooLarge
    return bytes(body)
