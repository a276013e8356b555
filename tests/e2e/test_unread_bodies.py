"""A request which announces a body that it does not bring is answered, and never makes another one fail.

nginx's `auth_request` passes on the Content-Length of the guarded request, unless it is told otherwise, and no body.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Gunicorn
from tests.e2e import back_end, nginx, wire
from tests.e2e.nginx import Nginx, ask
from tests.ports import free_port

SETTINGS = {"WORKERS": "1", "THREADS": "2", "RECEIVE_SECONDS": "300"}
"""A body is waited for for minutes: no answer here comes because the service gave up."""

LENGTHS = ["Content-Length: 10", "Content-Length: 60000", "Transfer-Encoding: chunked"]
CHECKS = ["/v1/verify/", "/v1/verify", "/stream/check?token=x&stream=cam1&action=live", "/stream/check/"]

PLAIN = """\
upstream gatepass {{ server 127.0.0.1:{gatepass}; keepalive 4; }}
server {{
    listen 127.0.0.1:{port};
    access_log access.log;
    location / {{ auth_request /check; proxy_pass http://127.0.0.1:{guarded}/; }}
    location = /check {{
        internal;
        proxy_pass http://gatepass/v1/verify/;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
    }}
}}
"""
"""nginx as people write it: nothing is said of the check's body. Every check may use a kept connection."""


@pytest.mark.parametrize("announced", LENGTHS)
@pytest.mark.parametrize("target", [*CHECKS, "/healthz", "/readyz", "/nothing", "/v1/sessions/", "/openapi.json"])
def test_a_body_that_is_announced_and_not_brought_is_not_waited_for(
    running: Gunicorn, target: str, announced: str
) -> None:
    with wire.connect(running) as client:
        client.sendall(f"GET {target} HTTP/1.1\r\nHost: a\r\n{announced}\r\n\r\n".encode())
        answer = wire.read_answer(client)
        assert answer.headers["connection"] == "close" and answer.rest == b""
        assert client.recv(1) == b"", "nothing else is answered here"


@pytest.mark.parametrize("path", [b"/v1/verify/", b"/stream/check", b"/healthz"])
def test_a_body_that_is_brought_is_never_read_as_a_request(running: Gunicorn, path: bytes) -> None:
    hidden = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    for length, answers in ((len(hidden), 2), (2 * len(hidden), 1), (2 * len(hidden) + 1, 1), (4000, 1)):
        head = b"GET " + path + b" HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % length
        assert running.send(head + hidden + hidden).count(b"HTTP/1.1 ") == answers
    broken = b"GET " + path + b" HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"
    assert running.send(broken + hidden).count(b"HTTP/1.1 ") == 1


def test_a_body_that_no_door_reads_is_skipped_as_far_as_it_is_here(running: Gunicorn) -> None:
    with wire.connect(running) as client:
        for request in (wire.post(b"x" * 5000), wire.chunked(b"a" * 5000), wire.post(b"")):
            client.sendall(request.replace(b"/v1/oauth/", b"/v1/verify/"))
            answer = wire.read_answer(client)
            assert (answer.status, answer.headers["connection"]) == (401, "keep-alive")
    with wire.connect(running) as client:
        client.sendall(wire.chunked(*[b"a" * 8000] * 20).replace(b"/v1/oauth/", b"/v1/verify/"))
        assert wire.read_answer(client).headers["connection"] == "close"


def test_a_check_without_a_body_keeps_its_connection(running: Gunicorn) -> None:
    for more in ("", "Content-Length: 0\r\n"):
        with wire.connect(running) as client:
            for _ in range(3):
                client.sendall(f"GET /v1/verify/ HTTP/1.1\r\nHost: a\r\n{more}\r\n".encode())
                assert wire.read_answer(client).headers["connection"] == "keep-alive"


def test_a_body_that_was_read_keeps_its_connection(running: Gunicorn) -> None:
    with wire.connect(running) as client:
        for request in (wire.post(), wire.chunked(wire.LOGIN), wire.post()):
            client.sendall(request)
            answer = wire.read_answer(client)
            assert (answer.code, answer.headers["connection"]) == ("ok", "keep-alive")


@pytest.fixture
def plain(running: Gunicorn, tmp_path: Path) -> Iterator[Nginx]:
    """That nginx before a back end."""
    nginx.command()
    port = free_port()
    with back_end.running() as guarded:
        text = PLAIN.format(gatepass=running.port, port=port, guarded=guarded.port)
        with nginx.started(tmp_path / "nginx", port, text) as front:
            yield front


def test_nginx_that_passes_on_the_length_checks_every_request_rightly(running: Gunicorn, plain: Nginx) -> None:
    bearer = nginx.bearer(wire.log_in(running))
    for _ in range(3):
        for body in (b"x", b"y" * 500, b""):
            assert ask(plain, "/page", bearer, method="POST", body=body).status == 200
            assert ask(plain, "/page", method="POST", body=body).status == 401
            assert ask(plain, "/page", bearer).status == 200
