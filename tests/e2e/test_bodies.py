"""Pins how a real gunicorn reads a body: all of it within 16 KiB, or a refusal and no login, whatever its framing."""

from collections.abc import Iterator

import pytest

from tests.conftest import Gunicorn, add_user, serve
from tests.e2e import wire
from tests.e2e.faults import digests
from tools.private_mariadb import Server

LIMIT = 16 * 1024
OTHER = b"username=nobody&password=password"


@pytest.fixture(scope="module")
def services(migrated: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Gunicorn]]:
    """A service for each ERROR_STATUS."""
    logs = tmp_path_factory.mktemp("bodies")
    running = {status: serve(logs / status, migrated, ERROR_STATUS=status) for status in ("php", "http")}
    yield running
    for each in running.values():
        each.stop()


@pytest.fixture
def service(services: dict[str, Gunicorn], database: Server) -> Gunicorn:
    add_user(database, "admin")
    return services["php"]


def padded(size: int) -> bytes:
    """A login whose body has that many bytes; the username is the last of them."""
    end = b"&password=password&username=admin"
    return b"pad=" + b"x" * (size - 4 - len(end)) + end


def test_a_body_of_exactly_16_kib_is_read_to_its_end(service: Gunicorn) -> None:
    assert wire.parse(service.send(wire.post(padded(LIMIT)))).code == "ok"
    assert wire.parse(service.send(wire.chunked(padded(LIMIT)[:9000], padded(LIMIT)[9000:]))).code == "ok"


@pytest.mark.parametrize(("status", "expected"), [("php", 200), ("http", 413)])
def test_a_byte_more_is_refused_in_every_framing(
    services: dict[str, Gunicorn], database: Server, status: str, expected: int
) -> None:
    add_user(database, "admin")
    login_first = wire.LOGIN + b"&pad=" + b"x" * (LIMIT + 1 - len(wire.LOGIN) - 5)
    pieces = [login_first[at : at + 1000] for at in range(0, len(login_first), 1000)]
    for request in (wire.post(login_first), wire.chunked(login_first), wire.chunked(*pieces)):
        answer = wire.parse(services[status].send(request))
        assert (answer.status, answer.code) == (expected, "2400")
    assert digests(database) == []


@pytest.mark.parametrize("size", [LIMIT + 1, 10_000_000, 10**30])
def test_a_declared_size_over_the_limit_is_refused_before_any_of_it_is_sent(service: Gunicorn, size: int) -> None:
    with wire.connect(service) as client:
        client.sendall(wire.post(b"", length=size))
        assert wire.read_answer(client).code == "2400"


def test_a_large_body_that_is_sent_all_the_same_still_meets_its_answer(service: Gunicorn) -> None:
    large = wire.LOGIN + b"&pad=" + b"x" * 60_000
    with wire.connect(service) as client:
        client.sendall(wire.post(large))
        assert wire.read_answer(client).code == "2400"


def test_a_chunked_login_works_however_it_is_cut(service: Gunicorn) -> None:
    for cut in range(1, len(wire.LOGIN)):
        answer = wire.parse(service.send(wire.chunked(wire.LOGIN[:cut], wire.LOGIN[cut:])))
        assert answer.code == "ok"
    extended = wire.chunked(wire.LOGIN).replace(b"\r\nusername", b";name=value\r\nusername")
    assert wire.parse(service.send(extended)).code == "ok"


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
    service: Gunicorn, database: Server, request_: bytes
) -> None:
    assert wire.parse(service.send(request_)).code == "2400"
    assert digests(database) == []


@pytest.mark.parametrize(
    "end", [b"zz\r\n", b"-1\r\n", b"5 5\r\n", b"1\r\n&XX0\r\n\r\n", b"0\r\nno colon\r\n\r\n", b"f" * 9]
)
def test_malformed_chunks_are_refused_and_log_nobody_in(service: Gunicorn, database: Server, end: bytes) -> None:
    assert wire.parse(service.send(wire.chunked(wire.LOGIN, end=end))).code == "2400"
    assert digests(database) == []


def test_what_is_sent_beyond_the_declared_size_is_no_part_of_the_login(service: Gunicorn) -> None:
    assert wire.parse(service.send(wire.post(length=len(b"username=admin")))).code == "1157"


def test_both_ways_of_framing_at_once_are_refused(service: Gunicorn, database: Server) -> None:
    both = wire.chunked(wire.LOGIN).replace(b"Transfer", b"Content-Length: %d\r\nTransfer" % len(wire.LOGIN))
    assert wire.parse(service.send(both)).status == 400
    assert digests(database) == []


def test_two_requests_sent_at_once_are_answered_in_order(service: Gunicorn) -> None:
    first = wire.parse(service.send(wire.post(OTHER) + wire.post()))
    assert [first.code, wire.parse(first.rest).code] == ["1142", "ok"]


def test_a_kept_connection_serves_a_login_after_a_refused_one(service: Gunicorn) -> None:
    with wire.connect(service) as client:
        for body, code in ((OTHER, "1142"), (b"", "1157"), (wire.LOGIN, "ok"), (OTHER, "1142"), (wire.LOGIN, "ok")):
            client.sendall(wire.post(body))
            assert wire.read_answer(client).code == code


@pytest.mark.parametrize("target", [b"/v1/oauth/", b"/v1/nothing", b"/"], ids=["too large", "2600", "no door"])
def test_a_request_inside_an_unread_body_is_never_answered(
    service: Gunicorn, database: Server, target: bytes
) -> None:
    body = b"x" * LIMIT + b"\r\n\r\n" + wire.post()
    answer = wire.parse(service.send(wire.post(body, target)))
    assert b"access_token" not in answer.body + answer.rest
    assert digests(database) == []
