"""How a real gunicorn frames a body for `/api/`: 64 KiB, a Content-Length there twice, and no second request."""

from tests.conftest import Gunicorn
from tests.e2e import wire
from tools.private_server import Server

LIMIT = 64 * 1024
GOOD = b'{"jsonrpc": "2.0", "method": "Auth.CreateApiToken", "params": {"ttl": 60}, "id": 1}'


def made(database: Server) -> int:
    """How many tokens there are."""
    return int(database.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass"))


def post(body: bytes, *headers: bytes, target: bytes = b"/api/") -> bytes:
    """A request with these headers alone."""
    lines = [b"POST " + target + b" HTTP/1.1", b"Host: localhost", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def length(size: int) -> bytes:
    return b"Content-Length: %d" % size


def test_a_length_that_is_there_twice_alike_is_one_and_any_other_two_are_refused(
    running: Gunicorn, database: Server
) -> None:
    own = length(len(GOOD))
    for headers in ([own, own], [own, b"Accept: */*", own], [own, own, own], [own, own.lower()]):
        assert wire.parse(running.send(post(GOOD, *headers))).json["result"].startswith("gpa_")
    before = made(database)
    chunked = b"Transfer-Encoding: chunked"
    padded = b"Content-Length: 0%d" % len(GOOD)
    for headers in (
        *([own, length(len(GOOD) + 1)], [length(5), own], [own, own, length(0)], [own, padded], [own, length(-1)]),
        *([own, own, chunked], [own, b"Content-Length: "], [own, b"Content-Length: x"]),
    ):
        answer = wire.parse(running.send(post(GOOD, *headers)))
        assert answer.status == 400 and b"gpa_" not in answer.body and answer.headers["connection"] == "close"
    assert made(database) == before == 4


def test_a_second_request_begins_where_the_one_length_ends(running: Gunicorn) -> None:
    own = length(len(GOOD))
    first = wire.parse(running.send(post(GOOD, own, own) + post(GOOD.replace(b'"id": 1', b'"id": 2'), own)))
    assert [first.json["id"], wire.parse(first.rest).json["id"]] == [1, 2]


def test_a_body_of_60_kib_is_read_here_and_one_over_64_kib_refused_unread(running: Gunicorn) -> None:
    large = GOOD + b" " * (60 * 1024 - len(GOOD))
    for body in (large, GOOD + b" " * (LIMIT - len(GOOD))):
        for target in (b"/api/", b"/api", b"//api//"):
            answer = wire.parse(running.send(post(body, length(len(body)), target=target)))
            assert answer.json["result"].startswith("gpa_")
        pieces = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:30_000], body[30_000:]))
        chunked = post(pieces + b"0\r\n\r\n", b"Transfer-Encoding: chunked")
        assert wire.parse(running.send(chunked)).json["result"].startswith("gpa_")
    for size in (LIMIT + 1, 10_000_000, 10**30):
        with wire.connect(running) as client:
            client.sendall(post(b"", length(size)))
            refused = wire.read_answer(client)
            assert (refused.json["error"]["code"], refused.headers["connection"]) == (-32600, "close")
            assert client.recv(1) == b"", "the connection is closed"
