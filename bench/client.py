"""The load: logins over kept-alive HTTP connections, one at a time or by several clients at once."""

import itertools
import json
import re
import socket
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

from bench.processes import HOST
from bench.report import BenchError

OK = ""
WRONG = "1142"
BUSY = "5501"
PAUSE = 0.005
"""Seconds until a login that was refused as busy is tried again."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    """A login page on this machine."""

    port: int
    path: str


class Client:
    """One app on one kept-alive connection. Written on the socket: http.client itself takes a quarter millisecond."""

    def __init__(self, page: Page) -> None:
        self._head = (
            f"POST {page.path} HTTP/1.1\r\nHost: {HOST}:{page.port}\r\nUser-Agent: bench\r\nAccept: */*\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
        )
        self._socket = socket.create_connection((HOST, page.port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def login(self, username: str, password: bytes, expected: str = OK) -> float:
        """One login; its seconds, from before it is sent until all of the answer is here.

        Raises BenchError for any other answer than `expected`: OK or the code of an error.
        """
        seconds, answer = self._ask(username, password)
        if _said(answer) != expected:
            raise BenchError(f"a login as {username} was answered {answer[:600]!r}")
        return seconds

    def login_in_turn(self, username: str, password: bytes) -> None:
        """A login that may be told to come back later: it is tried again until there is a token."""
        while _said((answer := self._ask(username, password)[1])) == BUSY:
            time.sleep(PAUSE)
        if _said(answer) != OK:
            raise BenchError(f"a login as {username} was answered {answer[:600]!r}")

    def _ask(self, username: str, password: bytes) -> tuple[float, bytes]:
        body = urlencode({"username": username, "password": password, "device-info": "bench"})
        raw = f"{self._head}Content-Length: {len(body)}\r\n\r\n{body}".encode()
        started = time.perf_counter()
        self._socket.sendall(raw)
        answer = receive(self._socket)
        return time.perf_counter() - started, answer


def receive(connection: socket.socket) -> bytes:
    """One whole response, whose length its head must tell."""
    received, whole = b"", 0
    while not whole or len(received) < whole:
        data = connection.recv(65536)
        if not data:
            raise BenchError(f"the connection was closed after {received[:600]!r}")
        received += data
        head, end, _ = received.partition(b"\r\n\r\n")
        if end and not whole:
            length = _LENGTH.search(head + b"\r\n")
            if length is None:
                raise BenchError(f"a response without a length: {head!r}")
            whole = len(head) + len(end) + int(length[1])
    return received


def _said(response: bytes) -> str:
    try:
        answer = json.loads(response.partition(b"\r\n\r\n")[2])
        return OK if answer["success"] else str(answer["errors"]["code"])
    except (ValueError, KeyError, TypeError):
        return "no answer of this API"


def load(page: Page, clients: int, total: int, username: str, password: bytes) -> float:
    """Logins a second of this many clients at once, each its own user `<username><number>`.

    Every client logs in once beforehand; then `total` logins are shared between them as each gets free. All of them
    are waited for, so that the rate is that of finished work: a login refused as busy counts once it succeeds.
    """
    numbers = itertools.count()
    ready = threading.Barrier(clients + 1, timeout=120)
    problems: list[BaseException] = []

    def run(name: str) -> None:
        try:
            with Client(page) as client:
                client.login_in_turn(name, password)
                ready.wait()
                while next(numbers) < total and not problems:
                    client.login_in_turn(name, password)
        except (BenchError, OSError, threading.BrokenBarrierError) as error:
            problems.append(error)
            ready.abort()

    threads = [threading.Thread(target=run, args=(f"{username}{number}",), daemon=True) for number in range(clients)]
    for thread in threads:
        thread.start()
    try:
        ready.wait()
        started = time.perf_counter()
    except threading.BrokenBarrierError:
        started = 0.0
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    if problems:
        raise BenchError(f"a client of {page} failed: {problems[0]!r}")
    return total / seconds
