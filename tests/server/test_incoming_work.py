"""A request that comes byte by byte takes the main loop no more work than one that comes at once.

The work is the number of bytes that are searched, not the time.
"""

import re
import sys
from typing import Any

import pytest

from v1.doors.body import LARGEST
from v1.server.request import incoming
from v1.server.request.incoming import Incoming


def searched(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> int:
    """The number of bytes that are looked at while a request arrives byte by byte, until it is called whole."""
    looks: list[int] = []

    class Looked(bytearray):
        """Bytes that count the bytes of every search in them."""

        def find(self, part: Any, begin: int = 0, end: int = sys.maxsize) -> int:
            found = super().find(part, begin, end)
            looks.append((found + len(part) if found >= 0 else min(len(self), end)) - begin)
            return found

    class Pattern:
        """A pattern that does the same."""

        def __init__(self, pattern: re.Pattern[bytes]) -> None:
            self.pattern = pattern

        def __getattr__(self, name: str) -> Any:
            def look(data: bytes, begin: int = 0, end: int = sys.maxsize) -> Any:
                looks.append(min(len(data), end) - begin)
                return getattr(self.pattern, name)(data, begin, end)

            return look

    for name, value in list(vars(incoming).items()):
        if isinstance(value, re.Pattern):
            monkeypatch.setattr(incoming, name, Pattern(value))
    arriving = Incoming(lambda path: True)
    arriving.data = Looked()
    for at in range(len(raw)):
        arriving.data.append(raw[at])
        if arriving.is_whole():
            break
        arriving.expects_continue()
    return sum(looks)


POST = b"POST /read HTTP/1.1\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
LONG = {
    "fields": POST + b"A: b\r\n" * 6000,
    "a field": POST + b"A: " + b"b" * 33_000,
    "a line": b"POST /" + b"a" * 9000,
    "a line behind an empty one": b"\r\nPOST /" + b"a" * 33_000,
    "line ends": b"\r" * 33_000,
    "a body": POST + b"Content-Length: %d\r\n\r\n" % LARGEST + b"a" * LARGEST,
    "a chunk": CHUNKED + b"%x\r\n" % LARGEST + b"a" * LARGEST,
    "chunks": CHUNKED + b"1\r\na\r\n" * 5000,
    "a chunk's size": CHUNKED + b"1" * 33_000,
    "a chunk's extension": CHUNKED + b"1;" + b"a" * 33_000,
    "a chunk behind an extension": CHUNKED + b"ff;" + b"a" * 30_000 + b"\r\n" + b"a" * 255,
    "trailers": CHUNKED + b"0\r\n" + b"A: b\r\n" * 6000,
}


@pytest.mark.parametrize("raw", LONG.values(), ids=LONG)
def test_a_request_that_comes_byte_by_byte_takes_no_more_work_than_at_once(
    monkeypatch: pytest.MonkeyPatch, raw: bytes
) -> None:
    """Else a client could stop the main loop for seconds."""
    assert searched(monkeypatch, raw) < 20 * len(raw)


def test_an_expectation_is_found_in_one_look_at_the_head(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of the head that ends as a request line does must not begin another search."""
    head = POST + b"Content-Length: 5\r\n" + b"X: HTTP/1.1\r\n" * 2000 + b"Expect: 100-continue\r\n\r\n"
    arriving = Incoming(lambda path: True, head)
    assert not arriving.is_whole() and arriving.expects_continue()
    assert searched(monkeypatch, head) < 20 * len(head)
