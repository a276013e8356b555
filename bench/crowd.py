"""A crowd of connections that an attacker holds, and a client that behaves well beside them."""

import select
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from bench.caller import Caller
from bench.processes import HOST
from bench.report import BenchError

NO_MORE_BYTES = 4096
"""The receive buffer of a client that does not read."""

BETWEEN = 0.05
"""Seconds between two requests of the client that behaves well."""


@dataclass(frozen=True)
class Attack:
    """What each connection of a crowd sends: `first` at once, then `drip` every `pause` seconds."""

    name: str
    count: int
    first: bytes = b""
    drip: bytes = b""
    pause: float = 8.0


class Crowd:
    """The connections while the block runs. They never read and never hang up: what ends them is the service.

    `ended` has the second after the start at which each was ended. They are fewer if the service takes no more.
    """

    def __init__(self, port: int, attack: Attack) -> None:
        self._port, self._attack = port, attack
        self._poll, self._open = select.epoll(), dict[int, socket.socket]()
        self._all: list[socket.socket] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.ended: list[float] = []

    def __enter__(self) -> Self:
        self._started = time.monotonic()
        for _ in range(self._attack.count):
            client = socket.socket()
            self._all.append(client)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, NO_MORE_BYTES)
            client.settimeout(5)
            try:
                client.connect((HOST, self._port))
            except OSError:  # the service takes no more
                break
            client.setblocking(False)
            self._open[client.fileno()] = client
            self._poll.register(client, select.EPOLLRDHUP)
            _send(client, self._attack.first)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Hang up. Again: nothing."""
        self._over.set()
        self._thread.join()
        self._poll.close()
        for client in self._all:
            client.close()

    def _run(self) -> None:
        due = self._started + self._attack.pause
        while not self._over.is_set():
            for number, _ in self._poll.poll(0.05):
                self._poll.unregister(self._open.pop(number))
                self.ended.append(time.monotonic() - self._started)
            if self._attack.drip and time.monotonic() >= due:
                due += self._attack.pause
                for client in self._open.values():
                    _send(client, self._attack.drip)


def _send(client: socket.socket, data: bytes) -> None:
    """As much as goes; a connection that is ended takes nothing."""
    try:
        client.send(data)
    except OSError:
        pass


@dataclass
class Visitor:
    """A client that behaves well: a new connection for each request, one after the other, until it is told to end."""

    port: int
    raw: bytes
    waits: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    held: bool = False
    """Was the last request answered only after the end?"""

    @property
    def worst(self) -> float:
        return max(self.waits, default=0.0)

    def run(self, over: threading.Event) -> None:
        while not over.wait(BETWEEN):
            begun = time.perf_counter()
            try:
                with Caller(self.port) as caller:
                    caller.ask(self.raw, 200)
            except (OSError, BenchError) as error:
                self.failed.append(str(error))
            self.waits.append(time.perf_counter() - begun)
            self.held = over.is_set() and self.waits[-1] > 1


def visited(visitors: list[Visitor], seconds: float, end: Callable[[], None]) -> None:
    """The visitors come for so many seconds; `end` then ends what holds them up, so that the last are answered."""
    over = threading.Event()
    threads = [threading.Thread(target=visitor.run, args=(over,), daemon=True) for visitor in visitors]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    over.set()
    end()
    for thread in threads:
        thread.join()
