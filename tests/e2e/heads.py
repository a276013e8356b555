"""Heads of token checks, made by a seeded generator: plain ones, in whatever way a client may write them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle
from typing import Final

NAME_BYTES: Final = b"!#$%&'*+.^`|~-09AZaz"
VALUE_BYTES: Final = bytes([9, *range(0x20, 0x7F), *range(0x80, 0x100)])
ACTIONS: Final = (b"live", b"live", b"dvr", b"copy", b"record", b"")
SPACES: Final = (b" ", b" ", b" ", b"", b"\t", b"  ", b" \t ")
IDS: Final = (b"req-17.a_b", b"x" * 64, b"x" * 65, b"a b", b"", b"\xe9", b"<script>", b"a,b", b"0" * 40)
HOSTS: Final = (b"gatepass.example", b"a:80", b"", b"[::1]", b"\xff", b"a b")
OTHERS: Final = (
    *(b"User-Agent: curl/8", b"Accept: */*", b"Accept-Encoding: gzip, br", b"Cookie: a=b; c=d", b"X-Empty:", b"X:"),
    *(b"X-Forwarded-For: 1.2.3.4, 5.6.7.8", b"X-Forwarded-Proto: https", b"Via: 1.1 a", b"TE: trailers", b"DNT:\t1"),
    *(b"X-Original-URI: /a?b=c", b"X-Original-Method: POST", b"Keep-Alive: timeout=5", b"Range: bytes=0-5"),
    *(b"Authorizations: Bearer x", b"X-Authorization: Bearer x", b"Hosts: b", b"Proxy-Connection: close"),
    *(b"If-None-Match: *", b"Forwarded: for=1.2.3.4;host=b", b"Content-Encoding: gzip", b"Transfer: chunked"),
    *(b"Connections: close", b"Upgrade-Insecure-Requests: 1", b"Script-Name: /v1", b"X-HTTP-Method-Override: POST"),
)


@dataclass(frozen=True)
class Head:
    """A request without a body, not yet written as bytes."""

    token: str
    """What kind of token it presents."""
    method: bytes
    path: bytes
    query: bytes
    fields: list[bytes] = field(default_factory=list)
    version: bytes = b"HTTP/1.1"

    @property
    def raw(self) -> bytes:
        target = self.path + self.query
        return b"\r\n".join([b" ".join([self.method, target, self.version]), *self.fields, b"", b""])

    def with_field(self, rng: random.Random, line: bytes) -> "Head":
        """The same with one more line somewhere among its fields."""
        place = rng.randint(0, len(self.fields))
        return replace(self, fields=[*self.fields[:place], line, *self.fields[place:]])


class Heads:
    """Makes plain heads. `tokens`: texts by kind; those whose kind begins with `stream` are asked at /stream/check."""

    def __init__(self, rng: random.Random, tokens: dict[str, str]) -> None:
        self._rng, self._tokens = rng, {kind: text.encode("latin1") for kind, text in tokens.items()}
        self._kinds = cycle(tokens)
        self._streams = [kind for kind in tokens if kind.startswith("stream")]

    def plain(self) -> Head:
        """A check, as a strange but correct client may write it. (Very few of them are declined.)"""
        rng = self._rng
        stream = rng.random() < 0.4
        likely = self._streams if stream else ["mobile", "jwt_access"]
        kind = rng.choice(likely) if rng.random() < 0.4 else next(self._kinds)
        method = b"HEAD" if rng.random() < 0.15 else b"GET"
        slash = rng.choice([b"", b"/"])
        fields = self._fields(b"" if stream else self._authorization(self._tokens[kind]))
        if stream:
            return Head(kind, method, b"/stream/check" + slash, self._stream_query(self._tokens[kind]), fields)
        query = rng.choice([b"", b"", b"", b"?", b"?a=b", b"??", b"?x=%00%ff", b"?a=" + self._tokens[kind]])
        return Head(kind, method, b"/v1/verify" + slash, query, fields)

    def _fields(self, authorization: bytes) -> list[bytes]:
        rng = self._rng
        count = rng.choice([0, 0, 1, 2, 3, 5, 8, rng.randint(9, 66)])
        found = [rng.choice(OTHERS) if rng.random() < 0.7 else self._odd_field() for _ in range(count)]
        if rng.random() < 0.9:
            found.append(self._named(b"Host", rng.choice(HOSTS)))
        if authorization:
            found.append(authorization)
        if rng.random() < 0.5:
            found.append(self._named(b"X-Request-Id", rng.choice([*IDS, *self._tokens.values()])))
        if rng.random() < 0.3:
            found.append(self._named(b"Connection", rng.choice([b"keep-alive", b"Keep-Alive", b"KEEP-ALIVE"])))
        rng.shuffle(found)
        return found

    def _authorization(self, token: bytes) -> bytes:
        """Nearly always one of a right form."""
        rng = self._rng
        scheme = rng.choice([b"Token ", b"Bearer ", b"bearer ", b"TOKEN   ", b"Bearer "])
        odd = (b"", b"Basic ", b"Digest ", b"Bearer\t", b"Bearer a, Bearer ", b"Bearer , ", b"Bearer \xe9")
        if rng.random() < 0.1:
            scheme = rng.choice(odd)
        behind = rng.choice([b""] * 15 + [b"\xa0", b"\x85", b"\t\xa0 "])
        return self._named(b"Authorization", scheme + token + behind) if rng.random() < 0.97 else b""

    def _named(self, name: bytes, value: bytes) -> bytes:
        """The field with its name in some case, and white space around its value."""
        rng = self._rng
        written = rng.choice([name, name.lower(), name.upper(), name.swapcase()])
        return written + b":" + rng.choice(SPACES) + value + rng.choice([b"", b"", b"", b" ", b"\t"])

    def _odd_field(self) -> bytes:
        rng = self._rng
        return some(rng, NAME_BYTES, rng.randint(1, 20)) + b":" + some(rng, VALUE_BYTES, rng.choice([0, 1, 9, 200]))

    def _stream_query(self, token: bytes) -> bytes:
        """Nearly always what a media server asks."""
        rng = self._rng
        stream = rng.choice([b"cam1", b"cam1", b"cam1", b"cam2", b"", b"%63am1", b"a+b"])
        asked = [b"token=" + token, b"stream=" + stream, b"action=" + rng.choice(ACTIONS)]
        if rng.random() < 0.3:
            asked.append(b"at=" + rng.choice([b"1700000100", b"1", b"", b"-1", b"x", b"9" * 20, b"%31"]))
        if rng.random() < 0.1:
            asked.append(rng.choice([b"stream=cam1", b"a=b", b"%ff=%00", b"&&", b";token=x", b"=", b"action=live"]))
        if rng.random() < 0.05:
            asked.pop(0)
        rng.shuffle(asked)
        return b"?" + b"&".join(asked)


def some(rng: random.Random, alphabet: Sequence[int], count: int) -> bytes:
    """So many bytes of the alphabet."""
    return bytes(rng.choices(alphabet, k=count))
