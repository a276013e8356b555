"""config/nginx.conf against the outside: nobody who comes by way of it is local, and nothing else is in reach."""

from itertools import product
from pathlib import Path

import pytest

from tests.e2e import back_end, nginx, wire
from tests.e2e.nginx import Nginx, Site, ask
from tests.e2e.test_nginx_doors import BELOW, DOORS, EXACT, OUTSIDE
from tests.ports import free_port
from tools.private_server import Server

CREATE = b'{"jsonrpc": "2.0", "method": "Auth.CreateApiToken", "params": {"ttl": 0}, "id": 1}'


def tokens(database: Server) -> str:
    return database.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass").strip()


@pytest.mark.parametrize(
    "claimed",
    [
        *((), ("X-Forwarded-For: 127.0.0.1",), ("X-Forwarded-For: ::1", "X-Real-IP: 127.0.0.1"), ("X-Forwarded-For:",)),
        *(("Forwarded: for=127.0.0.1;host=localhost",), ("X-Forwarded-Host: localhost",), ("X_Forwarded_For: x",)),
        *(("Connection: close, X-Forwarded-For, X-Forwarded-Proto",), ("Authorization: Bearer x",)),
    ],
)
def test_who_comes_by_way_of_nginx_is_never_local(front: Nginx, database: Server, claimed: tuple[str, ...]) -> None:
    hosts = (OUTSIDE, "localhost", "127.0.0.1", "[::1]", "LOCALHOST:80", "localhost:8000")
    targets = ("/api/", "/api", "//api//", "/x/../api/", "/api/?X-Forwarded-For=")
    for host, target in product(hosts, targets):
        answer = ask(front, target, *claimed, method="POST", body=CREATE, host=host)
        assert (answer.status, answer.json["error"]["code"]) == (400, -32003)
    assert tokens(database) == "0"


def test_nor_is_who_names_no_host_or_another_in_its_target(front: Nginx, database: Server) -> None:
    length = b"Content-Length: %d\r\n\r\n" % len(CREATE) + CREATE
    for head in (
        *(b"POST /api/ HTTP/1.0\r\n", b"POST /api/ HTTP/1.0\r\nHost:\r\n", b"POST /api/ HTTP/1.1\r\nHost:\r\n"),
        *(b"POST http://localhost/api/ HTTP/1.1\r\nHost: a\r\n", b"POST http://127.0.0.1/api/ HTTP/1.0\r\n"),
    ):
        answer = wire.parse(front.send(head + b"Connection: close\r\n" + length, finish=False))
        assert answer.status == 400
        assert b"<html>" in answer.body or answer.json["error"]["code"] == -32003  # nginx refuses some by itself
    assert tokens(database) == "0"


def test_nor_is_a_call_in_a_batch_or_one_that_wants_no_answer(front: Nginx, database: Server) -> None:
    silent = CREATE.replace(b', "id": 1', b"")
    for body, status, codes in ((b"[%s, %s]" % (CREATE, silent), 200, [-32003]), (silent, 204, [])):
        answer = ask(front, "/api/", method="POST", body=body, host="localhost")
        assert answer.status == status
        assert [each["error"]["code"] for each in (answer.json if answer.body else [])] == codes
    assert tokens(database) == "0"


@pytest.mark.parametrize("header, code", [("", None), ("proxy_set_header X-Forwarded-For $remote_addr;", -32003)])
def test_without_that_header_nginx_would_be_taken_for_a_program_on_the_machine(
    site: Site, database: Server, tmp_path: Path, header: str, code: int | None
) -> None:
    """So the example calls it required: nginx alone sends the name that it calls for the Host."""
    port = free_port()
    place = f"location / {{ {header} proxy_pass http://127.0.0.1:{site.gatepass.port}; }}"
    text = f"server {{ listen 127.0.0.1:{port}; access_log access.log; {place} }}"
    with nginx.started(tmp_path / "nginx", port, text) as bare:
        answer = ask(bare, "/api/", method="POST", body=CREATE)
    assert answer.json.get("error", {}).get("code") == code


@pytest.mark.parametrize("path", ["stream/check", "stream/check/", "metrics", "healthz", "readyz", "openapi.json"])
def test_what_gatepass_has_beside_its_doors_is_out_of_reach_by_any_spelling(tmp_path: Path, path: str) -> None:
    ways = [f"{door.rstrip('/')}/{up}{path}" for door in DOORS for up in ("../" * door.rstrip("/").count("/"),)]
    ways += [way.replace("..", "%2e%2e") for way in ways] + [way.replace("../", "..%2f") for way in ways]
    ways += [f"/{path}", f"//{path}", f"/./{path}", f"/api//..//{path}", f"/api/rest/.././../{path}", f"/%2e/{path}"]
    with back_end.running() as gatepass, back_end.running() as guarded:
        with nginx.running(tmp_path / "nginx", gatepass.port, guarded.port) as front:
            for way in ways:
                ask(front, f"{way}?token=x")
    assert {seen.target for seen in gatepass.seen} == {"/v1/verify/"}
    assert {seen.target for seen in guarded.seen} == {f"/{path}?token=x"}
    assert len(guarded.seen) == len(ways)


@pytest.mark.parametrize(
    "target",
    [
        *("/api/stream/check", "/api/..;/metrics", "/token/%252e%252e/metrics", "/apiops/..%5cmetrics", "/api/metrics"),
        *("/apiops/%3f/../metrics", "/api/rest/stream/check", "/auth/rest/metrics", "/token/stream/check", "/token/x"),
    ],
)
def test_below_a_door_there_is_nothing_but_the_door(front: Nginx, target: str) -> None:
    answer = ask(front, target)
    assert answer.status == 404
    assert answer.json["error"]
    assert b"# HELP" not in answer.body


@pytest.mark.parametrize(
    "target",
    [
        *("/tokens", "/token2", "/apiopsx", "/apiop", "/information", "/info/", "/info/x", "/user", "/user/"),
        *("/User/current", "/user/current/", "/user/current/x", "/auth", "/auth/", "/auth/restx", "/apix", "/API/"),
        *("/api;/", "/api%3b/", "/consol", "/consoles", "/Console/", "/console;/", "/stream", "/stream/"),
    ],
)
def test_what_is_near_a_door_is_guarded(front: Nginx, site: Site, target: str) -> None:
    answer = ask(front, target)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert site.guarded.seen == []


@pytest.mark.parametrize("target", [*EXACT, *(door.rstrip("/") for door in BELOW)])
def test_nobody_is_redirected(front: Nginx, target: str) -> None:
    for method in ("GET", "POST"):
        answer = ask(front, target, method=method)
        assert answer.headers.get("location") in (None, "/console/sign-in/" if target == "/console" else None)
        assert answer.status not in (301, 302, 307, 308)
