"""The bytes of a request that is still arriving, and whether it has arrived whole.

A request is handed to a thread when nothing more is to be waited for: its head and body are here, or gunicorn's parser
can refuse it already. The parser decides everything. This module decides only how long to wait, so where it is in
doubt, it waits for nothing more.
"""

import re
from collections.abc import Callable
from typing import Final

from v1 import doors
from v1.server.request.head_limits import HEADER_BYTES, LINE_BYTES, READ_BYTES

HEAD_END: Final = b"\r\n\r\n"

CHUNKED_BYTES: Final = 2
"""Of a chunked body, at most this many times the bytes that its door reads are waited for."""

_REQUEST_LINE: Final = re.compile(rb"(?:\r\n)?POST (?:https?://[^/ ]*)?(/[^ ?#]*)[^ ]* HTTP/1\.")
_LENGTH: Final = re.compile(rb"\r\n(?i:content-length):[ \t]*(\d{1,9})[ \t]*(?=\r\n)")
_CHUNKED: Final = re.compile(rb"\r\n(?i:transfer-encoding:[ \t]*chunked)[ \t]*(?=\r\n)")
_EXPECT: Final = re.compile(rb"HTTP/1\.1\r\n(?:.*\r\n)*?(?i:expect:[ \t]*100-continue)[ \t]*\r\n")
_BARE_LF: Final = re.compile(rb"(?<!\r)\n")
_CHUNK_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")


class Incoming:
    """What a connection has received and not yet been answered for: the beginning of a request, or several."""

    def __init__(self, reads_body: Callable[[str], bool], data: bytes = b"") -> None:
        """`reads_body` says whether the body of a POST for this path is read (v1/doors/__init__.py)."""
        self.data = bytearray(data)
        self._reads_body = reads_body
        self._head = 0
        """The length of the head with the empty line behind it; 0 until it has arrived."""
        self._whole = 0
        """The length of head and body if a length is declared."""
        self._chunk = 0
        """Where the next chunk begins if the body is chunked."""
        self._limit = 0

    @property
    def has_head(self) -> bool:
        """Whether the head has arrived whole."""
        return self._head > 0

    def is_whole(self) -> bool:
        """Whether there is nothing more to wait for."""
        if not self._head and not self._find_head():
            return self._cannot_become_a_head()
        return self._chunks_end() if self._chunk else len(self.data) >= self._whole

    def expects_continue(self) -> bool:
        """Whether the client waits for `100 Continue` before it sends the body (RFC 9110 10.1.1)."""
        return self._head == len(self.data) > 0 and _EXPECT.search(self.data, 0, self._head) is not None

    def _find_head(self) -> bool:
        end = self.data.find(HEAD_END)
        if end < 0:
            return False
        self._head = self._whole = end + len(HEAD_END)
        line = _REQUEST_LINE.match(self.data)
        if line and self._reads_body(path := line[1].decode("latin1")):
            self._expect_body(doors.body_limit(path))
        return True

    def _expect_body(self, limit: int) -> None:
        """Find out how the body is framed. A body over the limit is not waited for: its door refuses it unread."""
        lengths = {int(length) for length in _LENGTH.findall(self.data, 0, self._head)}
        if _CHUNKED.search(self.data, 0, self._head) and not lengths:
            self._chunk, self._limit = self._head, limit
        elif len(lengths) == 1 and (length := lengths.pop()) <= limit:
            self._whole = self._head + length

    def _cannot_become_a_head(self) -> bool:
        """Whether the parser refuses what is here, whatever follows."""
        size = len(self.data)
        long_line = size > LINE_BYTES + 2 and self.data.find(b"\r\n", 0, LINE_BYTES + 2) < 0
        return long_line or size > HEADER_BYTES + READ_BYTES or _BARE_LF.search(self.data) is not None

    def _chunks_end(self) -> bool:
        """Whether the last chunk and the trailers are here. Begins where it stopped the last time."""
        while size := _CHUNK_SIZE.match(self.data, self._chunk):
            if not int(size[1], 16):
                return self._trailers_end(size.end())
            following = size.end() + int(size[1], 16) + 2
            if following > self._head + CHUNKED_BYTES * self._limit:
                return True
            if len(self.data) < following:
                return False
            if self.data[following - 2 : following] != b"\r\n":
                return True
            self._chunk = following
        line = self.data[self._chunk :]
        return len(line) > HEADER_BYTES or b"\n" in line

    def _trailers_end(self, start: int) -> bool:
        if self.data.startswith(b"\r\n", start) or self.data.find(HEAD_END, start) >= 0:
            return True
        return len(self.data) - start > HEADER_BYTES + READ_BYTES or _BARE_LF.search(self.data, start) is not None
