"""A check leaves the same behind in both ways: numbers in the metrics, a line in the log, and the token's last use."""

import json
import re
import time
from collections.abc import Callable

import pytest

from tests.conftest import Gunicorn, add_user
from tests.e2e import wire
from tools.private_server import Server
from v1.tokens.text import digest

KEYS = {"time", "level", "event", "method", "path", "status", "seconds", "request_id"}
METRICS = re.compile(
    r'^gatepass_(?:token_checks_total\{outcome="(\w+)"|request_seconds_count\{route="(/v1/verify/|/stream/check)",'
    r'status="(\d+)")\} (\S+)$',
    re.MULTILINE,
)


def request(method: str, target: str, token: str, name: str) -> bytes:
    presented = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"{method} {target} HTTP/1.1\r\nHost: a\r\nX-Request-Id: {name}\r\n{presented}\r\n".encode()


def asked(token: str) -> list[tuple[str, str, str, int]]:
    """Method, target, the token in the header, and the status of the answer."""
    return [
        ("GET", "/v1/verify/", token, 200),
        ("HEAD", "/v1/verify", token, 200),
        ("GET", f"/v1/verify/?token={token}", token, 200),
        ("GET", "/v1/verify/", "0" * 40, 401),
        ("GET", "/v1/verify/", "not a token", 401),
        ("GET", "/v1/verify/", "", 401),
        ("GET", f"/stream/check?token={token}&stream=a&action=live", "", 403),
        ("GET", "/stream/check?token=", "", 403),
    ]


EXPECTED = {
    ("ok", "", ""): 3,
    ("invalid", "", ""): 3,
    ("missing", "", ""): 1,
    ("error", "", ""): 1,
    ("", "/v1/verify/", "200"): 3,
    ("", "/v1/verify/", "401"): 3,
    ("", "/v1/verify/", "503"): 1,
    ("", "/stream/check", "403"): 2,
}


@pytest.mark.parametrize("worker", ["CountingWorker", "OrdinaryWay"])
def test_checks_are_counted_logged_and_noted(database: Server, gunicorn: Callable[..., Gunicorn], worker: str) -> None:
    add_user(database, "admin")
    service = gunicorn(database, GUNICORN_CMD_ARGS=f"--worker-class tests.e2e.check_workers.{worker}")
    token, began = wire.log_in(service).json["data"]["access_token"], int(time.time())
    database.sql("UPDATE auth_tokens SET last_access = 1", "gatepass")
    behind = service.log.stat().st_size

    expected = []
    with wire.connect(service) as client:
        for number, (method, target, presented, status) in enumerate(asked(token)):
            client.sendall(request(method, target, presented, f"id-{number}"))
            answer = wire.parse(client.recv(65536)) if method == "HEAD" else wire.read_answer(client)
            assert (answer.status, answer.headers["x-request-id"]) == (status, f"id-{number}")
            expected.append((method, target.partition("?")[0], status, f"id-{number}"))
        expected.append(("GET", "/v1/verify/", 503, "id-down"))
        database.sql("RENAME TABLE users TO users_away", "gatepass")
        try:
            client.sendall(request("GET", "/v1/verify/", token, "id-down"))
            assert wire.read_answer(client).status == 503
        finally:
            database.sql("RENAME TABLE users_away TO users", "gatepass")
    text = service.send(b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n").decode()
    assert {tuple(key): float(value) for *key, value in METRICS.findall(text)} == EXPECTED

    service.stop()
    assert int(database.sql("SELECT last_access FROM auth_tokens", "gatepass")) >= began
    written = service.log.read_bytes()[behind:].decode()
    assert token not in written and digest(token) not in written
    lines = [json.loads(line) for line in written.splitlines() if '"event": "request"' in line]
    checks = [line for line in lines if line["path"] != "/metrics"]
    assert [(each["method"], each["path"], each["status"], each["request_id"]) for each in checks] == expected
    assert all(each.keys() == KEYS for each in checks)
