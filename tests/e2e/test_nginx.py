"""config/nginx.conf in front of Gatepass: what reaches it and how, and what nginx writes down of it."""

import re
import socket
from pathlib import Path

import pytest

from tests.e2e import back_end, nginx, streams, wire
from tests.e2e.nginx import Nginx, ask, bearer, log_in
from tools.private_server import Server
from v1.observe import logs
from v1.settings import Settings

SETTINGS = {"THREADS": "1"}
"""Whoever holds up this one thread of Gatepass stops everybody."""

SECRET = "hunter2"


@pytest.mark.parametrize(
    "example, changed",
    [(nginx.EXAMPLE, nginx.changed(1, 2, 3)), (streams.EXAMPLE, streams.changed(1, 2, Path("/folder")))],
)
def test_nothing_differs_from_the_operators_example_but_the_marked_lines(example: str, changed: str) -> None:
    pairs = zip(example.splitlines(), changed.splitlines(), strict=True)
    different = [before for before, after in pairs if before != after]
    assert different == [line for line in example.splitlines() if ";  # CHANGE" in line]


def test_nginx_lets_go_of_a_connection_before_gunicorn_does() -> None:
    for example in (nginx.EXAMPLE, streams.EXAMPLE):
        ours = re.findall(r"keepalive_timeout (\d+)s;", example)
        assert ours and all(int(each) < Settings.keepalive_seconds for each in ours)


@pytest.mark.parametrize("target", ["/v1/oauth", "/v1/oauth/", "//v1//oauth/", "/v1/oauth/index.php", "/x/../v1/oauth"])
def test_a_login_in_any_form_of_its_path_gets_a_token_and_no_redirect(front: Nginx, target: str) -> None:
    answer = log_in(front, target=target)
    assert (answer.status, answer.code) == (200, "ok")
    assert "location" not in answer.headers


@pytest.mark.parametrize("claimed", ["6.6.6.6", "6.6.6.6, 127.0.0.1", "127.0.0.1"])
def test_the_client_is_the_peer_whatever_it_claims(front: Nginx, database: Server, claimed: str) -> None:
    """The client is 127.0.0.2, and 127.0.0.1 a trusted proxy."""
    headers = f"Host: a\r\nX-Forwarded-For: {claimed}\r\nX-Real-IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n".encode()
    with socket.create_connection(("127.0.0.1", front.port), timeout=60, source_address=("127.0.0.2", 0)) as client:
        client.sendall(wire.post(headers=headers))
        assert wire.read_answer(client).code == "ok"
    assert database.sql("SELECT remote_ip FROM auth_tokens", "gatepass") == "127.0.0.2\n"


def test_gatepass_hears_of_the_client_from_nginx_alone(tmp_path: Path) -> None:
    forged = ("X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: https", "Authorization: x")
    with back_end.running() as gatepass, nginx.running(tmp_path / "nginx", gatepass.port, gatepass.port) as front:
        for target in ("/v1/oauth/", "/page"):
            ask(front, target, *forged, method="POST", body=b"x")

    assert [each.target for each in gatepass.seen] == ["/v1/oauth/", "/v1/verify/", "/page"]
    for seen, token in zip(gatepass.seen, (["x"], ["x"], []), strict=True):
        assert seen.values("X-Forwarded-For") == ["127.0.0.1"]
        assert seen.values("X-Forwarded-Proto") == ["http"]
        assert seen.values("Host") == ["gatepass.example"]
        assert seen.values("Connection") == []
        assert seen.values("Authorization") == token


@pytest.mark.parametrize(
    "offered",
    [
        *("a" * 40, "a" * 64, "A1" * 20, "x" + "0" * 40 + "x", "gpa_x", "x-gpm_1.y", "agpp_1", "a b", "x" * 65, ""),
        *("eyJhbGciOi", "x.eyJ01234567.x", "eyJ-_-_-_-_", "eyJ0123456", "eyJ.0123456789", "eyj0123456789"),
        *("a" * 39, "z" * 40, "a" * 39 + "-a", "gpx_1", "gpa_", "gpa_-1", "gpa-1", "x" * 64, "a-1.2_3"),
    ],
)
def test_nginx_and_gatepass_keep_the_same_request_ids(front: Nginx, offered: str) -> None:
    """None that holds what looks like a token or a digest: a client may have put its own there."""
    answered = log_in(front, f"X-Request-Id: {offered}").headers["x-request-id"]
    (line,) = front.lines(1)
    assert line["request_id"] == answered  # the one that Gatepass was sent, and that it kept
    assert (answered == offered) is (logs.choose_request_id(offered) == offered)


def test_a_client_that_drips_holds_no_thread_of_gatepass(front: Nginx) -> None:
    request = wire.post()
    head = request.index(b"\r\n\r\n") + 4
    with wire.connect(front) as slow:
        for begin, end in ((0, 1), (1, 20), (20, head), (head, head + 5), (head + 5, len(request))):
            slow.sendall(request[begin:end])
            assert end == len(request) or log_in(front).code == "ok"
        assert wire.read_answer(slow).code == "ok"


def test_a_body_too_large_is_refused_in_gatepass_own_words_up_to_a_limit(front: Nginx) -> None:
    assert ask(front, "/v1/oauth/", method="POST", body=b"x" * 20_000).code == "2400"
    assert ask(front, "/v1/oauth/", method="POST", body=b"x" * 70_000).status == 413


def test_the_log_holds_paths_and_no_query_no_token_and_no_body(front: Nginx) -> None:
    login = log_in(front, f"Referer: http://a/?{SECRET}", target=f"/v1/oauth/?password={SECRET}")
    for target in (f"/v1/nothing?{SECRET}", f"/page?token={SECRET}", f"/open?{SECRET}", f"/v1/%0a%22?{SECRET}"):
        ask(front, target, bearer(login), f"User-Agent: {SECRET}")
    ask(front, "/v1/oauth/?" + SECRET, method="POST", body=b"x" * 70_000)
    ask(front, f"/page?{SECRET}", f"Authorization: Token {SECRET}")

    lines = front.lines(7)
    paths = ["/v1/oauth/", "/v1/nothing", "/page", "/open", "/v1/%0a%22", "/v1/oauth/", "/page"]
    assert [line["path"] for line in lines] == paths
    assert [line["status"] for line in lines] == ["200", "200", "200", "200", "200", "413", "401"]
    for secret in (SECRET, "password=", login.json["data"]["access_token"], bearer(login)):
        assert secret not in front.written()
