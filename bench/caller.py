"""Single requests of any door on a kept-alive connection: how long one takes, and what it is answered."""

import json
import socket
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from bench.processes import HOST
from bench.report import BenchError


@dataclass(frozen=True)
class Answer:
    """What came back, read after the clock was stopped. Names of headers are in small letters."""

    seconds: float
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The value in the body."""
        return json.loads(self.body)


class Caller:
    """One client on one connection. Written on the socket: http.client itself takes a quarter millisecond."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()
        self._socket.close()

    def fileno(self) -> int:
        """For a poller."""
        return self._socket.fileno()

    def ask(self, raw: bytes, status: int | None) -> Answer:
        """One request; its seconds are from before it is sent until all of the answer is here.

        Raises BenchError if it is answered with another status; with None any will do.
        """
        started = time.perf_counter()
        self._socket.sendall(raw)
        first, *lines = iter(self._line, b"")
        headers = dict(line.decode("latin1").split(": ", 1) for line in lines)
        headers = {name.lower(): value for name, value in headers.items()}
        body = self._file.read(int(headers.get("content-length", 0)))  # a 204 has none
        answer = Answer(time.perf_counter() - started, int(first.split()[1]), headers, body)
        if status is not None and answer.status != status:
            raise BenchError(f"{raw[:60]!r} was answered {answer.status} and not {status}: {body[:600]!r}")
        return answer

    def _line(self) -> bytes:
        line = self._file.readline()
        if not line.endswith(b"\r\n"):
            raise BenchError(f"the connection was closed after {line!r}")
        return line[:-2]


def get(target: str, token: str = "", *lines: str) -> bytes:
    """A GET as it goes over the wire; with a token, in the header. `lines` are further ones of the head."""
    return _head("GET", target, token, *lines) + b"\r\n"


def post_form(target: str, *lines: str, **fields: str) -> bytes:
    """A POST of a form. `lines` are further ones of the head."""
    return _posted(target, "", "application/x-www-form-urlencoded", urlencode(fields), *lines)


def post_json(target: str, value: Any, token: str = "") -> bytes:
    """A POST of a JSON value; with a token, in the header."""
    return _posted(target, token, "application/json", json.dumps(value))


def _posted(target: str, token: str, media_type: str, body: str, *lines: str) -> bytes:
    framing = f"Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return _head("POST", target, token, *lines) + framing.encode() + body.encode()


def _head(method: str, target: str, token: str, *lines: str) -> bytes:
    head = f"{method} {target} HTTP/1.1\r\nHost: {HOST}\r\nUser-Agent: bench\r\nAccept: */*\r\n"
    further = "".join(f"{line}\r\n" for line in lines)
    return (head + (f"Authorization: Bearer {token}\r\n" if token else "") + further).encode()
