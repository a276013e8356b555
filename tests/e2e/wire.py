"""Raw HTTP for tests: requests written byte for byte, answers read byte for byte."""

import json
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from tests.conftest import Gunicorn

LOGIN = b"username=admin&password=password"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `rest` is what came behind it on the same connection."""

    status: int
    headers: dict[str, str]
    body: bytes
    rest: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The error's code, or `ok` for a login that was let in."""
        return "ok" if self.json["success"] else str(self.json["errors"]["code"])


def parse(raw: bytes) -> Answer:
    """The first answer in these bytes."""
    head, _, rest = raw.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin1").split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    length = int(headers.get("content-length", len(rest)))
    return Answer(int(status.split()[1]), headers, rest[:length], rest[length:])


def post(
    body: bytes = LOGIN,
    target: bytes = b"/v1/oauth/",
    headers: bytes = b"Host: gatepass.example\r\n",
    length: int | None = None,
    method: bytes = b"POST",
    version: bytes = b"HTTP/1.1",
) -> bytes:
    """A request with a form for its body; `length` is a Content-Length other than the body's own."""
    size = b"Content-Length: %d\r\n" % (len(body) if length is None else length)
    return method + b" " + target + b" " + version + b"\r\n" + FORM + headers + size + b"\r\n" + body


def check(token: str = "", headers: bytes = b"Host: a\r\n") -> bytes:
    """A check of a token. With these headers it is a plain one, which the main loop answers."""
    presented = b"Authorization: Token %s\r\n" % token.encode() if token else b""
    return b"GET /v1/verify/ HTTP/1.1\r\n" + headers + presented + b"\r\n"


def again(response: TestResponse) -> bytes:
    """The request that this answers, for a real server."""
    request, body = response.request, response.request.environ["wsgi.input"]
    body.seek(0)
    target = request.full_path.removesuffix("?")
    head = [f"{request.method} {target} HTTP/1.0", *(f"{name}: {value}" for name, value in request.headers)]
    return "\r\n".join([*head, "", ""]).encode("latin1") + body.read()


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    """A login whose body comes in chunks."""
    head = b"POST /v1/oauth/ HTTP/1.1\r\nHost: a\r\n" + FORM + b"Transfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end


def log_in(service: Gunicorn) -> Answer:
    """Log in with the right password, on a connection of its own."""
    return parse(service.send(post()))


def connect(service: Gunicorn) -> socket.socket:
    """An open connection; a wait of two minutes for an answer is a failure."""
    return socket.create_connection(("127.0.0.1", service.port), timeout=120)


def rest_of(connection: socket.socket) -> bytes:
    """All that comes until the other side closes, or resets, the connection."""
    received = b""
    with suppress(ConnectionResetError):
        while data := connection.recv(65536):
            received += data
    return received


def read_answer(connection: socket.socket) -> Answer:
    """One answer from a connection that stays open. Raises OSError when none comes."""
    raw = b""
    while b"\r\n\r\n" not in raw or len((answer := parse(raw)).body) < int(answer.headers.get("content-length", 0)):
        data = connection.recv(65536)
        if not data:
            raise ConnectionError(f"closed after {raw!r}")
        raw += data
    return answer
