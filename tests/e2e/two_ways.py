"""Sends the same bytes to two services, on connections that stay open, and compares all that comes back."""

import re
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice, zip_longest
from typing import Final

from tests.conftest import Gunicorn
from tests.e2e import wire
from tests.e2e.nasty_heads import Example

DIFFERS: Final = re.compile(rb"(?m)^(Date: )[^\r]*|^(X-Request-Id: )[0-9a-f]{32}(?=\r$)")
"""What differs in every answer: the date, and a request id that the service has made."""

LENGTH: Final = re.compile(rb"\r\nContent-Length: (\d+)\r\n")
CLOSE: Final = b"\r\nConnection: close\r\n"


class Conversation:
    """One connection to a service."""

    def __init__(self, service: Gunicorn) -> None:
        self.client = wire.connect(service)
        self.closed = False
        """The service has hung up."""

    def answers(self, example: Example) -> bytes:
        """As many answers as the example has requests, or, of the last example, all until the service hangs up."""
        if example.last:
            self.client.shutdown(socket.SHUT_WR)
        received, begin = b"", 0
        for method in example.methods:
            while not self.closed and (example.last or _end(received, begin, method) is None):
                received += self._receive()
            end = _end(received, begin, method)
            while not self.closed and CLOSE in received[begin:end]:
                received += self._receive()
            if self.closed or end is None:
                break
            begin = end
        return DIFFERS.sub(rb"\1\2", received)

    def _receive(self) -> bytes:
        data = self.client.recv(65536)
        self.closed = not data
        return data


def _end(received: bytes, begin: int, method: bytes) -> int | None:
    """Where an answer ends that begins there; None if it has not arrived whole, or lasts until the service hangs up."""
    head = received.find(b"\r\n\r\n", begin) + 4
    if head < 4:
        return None
    if method == b"HEAD" or received.startswith(b"HTTP/1.1 204", begin):
        return head
    length = LENGTH.search(received, begin, head)
    end = head + int(length[1]) if length else None
    return end if end and end <= len(received) else None


class Lane:
    """A conversation with each of the two services."""

    def __init__(self, services: Sequence[Gunicorn]) -> None:
        self._services = services
        self._conversations: list[Conversation] = []

    def send(self, piece: bytes) -> None:
        if not self._conversations:
            self._conversations = [Conversation(service) for service in self._services]
        for conversation in self._conversations:
            conversation.client.sendall(piece)

    def answers(self, example: Example) -> list[bytes]:
        """What each has answered. If one has hung up, the next example begins a new conversation."""
        found = [each.answers(example) for each in self._conversations]
        if any(each.closed for each in self._conversations):
            self.close()
        return found

    def close(self) -> None:
        for each in self._conversations:
            each.client.close()
        self._conversations = []


def ask(services: Sequence[Gunicorn], examples: Iterable[Example], lanes: int) -> Iterator[tuple[Example, list[bytes]]]:
    """Each example with what the services answered. So many examples are under way at once, each on its own lane."""
    with ExitStack() as stack:
        made = [Lane(services) for _ in range(lanes)]
        for lane in made:
            stack.callback(lane.close)
        remaining = iter(examples)
        while some := list(islice(remaining, lanes)):
            for pieces in zip_longest(*[example.pieces for example in some], fillvalue=b""):
                for lane, piece in zip(made, pieces, strict=False):
                    if piece:
                        lane.send(piece)
            for lane, example in zip(made, some, strict=False):
                yield example, lane.answers(example)
