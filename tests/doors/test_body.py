"""What a broken body raises: MalformedRequest for what a connection and a parser do, and nothing else's errors.

tests/e2e/test_bodies.py sends such bodies to a real gunicorn.
"""

import io

import pytest
from flask import Request
from gunicorn.http import errors
from werkzeug.test import EnvironBuilder

from v1.doors import body, body_limit
from v1.errors import BodyTooLarge, MalformedRequest

BROKEN = [
    *(OSError("reset"), TimeoutError(), BlockingIOError(), errors.NoMoreData(b""), errors.InvalidChunkSize(b"zz")),
    *(errors.ChunkMissingTerminator(b"XX"), errors.InvalidChunkExtension("x"), errors.InvalidHeader("no colon")),
    *(errors.InvalidHeaderName("a b"), errors.LimitRequestHeaders("too many")),
]
"""A connection that ends or stalls, and all that gunicorn's readers of a body raise."""


class Failing(io.RawIOBase):
    """A body of which five bytes come, and then this error."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.left = [b"a=1&b"]
        self.error = error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        if not self.left:
            raise self.error
        part = self.left.pop()
        buffer[: len(part)] = part
        return len(part)


def request(stream: io.IOBase, **more: str) -> Request:
    """A request of this body, which is framed by its server."""
    environ = EnvironBuilder(method="POST").get_environ()
    environ.pop("CONTENT_LENGTH", None)
    return Request(environ | {"wsgi.input": stream, "wsgi.input_terminated": True} | more)


@pytest.mark.parametrize("error", BROKEN, ids=lambda each: type(each).__name__)
def test_a_broken_body_is_malformed(error: Exception) -> None:
    with pytest.raises(MalformedRequest):
        body.read(request(Failing(error)))
    with pytest.raises(MalformedRequest):
        body.read(request(Failing(error), CONTENT_LENGTH="9"))


def test_an_error_of_our_own_is_not_taken_for_a_broken_body() -> None:
    with pytest.raises(ZeroDivisionError):
        body.read(request(Failing(ZeroDivisionError())))


def test_a_body_that_is_shorter_or_longer_than_it_may_be_is_refused() -> None:
    assert body.read(request(io.BytesIO(b"a=1")), 3) == b"a=1"
    with pytest.raises(BodyTooLarge):
        body.read(request(io.BytesIO(b"a=12")), 3)
    with pytest.raises(BodyTooLarge):
        body.read(request(io.BytesIO(b""), CONTENT_LENGTH="4"), 3)
    with pytest.raises(MalformedRequest):
        body.read(request(io.BytesIO(b"a=1"), CONTENT_LENGTH="4"))


@pytest.mark.parametrize("path", ["/api", "/api/", "//api//"])
def test_a_batch_may_be_larger_than_other_bodies(path: str) -> None:
    assert body_limit(path) == 64 * 1024
    assert {body_limit(other) for other in (path + "x", path + "/x", "/", "", "/v1/oauth/")} == {16 * 1024}
