"""A head or a trailer section has a limit, whatever gunicorn keeps of it, and is refused before it is parsed.

What is sent here ends where the limit is passed, and the connection stays open: an answer shows that nothing more is
waited for. RECEIVE_SECONDS is long, so no answer is that of a client who stalled.
"""

import pytest

from tests.conftest import Gunicorn
from tests.e2e import wire
from tests.e2e.faults import digests
from tools.private_server import Server

SETTINGS = {"WORKERS": "1", "THREADS": "2", "RECEIVE_SECONDS": "300"}
LINE = b"GET /healthz HTTP/1.1\r\n"
KIB = 1024
CHUNKED = b" HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + wire.FORM + b"\r\n"


def answered(running: Gunicorn, raw: bytes) -> wire.Answer:
    """The only answer to these bytes, on a connection that is closed behind it."""
    with wire.connect(running) as client:
        client.sendall(raw)
        answer = wire.read_answer(client)
        assert answer.rest == b"" and answer.headers["connection"] == "close"
        assert client.recv(1) == b""
    return answer


@pytest.mark.parametrize("field", [b"a_:\r\n", b"a:\r\n", b"a_: b\r\n", b"X-%s: c\r\n" % (b"d" * 500)])
def test_a_head_of_more_than_32_kib_is_refused_before_its_end(running: Gunicorn, field: bytes) -> None:
    head = LINE + field * (41 * KIB // len(field))
    assert answered(running, head).status == 431


@pytest.mark.parametrize("field", [b"a_: b\r\n", b"a: b\r\n", b"a_:\r\n", b"Cookie_: x\r\n"])
def test_100_fields_are_read_and_101_are_refused_kept_or_dropped(running: Gunicorn, field: bytes) -> None:
    close = b"Connection: close\r\n"
    assert answered(running, LINE + close + field * 99 + b"\r\n").status == 200
    assert answered(running, LINE + close + field * 100 + b"\r\n").status == 431
    assert answered(running, LINE + close + field * 4000 + b"\r\n").status == 431


def test_32_kib_in_all_are_read_and_one_byte_more_is_refused(running: Gunicorn) -> None:
    close = b"Connection: close\r\n"
    for size, status in ((32 * KIB, 200), (32 * KIB + 1, 431)):
        one = b"X-One: " + b"x" * 15_000 + b"\r\n"
        other = b"X-Two: "
        head = close + one + other + b"y" * (size - len(close + one + other))
        assert answered(running, LINE + head + b"\r\n\r\n").status == status


def test_a_request_behind_a_refused_head_is_never_answered(running: Gunicorn, database: Server) -> None:
    assert answered(running, LINE + b"a_:\r\n" * 200 + b"\r\n" + wire.post()).status == 431
    assert digests(database) == []


@pytest.mark.parametrize("field", [b"a_:\r\n", b"a:\r\n", b"a_: b\r\n"])
def test_trailers_have_the_same_limits(running: Gunicorn, database: Server, field: bytes) -> None:
    body = b"%x\r\n%s\r\n0\r\n" % (len(wire.LOGIN), wire.LOGIN)
    login = b"POST /v1/oauth/" + CHUNKED + body
    assert wire.parse(running.send(login + field * 100 + b"\r\n")).code == "ok"
    for trailers in (field * 101 + b"\r\n", field * (41 * KIB // len(field))):
        assert answered(running, login + trailers).code == "2400"
    assert len(digests(database)) == 1


def test_a_door_that_reads_no_body_reads_no_trailers(running: Gunicorn) -> None:
    for path in (b"/v1/verify/", b"/healthz", b"/nothing"):
        assert answered(running, b"POST " + path + CHUNKED + b"0\r\n" + b"a_:\r\n" * 8000).status >= 400


def test_a_check_of_a_stream_refuses_trailers_beyond_the_limit(running: Gunicorn) -> None:
    trailers = b"0\r\n" + b"a_:\r\n" * 10_000
    assert answered(running, b"POST /stream/check" + CHUNKED + trailers).status == 403


def test_a_chunk_s_first_line_has_an_end(running: Gunicorn) -> None:
    login = b"POST /v1/oauth/" + CHUNKED
    assert answered(running, login + b"1;" + b"a" * 41 * KIB).code == "2400"
