"""Pins that whatever is sent, every line of a running service's log is one JSON object, and none holds a secret."""

import hashlib
import json
from collections.abc import Iterator

import pytest

from tests.conftest import Gunicorn, add_user, serve
from tests.e2e import wire
from tools.private_mariadb import Server

SECRET = "hunter2"
BODY = f"username=admin&password={SECRET}".encode()
COST_4 = "$2y$04$abcdefghijklmnopqrstuu4cEUgYX5t8H.Eyyu2NeSy7lAsuXRUpq"


@pytest.fixture
def service(database: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gunicorn]:
    add_user(database, "admin")
    started = serve(tmp_path_factory.mktemp("lines") / "log", database, RECEIVE_SECONDS="1")
    yield started
    started.stop()


def lines(service: Gunicorn) -> list[dict]:
    """The log, a line an object, and no secret in it."""
    text = service.log.read_text()
    assert SECRET not in text
    assert hashlib.sha1(SECRET.encode()).hexdigest() not in text
    found = [json.loads(line) for line in text.splitlines()]
    assert all(isinstance(each, dict) and {"time", "level"} <= each.keys() for each in found)
    return found


def test_a_login_is_one_line_without_its_query_password_token_or_digest(service: Gunicorn) -> None:
    target = b"/v1/oauth/?username=admin&password=password&debug=1"
    answers = [wire.parse(service.send(request)) for request in (wire.post(), wire.post(b"", target))]
    found = lines(service)[-2:]

    assert [answer.code for answer in answers] == ["ok", "ok"]
    for answer, line in zip(answers, found, strict=True):
        token = answer.json["data"]["access_token"]
        assert line.keys() == {"time", "level", "event", "method", "path", "status", "seconds", "request_id"}
        assert (line["event"], line["method"], line["path"], line["status"]) == ("request", "POST", "/v1/oauth/", 200)
        assert line["request_id"] == answer.headers["x-request-id"]
        for secret in ("password", token, hashlib.sha1(token.encode()).hexdigest(), "admin", "?"):
            assert secret not in json.dumps(line)


@pytest.mark.parametrize(
    "target",
    [
        *(b'/v1/a%0a{"level":"error"}', b"/v1/a%0d%0ab", b"/v1/%ff%fe", b"/v1/%ed%a0%80", b"/v1/%00%1b[31m", b"/%0a"),
        *(b"/v1/%E2%80%A8%C2%85", b'/v1/"%22\\', b"http://a/v1/%0a", b"/v1/oauth/%0a", b"/v1/" + b"x" * 8000),
    ],
)
def test_a_path_of_any_bytes_stays_one_line(service: Gunicorn, target: bytes) -> None:
    before = len(lines(service))
    service.send(wire.post(BODY, target + b"?password=" + SECRET.encode()))

    assert [line["event"] for line in lines(service)[before:]] == ["request"]


@pytest.mark.parametrize(
    "request_",
    [
        wire.post(BODY),
        wire.post(b"", b"/v1/oauth/?" + BODY + b"&device-info=" + b"x" * 201),
        wire.post(b"", b"/v1/nothing?" + BODY, method=b"PUT"),
        wire.post(BODY + b"&x=" + b"x" * 20_000),
        wire.post(BODY, length=900),
        wire.chunked(BODY, end=b"zz\r\n"),
        wire.post(b"username=admin%0a%7b%7d%00%ff&password=" + SECRET.encode() + b"&debug=1"),
        wire.post(BODY, headers=b'Host: a\r\nX-Request-Id: {"level":"error"}\r\nUser-Agent: \xff\r\n'),
    ],
)
def test_a_refused_login_writes_json_and_no_secret(service: Gunicorn, request_: bytes) -> None:
    service.send(request_)
    assert lines(service)


@pytest.mark.parametrize(
    "request_",
    [
        wire.post(b"", b"/v1/oauth/?username=j\xc3\xbcrgen&password=" + SECRET.encode()),
        wire.post(b"", b"/v1/oauth/?username=admin&password=my " + SECRET.encode()),
        wire.post(b"", b"/v1/oauth/?password=" + SECRET.encode() + b"x" * 9000),
        b"POST /v1/oauth/ HTTP/1.1\r\nHost: a\r\n" + BODY + b"\r\n\r\n",
        b"POST /v1/oauth/ HTTP/1.1\r\nHost: a\r\nX-" + BODY + b" : \r\n\r\n",
        wire.post(BODY + b"\r\n\r\n", length=14),
        wire.chunked(b"username=admin", end=SECRET.encode() + b"\r\n"),
        wire.post(headers=b"Host: a\r\nExpect: " + BODY + b"\r\n"),
        b"POST /v1/oauth/?" + BODY + b"\n\n",
        BODY,
    ],
    ids=[
        *("umlaut in the query", "space in the query", "query too long", "body among the headers", "header name"),
        *("body longer than declared", "chunk size", "expectation", "bare newlines", "no HTTP at all"),
    ],
)
def test_what_the_parser_refuses_is_told_in_json_without_a_word_of_it(service: Gunicorn, request_: bytes) -> None:
    service.send(request_)
    lines(service)


def test_a_client_that_stalls_writes_json_and_no_secret(service: Gunicorn) -> None:
    for begun in (wire.post(BODY, length=900), b"POST /v1/oauth/?" + BODY):
        with wire.connect(service) as stalled:
            stalled.sendall(begun)
            while stalled.recv(65536):
                pass
    lines(service)


def test_a_clean_start_and_stop_write_json_alone(service: Gunicorn) -> None:
    wire.log_in(service)
    service.stop()
    assert lines(service)
