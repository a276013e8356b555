"""Heads of token checks with something wrong or rare in them, most of them near the border of what is plain."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any, Final

from tests.e2e.heads import Head, Heads, some
from v1.server.request.head_limits import LINE_BYTES

TARGETS: Final = (
    *(b"//v1/verify/", b"/v1//verify/", b"/v1/verify//", b"/v1/./verify/", b"/v1/%2e/verify/", b"/v1/verify/%2e"),
    *(b"/v1/verif%79/", b"/%761/verify", b"/V1/verify/", b"/v1/verify/;x", b"/v1/verify/%00", b"/v1/verify/#x"),
    *(b"http://a/v1/verify/", b"https://a:1/v1/verify", b"http:///v1/verify/", b"HTTP://a//v1/verify/", b"*", b"/"),
    *(b"/v1/verify/?a#b", b"/v1/verify?\xff", b"/v1/verify/\xe9", b"/v1/verify/ ", b" /v1/verify/", b"", b"v1/verify/"),
    *(b"/v1/verify/?a b", b"/v1/verify\t", b"/stream/check%3f", b"/stream//check", b"/stream/check/x", b"/v1/verify\\"),
    *(b"/v1/verify/?\x00", b"/v1/verify/?\x7f", b'/v1/verify/?"<>`{|}', b"/v1/../v1/verify/", b"a:80", b"/v1%2fverify"),
)
METHODS: Final = (
    *(b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"TRACE", b"PROPFIND", b"get", b"Get", b"head", b"GETT", b"GE"),
    *(b"GET ", b" GET", b"\tGET", b"G\x00T", b"GET\xff", b"G#T", b"G" * 21, b"", b"GET\t", b"HEADER", b"PRI", b"G-T"),
)
VERSIONS: Final = (
    *(b"HTTP/1.0", b"HTTP/1.2", b"HTTP/1.9", b"HTTP/1.10", b"HTTP/01.1", b"HTTP/2.0", b"HTTP/0.9", b"http/1.1", b""),
    *(b"HTTP/1.1 ", b" HTTP/1.1", b"HTTP/1.1\t", b"HTTP/1,1", b"HTTP/1.\xb2", b"HTTP/1.1\r", b"HTTP/11"),
)
_CONNECTIONS: Final = (
    *(b"close", b"Close", b"CLOSE ", b"keep-alive, Upgrade", b"close, keep-alive", b"keep-alive, close", b"upgrade"),
    *(b"", b"\tkeep-alive\t", b"keep-alive\xa0", b"keep-alive;", b"keep_alive", b"te", b"Keep-Alive"),
)
_LENGTHS: Final = (b"5", b"+0", b"-1", b"0,0", b"x", b"", b"0x5", b"9" * 30, b"\xb2", b"5\r\nContent-Length: 5")
_CODINGS: Final = (
    *(b"chunked", b"identity", b"gzip", b"gzip, chunked", b"chunked, chunked", b"xchunked", b"", b"\x0bchunked"),
    b"chunked\r\nContent-Length: 0",
)
_FORM: Final = b"Content-Type: application/x-www-form-urlencoded"
_SETTINGS: Final = b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"
_SIZES: Final = (4000, 7000, 7500, 7900, 8000, 8190, 9000, 16_000, 32_700, 33_000)
_COUNTS: Final = (50, 60, 62, 63, 64, 65, 66, 90, 99, 101, 150)

FIELDS: Final[dict[str, tuple[bytes, ...]]] = {
    "underscores": (
        *(b"X_Y: a", b"Authorization_: Bearer x", b"X_Request_Id: forged", b"HOST_: b", b"_: c", b"Content_Length: 5"),
        b"Transfer_Encoding: chunked",
    ),
    "colons": (
        *(b"X-A : b", b"Authorization : Bearer x", b"Host\t: b", b": a", b"a", b"a b: c", b":", b"a;b: c", b"(a): b"),
        *(b"Content-Length : 0", b"Transfer-Encoding : chunked"),
    ),
    "folds": (b"X-A: b\r\n c", b"X-A: b\r\n\tc", b" X-A: b", b"\tb", b" ", b"X-A:\r\n b", b"Host:\r\n a"),
    "line ends": (b"X-A: b\nX-B: c", b"X-A: b\n", b"\nX-A: b", b"X-A: b\r", b"X-A: b\rX-B: c", b"\rX: b", b"X: b\r\r"),
    "controls": (b"X: \x00", b"X\x00A: b", b"X: \x7f", b"X: \x01", b"X: \x0b", b"X: \x1f", b"X-\x7f: a", b"X:\x0c b"),
    "wide": (b"X-\xe9: a", b"\xff: a", b"X: \x80\xff", b"Host\xa0: b", b"X:\xa0b\xa0", b"X:\x85b", b"\xdf: a"),
    "hosts": (b"Host: second", b"HOST:", b"host:\tthird"),
    "authorizations": (b"Authorization: Bearer x", b"AUTHORIZATION: Token y", b"authorization:", b"Authorization: a"),
    "request ids": (b"X-Request-Id: second", b"x-request-id:", b"X-REQUEST-ID: third"),
    "connections": tuple(b"Connection:" + space + each for each in _CONNECTIONS for space in (b" ", b"")),
    "no length": (b"content-length:0", b"Content-Length: 0\r\nContent-Length: 0", b"Content-Length: 00"),
    "lengths": (*(b"Content-Length: " + each for each in _LENGTHS), b"Content-Length: 0\r\nContent-Length: 5"),
    "codings": tuple(b"Transfer-Encoding: " + each for each in _CODINGS),
    "expectations": (b"Expect: 100-continue", b"expect:100-Continue", b"Expect: 200-ok", b"Expect:"),
    "upgrades": (
        *(b"Upgrade: websocket\r\nConnection: upgrade", b"Upgrade: h2c\r\n" + _SETTINGS, b"HTTP2-Settings:"),
        b"Upgrade: h2c\r\n" + _SETTINGS + b"\r\nConnection: Upgrade, HTTP2-Settings",
    ),
    "types": (*[_FORM] * 2, b"Content-Type: text/plain", b"Content-Type: a\r\ncontent-type: b", b"Content-Type:"),
    "trailers": (b"Trailer: X-A", b"Trailer: Authorization"),
    "long": tuple(b"X-Long: " + b"a" * size for size in _SIZES),
    "many": tuple(b"\r\n".join([b"A: b"] * count) for count in _COUNTS),
}
"""Lines to put among the fields."""

ONE_ANSWER: Final = {
    *("underscores", "authorizations", "request ids", "connections", "no length", "types", "many", "trailers"),
}
"""With these a request is answered or refused as soon as its head has arrived. The connection may stay open."""

LINES: Final[dict[str, list[dict[str, bytes]]]] = {
    "target": [{"path": each} for each in TARGETS],
    "method": [{"method": each} for each in METHODS],
    "version": [{"version": each} for each in VERSIONS],
}
"""What to put into the request line."""

BARE_LF: Final = re.compile(rb"(?<!\r)\n")
BYTES: Final = b"\x00\t\n\r\x0b\x1f !#%:;?@_\x7f\x80\xa0\xff\xe9aZ0/"


@dataclass(frozen=True)
class Example:
    """Bytes to send, in these pieces; what is known of them; and the methods of the requests in them.

    `last`: nothing can follow on the connection, because it is not known how many answers come.
    """

    head: Head
    nasty: str
    pieces: list[bytes]
    methods: list[bytes]
    last: bool

    @property
    def raw(self) -> bytes:
        return b"".join(self.pieces)


QUERIES: Final = (
    *(b"#", b"#x", b"#&", b"%", b"%00", b"%23", b"+", b";", b"&&", b"\\", b"|", b'"', b"{", b"[", b"://", b" "),
    *(b"#", b"#", b"\xff", b"=", b"\x7f", b"\t", b"?", b"&action=live", b"&at=1", b"&stream=cam1", b"'"),
)
"""What to put somewhere into the query."""

CASES: Final = [
    *((nasty, line) for nasty, lines in FIELDS.items() for line in lines),
    *((nasty, change) for nasty, changes in LINES.items() for change in changes),
    *(("query", part) for part in QUERIES),
    *((nasty, None) for nasty in ("bytes", "bytes", "tail", "behind", "cut off", "front") for _ in range(10)),
]
"""What may be wrong or rare in a head."""


class NastyHeads(Heads):
    """Makes examples: every other one is a plain head, the rest take all CASES in turn."""

    def __init__(self, rng: random.Random, tokens: dict[str, str]) -> None:
        super().__init__(rng, tokens)
        self._cases = cycle(rng.sample(CASES, len(CASES)))

    def examples(self) -> Iterator[Example]:
        """They never end."""
        for nasty, what in self._cases:
            yield self._example("", self.plain())
            yield self._nasty_example(nasty, what, self.plain())

    def _example(self, nasty: str, head: Head, last: bool = False) -> Example:
        return Example(head, nasty, self._pieces(head.raw), [head.method], last)

    def _granted(self) -> Head:
        """A check of a stream that is granted."""
        query = b"?token=" + self._tokens["stream of all"] + b"&stream=cam1&action=live"
        return Head("stream of all", b"GET", b"/stream/check", query)

    def _nasty_example(self, nasty: str, what: Any, head: Head) -> Example:
        if what is _FORM:
            return self._example(nasty, replace(self._granted(), method=b"POST", fields=[what]), last=True)
        if nasty in FIELDS:
            changed = head.with_field(self._rng, what)
            if self._rng.random() < 0.2:
                return self._example(nasty, replace(changed, method=b"POST"), last=True)
            return self._example(nasty, changed, last=nasty not in ONE_ANSWER)
        if nasty in LINES:
            return self._example(nasty, replace(head, **what), last=True)
        if nasty == "query":
            head = self._granted()
            place = self._rng.choice([len(head.query), 1 + int(self._rng.random() * len(head.query))])
            return self._example(nasty, replace(head, query=head.query[:place] + what + head.query[place:]), last=True)
        if nasty == "behind":
            heads = [head, *(self.plain() for _ in range(self._rng.randint(1, 4)))]
            pieces = self._pieces(b"".join(each.raw for each in heads))
            return Example(head, nasty, pieces, [each.method for each in heads], last=False)
        return Example(head, nasty, self._pieces(self._broken(nasty, head.raw)), [head.method], last=True)

    def _broken(self, how: str, raw: bytes) -> bytes:
        rng = self._rng
        place = 1 + int(rng.random() * (len(raw) - 1))  # one draw, however long today's tokens are
        if how == "cut off":
            return raw[:place]
        if how == "tail":
            return raw + some(rng, BYTES, rng.randint(1, 5))
        if how == "front":
            return rng.choice([b"\r\n", b"\r\n\r\n", b"\n", b"\r", b" ", b"\t", b"\x00", b"\xef\xbb\xbf"]) + raw
        changed = rng.choice([b"", some(rng, BYTES, 1), some(rng, range(256), 1)])
        return raw[:place] + changed + raw[place + rng.randint(0, 1) :]

    def _pieces(self, raw: bytes) -> list[bytes]:
        """The bytes in one piece, or cut in the head of the first request.

        What follows a head arrives with its end, and a head that is refused before its end arrives whole: else the
        answer would depend on how much has arrived at some moment.
        """
        rng, end = self._rng, raw.find(b"\r\n\r\n") + 3
        if rng.random() < 0.85 or end < 5 or len(raw) > LINE_BYTES or BARE_LF.search(raw):
            return [raw]
        cuts = {1 + int(rng.random() * end) for _ in range(rng.randint(1, 4))}
        places = [0, *sorted(cuts), len(raw)]
        return [raw[begin:stop] for begin, stop in zip(places, places[1:], strict=False)]
