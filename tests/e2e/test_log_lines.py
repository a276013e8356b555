"""Whatever is sent, every line of a running service's log is one JSON object, and none holds a secret."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.conftest import Gunicorn
from tests.e2e import wire
from tools.private_server import Server

SETTINGS = {"RECEIVE_SECONDS": "1"}
SECRET = "hunter2"
BODY = f"username=admin&password={SECRET}".encode()


@dataclass(frozen=True)
class Watched:
    """A service, and how long its log was when the test began."""

    service: Gunicorn
    begin: int = 0

    def send(self, request: bytes) -> bytes:
        return self.service.send(request)

    def lines(self) -> list[dict]:
        """What was logged since: a line an object, and no secret in it."""
        text = self.service.log.read_bytes()[self.begin :].decode()
        assert SECRET not in text
        assert hashlib.sha1(SECRET.encode()).hexdigest() not in text
        found = [json.loads(line) for line in text.splitlines()]
        assert all(isinstance(each, dict) and {"time", "level"} <= each.keys() for each in found)
        return found


@pytest.fixture
def service(running: Gunicorn) -> Watched:
    return Watched(running, running.log.stat().st_size)


def test_a_login_is_three_lines_without_its_query_name_password_token_or_digest(service: Watched) -> None:
    target = b"/v1/oauth/?username=admin&password=password&debug=1"
    answers = [wire.parse(service.send(request)) for request in (wire.post(), wire.post(b"", target))]
    found = service.lines()

    assert [answer.code for answer in answers] == ["ok", "ok"]
    assert [line["event"] for line in found] == 2 * ["token.issued", "login.ok", "request"]
    for number, answer in enumerate(answers):
        issued, login, request = found[3 * number : 3 * number + 3]
        token = answer.json["data"]["access_token"]
        assert {each["request_id"] for each in (login, issued, request)} == {answer.headers["x-request-id"]}
        for happened in (login, issued):
            assert (happened["address"], happened["device"]) == ("127.0.0.1", "Unknown") and happened["user_id"]
        assert request.keys() == {"time", "level", "event", "method", "path", "status", "seconds", "request_id"}
        assert (request["method"], request["path"], request["status"]) == ("POST", "/v1/oauth/", 200)
        for secret in ("password", token, hashlib.sha1(token.encode()).hexdigest(), "admin", "?"):
            assert secret not in json.dumps([login, issued, request])


@pytest.mark.parametrize(
    "target",
    [
        *(b'/v1/a%0a{"level":"error"}', b"/v1/a%0d%0ab", b"/v1/%ff%fe", b"/v1/%ed%a0%80", b"/v1/%00%1b[31m", b"/%0a"),
        *(b"/v1/%E2%80%A8%C2%85", b'/v1/"%22\\', b"http://a/v1/%0a", b"/v1/oauth/%0a", b"/v1/" + b"x" * 8000),
    ],
)
def test_a_path_of_any_bytes_stays_one_line(service: Watched, target: bytes) -> None:
    service.send(wire.post(BODY, target + b"?password=" + SECRET.encode()))

    assert [line["event"] for line in service.lines()] == ["request"]


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
)
def test_what_is_refused_writes_json_and_no_secret(service: Watched, request_: bytes) -> None:
    service.send(request_)
    assert service.lines() or request_ == BODY  # of which not even a line has come


def test_a_client_that_stalls_writes_json_and_no_secret(service: Watched) -> None:
    for begun in (wire.post(BODY, length=900), b"POST /v1/oauth/?" + BODY):
        with wire.connect(service.service) as stalled:
            stalled.sendall(begun)
            while stalled.recv(65536):
                pass
    assert service.lines(), "what stalled in its body is logged"


def test_a_clean_start_and_stop_write_json_alone(database: Server, gunicorn: Callable[..., Gunicorn]) -> None:
    started = gunicorn(database)
    wire.log_in(started)
    started.stop()
    assert Watched(started).lines()


def test_a_stop_waits_for_a_client_that_has_its_answer_and_has_not_hung_up(
    database: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    """Left to the end of the process its connection would be reset, and Python would complain of it in the log."""
    started = gunicorn(database)
    with wire.connect(started) as client:
        client.sendall(wire.post(version=b"HTTP/1.0"))
        answer = b"".join(iter(lambda: client.recv(65536), b""))
        started.process.terminate()
        started.process.wait(timeout=60)
        assert b" 200 OK" in answer and client.recv(1) == b""
    assert Watched(started).lines()


def test_an_error_of_a_batch_of_checks_is_logged_without_the_id_of_one_request(
    service: Watched, database: Server
) -> None:
    check = b"GET /v1/verify/ HTTP/1.1\r\nAuthorization: Token %040d\r\nX-Request-Id: r%d\r\n\r\n"
    checks = [wire.connect(service.service) for _ in range(5)]
    checks[0].sendall(check % (9, 9))
    assert wire.read_answer(checks[0]).status == 401
    database.sql("RENAME TABLE auth_tokens TO away", "gatepass")
    try:
        for number, client in enumerate(checks):
            client.sendall(check % (number, number))
        assert [wire.read_answer(client).status for client in checks] == [503] * 5
    finally:
        database.sql("RENAME TABLE away TO auth_tokens", "gatepass")
        for client in checks:
            client.close()
    errors = [line for line in service.lines() if line["event"] == "database.error"]
    requests = [line["request_id"] for line in service.lines() if line["event"] == "request"]
    assert errors and {line.get("request_id") for line in errors} == {None}
    assert sorted(requests) == [f"r{number}" for number in (*range(5), 9)]
