"""The load finds out a service that breaks its promises, here one that does so on purpose."""

import itertools
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.serving import serving
from tools.cluster.http_client import Answer, parse
from tools.cluster.ledger import Ledger
from tools.cluster.load import Client, Load, check
from tools.cluster.processes import wait


class Service(ThreadingHTTPServer):
    """A service without a database. `fault` says which promise it breaks, from its fifth login on."""

    daemon_threads = True

    def __init__(self, fault: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.fault, self.numbers, self.good = fault, itertools.count(1), set[str]()

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.server_address[1]


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._log_in() if self.path == "/v1/oauth/" else self._log_out()

    def do_GET(self) -> None:
        self._answer(200 if self._token() in self.server.good else 401, "")

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""

    def _token(self) -> str:
        return self.headers["Authorization"].removeprefix("Token ")

    def _log_in(self) -> None:
        number = next(self.server.numbers)
        if number < 5 or self.server.fault != "lost":
            self.server.good.add(str(number))
        self._answer(200, json.dumps({"success": True, "data": {"access_token": str(number)}}))

    def _log_out(self) -> None:
        if self.server.fault != "revived":
            self.server.good.discard(self._token())
        self._answer(200, json.dumps({"success": True, "data": {"revoked": 1}}))

    def _answer(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())


def answered(fault: str) -> Ledger:
    """What two clients noted who loaded this service until it had answered 40 logins."""
    with Service(fault) as service, serving(service):
        load = Load(service.address, clients=2)
        wait(lambda: load.logins() >= 40, "logins")
        book, _ = load.stop()
        for token in book.tokens:
            book.afterwards(token, check(service.address, token), "the service")
    return book


def test_a_service_that_keeps_its_promises_has_no_breach() -> None:
    book = answered("none")
    assert book.examples == [] and book.counts["failed"] == 0
    assert book.counts["revocations"] > 0 and book.counts["afterwards"] == len(book.tokens) == book.counts["logins"]


def test_a_lost_login_is_counted_when_it_is_checked_and_afterwards() -> None:
    counts = answered("lost").counts
    assert counts["wrong"] >= 1 and counts["lost"] >= 1 and counts["revived"] == 0


def test_a_revoked_token_that_is_still_good_is_counted() -> None:
    counts = answered("revived").counts
    assert counts["revived"] >= 1 and counts["wrong"] == counts["lost"] == 0


def test_where_nobody_listens_a_login_fails_and_promises_nothing() -> None:
    with Service("none") as service:
        address = service.address
    client = Client(0, address)
    client.turn()
    assert client.ledger.counts == {"failed": 1, "failed logins: no answer": 1} and not client.ledger.tokens


@pytest.mark.parametrize(
    "received, expected",
    [
        (b"", Answer(0)),
        (b"HTTP/1.1 200 OK\r\nContent-Le", Answer(0)),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nx", Answer(0)),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nxy", Answer(200, "xy")),
        (b"HTTP/1.0 503 No server\r\n\r\n<html>", Answer(503, "<html>")),
    ],
)
def test_an_answer_that_is_cut_off_is_none(received: bytes, expected: Answer) -> None:
    assert parse(received) == expected
