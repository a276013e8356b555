"""The bytes of a request that is still arriving, and whether it has arrived whole.

A request is handed to a thread when nothing more is to be waited for: its head and body are here, or gunicorn's parser
can refuse it already. The parser decides everything. This module decides only how long to wait, so where it is in
doubt, it waits for nothing more.

In however many pieces a request arrives, each byte is looked at a fixed number of times.
"""

import re
from collections.abc import Callable, Generator
from typing import Final

from v1 import doors
from v1.server.request.head_limits import HEADER_BYTES, LINE_BYTES, READ_BYTES

LINE_END: Final = b"\r\n"
HEAD_END: Final = b"\r\n\r\n"

CHUNKED_BYTES: Final = 2
"""Of a chunked body, at most this many times the bytes that its door reads are waited for."""

REFUSED: Final = 0
"""In place of a length: the parser refuses what is here, whatever follows."""

_REQUEST_LINE: Final = re.compile(rb"(?:\r\n)?POST (?:[A-Za-z][-+.0-9A-Za-z]*://[^/?# ]*)?(/[^ ?#]*)[^ \r]* HTTP/1\.")
_VERSION: Final = re.compile(rb"(?:\r\n)?[^\r]* HTTP/1\.1\r\n")
_LENGTH: Final = re.compile(rb"\r\n(?i:content-length):[ \t]*+(?=\d)0*+(\d{0,9}+)[ \t]*+(?=\r\n)")
_CHUNKED: Final = re.compile(rb"\r\n(?i:transfer-encoding):(?:[^\r\n]*[ \t,])?(?i:chunked)[ \t]*(?=\r\n)")
_EXPECT: Final = re.compile(rb"\r\n(?i:expect:[ \t]*100-continue)[ \t]*(?=\r\n)")
_BARE_LF: Final = re.compile(rb"(?<!\r)\n")
_CHUNK_SIZE: Final = re.compile(rb"([0-9A-Fa-f]+)[ \t]*(?:;[^\r\n]*)?\r\n")

Wait = Generator[None, None, None]
"""Yields each time that more bytes are needed, and ends when there is nothing more to wait for."""

WaitForEnd = Generator[None, None, int]
"""The same; it returns where something ends, or REFUSED."""


class Incoming:
    """What a connection has received and not yet been answered for: the beginning of a request, or several."""

    def __init__(self, reads_body: Callable[[str], bool], data: bytes = b"") -> None:
        """`reads_body` says whether the body of a POST for this path is read (v1/doors/__init__.py)."""
        self.data = bytearray(data)
        self._reads_body = reads_body
        self._head = 0
        """The length of the head with the empty line behind it; 0 until it has arrived."""
        self._wait: Wait | None = None
        self._whole = False

    @property
    def has_head(self) -> bool:
        """Whether the head has arrived whole."""
        return self._head > 0

    def is_whole(self) -> bool:
        """Whether there is nothing more to wait for."""
        if not self._whole:
            self._wait = self._wait or self._wait_for_request()
            self._whole = next(self._wait, self) is self
        return self._whole

    def expects_continue(self) -> bool:
        """Whether the client waits for `100 Continue` before it sends the body (RFC 9110 10.1.1)."""
        if not self._head or self._head < len(self.data):
            return False
        return bool(_VERSION.match(self.data) and _EXPECT.search(self.data, 0, self._head))

    def _wait_for_request(self) -> Wait:
        self._head = yield from self._wait_for_end(0, HEAD_END, HEADER_BYTES + READ_BYTES, LINE_BYTES + 2)
        line = _REQUEST_LINE.match(self.data, 0, self._head)
        if line and self._reads_body(path := line[1].decode("latin1")):
            yield from self._wait_for_body(doors.body_limit(path))

    def _wait_for_body(self, limit: int) -> Wait:
        """Wait for the body, as it is framed. One over the limit is not waited for: its door refuses it unread."""
        lengths = {int(b"0" + digits) for digits in _LENGTH.findall(self.data, 0, self._head)}
        is_chunked = _CHUNKED.search(self.data, 0, self._head)
        if is_chunked and not lengths:
            yield from self._wait_for_chunks(self._head, self._head + CHUNKED_BYTES * limit)
        elif len(lengths) == 1 and not is_chunked and (length := lengths.pop()) <= limit:
            while len(self.data) < self._head + length:
                yield

    def _wait_for_chunks(self, begin: int, latest: int) -> Wait:
        """Wait for the last chunk and the trailers, if the chunks do not go on behind `latest`."""
        while line_end := (yield from self._wait_for_end(begin, LINE_END, HEADER_BYTES)):
            size = _CHUNK_SIZE.fullmatch(self.data, begin, line_end)
            if size is None:
                return
            if not (length := int(size[1], 16)):
                yield from self._wait_for_end(line_end - 2, HEAD_END, HEADER_BYTES + READ_BYTES)
                return
            begin = line_end + length + 2
            if begin > latest:
                return
            while len(self.data) < begin:
                yield
            if self.data[begin - 2 : begin] != LINE_END:
                return

    def _wait_for_end(self, begin: int, end: bytes, most: int, most_of_line: int = 0) -> WaitForEnd:
        """Wait for `end`, and return where it ends. REFUSED if more bytes than `most`, more in the first line than
        `most_of_line`, or a bare LF have arrived before."""
        searched = begin
        while (found := self.data.find(end, max(begin, searched - len(end) + 1))) < 0:
            size = len(self.data) - begin
            just_longer = searched - begin <= most_of_line < size
            long_line = most_of_line and just_longer and self.data.find(LINE_END, begin, begin + most_of_line) < 0
            if long_line or size > most or _BARE_LF.search(self.data, searched):
                return REFUSED
            searched = len(self.data)
            yield
        return found + len(end)
