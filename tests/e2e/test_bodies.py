"""How a real gunicorn reads a body: all of it within 16 KiB, or a refusal and no login, whatever its framing."""

import pytest

from tests.conftest import Gunicorn
from tests.e2e import wire
from tests.e2e.faults import digests
from tools.private_server import Server

LIMIT = 16 * 1024
OTHER = b"username=nobody&password=password"


def padded(size: int) -> bytes:
    """A login whose body has that many bytes; the username is the last of them."""
    end = b"&password=password&username=admin"
    return b"pad=" + b"x" * (size - 4 - len(end)) + end


def test_a_body_of_exactly_16_kib_is_read_to_its_end(running: Gunicorn) -> None:
    assert wire.parse(running.send(wire.post(padded(LIMIT)))).code == "ok"
    assert wire.parse(running.send(wire.chunked(padded(LIMIT)[:9000], padded(LIMIT)[9000:]))).code == "ok"


def test_a_byte_more_is_refused_in_every_framing(running: Gunicorn, database: Server) -> None:
    login_first = wire.LOGIN + b"&pad=" + b"x" * (LIMIT + 1 - len(wire.LOGIN) - 5)
    pieces = [login_first[at : at + 1000] for at in range(0, len(login_first), 1000)]
    for request in (wire.post(login_first), wire.chunked(login_first), wire.chunked(*pieces)):
        answer = wire.parse(running.send(request))
        assert (answer.status, answer.code) == (200, "2400")
    assert digests(database) == []


@pytest.mark.parametrize("size", [LIMIT + 1, 10_000_000, 10**30])
def test_a_declared_size_over_the_limit_is_refused_before_any_of_it_is_sent(running: Gunicorn, size: int) -> None:
    with wire.connect(running) as client:
        client.sendall(wire.post(b"", length=size))
        assert wire.read_answer(client).code == "2400"


def test_a_large_body_that_is_sent_all_the_same_still_meets_its_answer(running: Gunicorn) -> None:
    large = wire.LOGIN + b"&pad=" + b"x" * 60_000
    with wire.connect(running) as client:
        client.sendall(wire.post(large))
        assert wire.read_answer(client).code == "2400"


def test_a_chunked_login_works_however_it_is_cut(running: Gunicorn) -> None:
    for cut in range(1, len(wire.LOGIN)):
        answer = wire.parse(running.send(wire.chunked(wire.LOGIN[:cut], wire.LOGIN[cut:])))
        assert answer.code == "ok"
    extended = wire.chunked(wire.LOGIN).replace(b"\r\nusername", b";name=value\r\nusername")
    assert wire.parse(running.send(extended)).code == "ok"


@pytest.mark.parametrize(
    "request_",
    [
        wire.post(length=len(wire.LOGIN) + 1),
        wire.post(length=LIMIT),
        wire.chunked(wire.LOGIN, end=b""),
        wire.chunked(wire.LOGIN, end=b"5\r\n&a"),
        wire.chunked(wire.LOGIN, end=b"0\r\n"),
    ],
    ids=["a byte short", "far short", "no last chunk", "half a chunk", "no end of the trailers"],
)
def test_a_body_that_ends_early_is_refused_and_logs_nobody_in(
    running: Gunicorn, database: Server, request_: bytes
) -> None:
    assert wire.parse(running.send(request_)).code == "2400"
    assert digests(database) == []


@pytest.mark.parametrize(
    "end", [b"zz\r\n", b"-1\r\n", b"5 5\r\n", b"1\r\n&XX0\r\n\r\n", b"0\r\nno colon\r\n\r\n", b"f" * 9]
)
def test_malformed_chunks_are_refused_and_log_nobody_in(running: Gunicorn, database: Server, end: bytes) -> None:
    assert wire.parse(running.send(wire.chunked(wire.LOGIN, end=end))).code == "2400"
    assert digests(database) == []


def test_what_is_sent_beyond_the_declared_size_is_no_part_of_the_login(running: Gunicorn) -> None:
    assert wire.parse(running.send(wire.post(length=len(b"username=admin")))).code == "1157"


def test_both_ways_of_framing_at_once_are_refused(running: Gunicorn, database: Server) -> None:
    both = wire.chunked(wire.LOGIN).replace(b"Transfer", b"Content-Length: %d\r\nTransfer" % len(wire.LOGIN))
    assert wire.parse(running.send(both)).status == 400
    assert digests(database) == []


def test_two_requests_sent_at_once_are_answered_in_order(running: Gunicorn) -> None:
    first = wire.parse(running.send(wire.post(OTHER) + wire.post()))
    assert [first.code, wire.parse(first.rest).code] == ["1142", "ok"]


def test_a_kept_connection_serves_a_login_after_a_refused_one(running: Gunicorn) -> None:
    with wire.connect(running) as client:
        for body, code in ((OTHER, "1142"), (b"", "1157"), (wire.LOGIN, "ok"), (OTHER, "1142"), (wire.LOGIN, "ok")):
            client.sendall(wire.post(body))
            assert wire.read_answer(client).code == code


@pytest.mark.parametrize("target", [b"/v1/oauth/", b"/v1/nothing", b"/"], ids=["too large", "2600", "no door"])
def test_a_request_inside_an_unread_body_is_never_answered(
    running: Gunicorn, database: Server, target: bytes
) -> None:
    body = b"x" * LIMIT + b"\r\n\r\n" + wire.post()
    answer = wire.parse(running.send(wire.post(body, target)))
    assert b"access_token" not in answer.body + answer.rest
    assert digests(database) == []
