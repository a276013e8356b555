"""One request on a connection of its own, and its answer. Written on the socket: the load has two cores with all else.
"""

import re
import socket
from dataclasses import dataclass
from typing import Final

TIMEOUT: Final = 20.0
"""Seconds that a client waits for an answer; a phone waits about as long."""


@dataclass(frozen=True)
class Answer:
    """Status 0: there was no answer, or only a part of one. Whether the request was carried out is not known then."""

    status: int
    body: str = ""


FORM: Final = "application/x-www-form-urlencoded"


def ask(
    address: tuple[str, int], method: str, path: str, token: str = "", form: str = "", content_type: str = FORM
) -> Answer:
    """Send a request and read its answer. A check says nothing of the connection, so that the check loop answers it."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {address[0]}"]
    lines += ["Connection: close", f"Content-Length: {len(form)}"] if method == "POST" else []
    lines += [f"Content-Type: {content_type}"] if form else []
    lines += [f"Authorization: Token {token}"] if token else []
    received = b""
    try:
        with socket.create_connection(address, timeout=TIMEOUT) as connection:
            connection.sendall("\r\n".join([*lines, "", form]).encode())
            while not _is_whole(received) and (data := connection.recv(65536)):
                received += data
    except OSError:
        return Answer(0)
    return parse(received)


def _is_whole(received: bytes) -> bool:
    """Whether all of the answer is there, as its Content-Length says. Without one it ends with the connection; 204 has
    no body."""
    head, end, body = received.partition(b"\r\n\r\n")
    if end and head.split(b" ")[1:2] == [b"204"]:
        return True
    found = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return bool(end and found) and len(body) >= int(found[1])  # type: ignore[index]


def parse(received: bytes) -> Answer:
    """The answer that these bytes are. One whose body is cut off is none."""
    head, end, body = received.partition(b"\r\n\r\n")
    first, *headers = head.decode("latin-1").split("\r\n")
    lengths = [line.partition(":")[2] for line in headers if line.lower().startswith("content-length:")]
    if not end or (lengths and len(body) < int(lengths[0])):
        return Answer(0)
    return Answer(int(first.split(" ")[1]), body.decode(errors="replace"))
