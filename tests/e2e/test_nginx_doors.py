"""config/nginx.conf before the doors: their clients are served, and a dead Gatepass is told in their words."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import back_end, nginx
from tests.e2e.nginx import Nginx, Site, ask, rpc
from tests.ports import free_port
from tools.private_server import Server

EXACT = ("/api", "/token", "/info", "/user/current", "/console")
BELOW = ("/v1/", "/api/", "/api/rest/", "/auth/rest/", "/token/", "/apiops/", "/console/")
DOORS = EXACT + BELOW
JSON = "Content-Type: application/json"
OUTSIDE = "gatepass.example"


@pytest.fixture
def api(site: Site) -> str:
    """An API token that a program on the machine made."""
    return str(rpc(site.gatepass, "Auth.CreateApiToken", ttl=600).json["result"])


def test_an_api_token_makes_stream_tokens_from_anywhere(front: Nginx, api: str) -> None:
    for headers in ([f"Authorization: Bearer {api}"], [f"Authorization: {api}"], []):
        member = {} if headers else {"Token": api}
        answer = rpc(front, "Auth.CreateAccessToken", *headers, host=OUTSIDE, stream="cam1", live=True, **member)
        assert answer.status == 200
        said = {"stream": "cam1", "action": "live", "token": answer.json["result"], "Token": api}
        assert rpc(front, "Auth.CheckAccessToken", host=OUTSIDE, **said).json["result"]["allowed"] is True
    assert rpc(front, "Auth.CreateAccessToken", host=OUTSIDE, stream="cam1").json["error"]["code"] == -32001


def test_of_two_authorization_headers_none_but_the_first_counts(front: Nginx, api: str) -> None:
    good, bad = f"Authorization: Bearer {api}", "Authorization: Bearer x"
    assert rpc(front, "Auth.CreateAccessToken", bad, good, host=OUTSIDE, stream="cam1").status == 400
    assert rpc(front, "Auth.CreateAccessToken", good, bad, host=OUTSIDE, stream="cam1").status in (200, 400)


@pytest.mark.parametrize("size, status", [(65_536, 200), (65_537, 400), (131_072, 400), (131_073, 413)])
def test_a_batch_of_64_kib_is_read_and_a_larger_one_refused_in_the_doors_words_up_to_a_limit(
    front: Nginx, size: int, status: int
) -> None:
    call = b'{"jsonrpc": "2.0", "method": "none", "id": 1}'
    body = b"[" + call + b" " * (size - len(call) - 2) + b"]"
    answer = ask(front, "/api/", method="POST", body=body)
    assert answer.status == status
    if status != 413:
        error = answer.json[0]["error"] if status == 200 else answer.json["error"]
        assert error["code"] == (-32601 if status == 200 else -32600)


@pytest.mark.parametrize("mount", ["", "/auth/rest", "/api/rest"])
def test_devicehives_clients_log_in_create_and_refresh(
    front: Nginx, site: Site, database: Server, mount: str
) -> None:
    database.sql("UPDATE users SET is_admin = 1", "gatepass")

    def post(path: str, body: str, *headers: str) -> Any:
        answer = ask(front, mount + path, *headers, method="POST", body=body.encode())
        assert answer.status == 201
        return answer.json

    login = post("/token", '{"login": "admin", "password": "password"}')
    bearer = f"Authorization: Bearer {login['accessToken']}"
    number = database.sql("SELECT id FROM users", "gatepass").strip()
    pair = post("/token/create", f'{{"userId": {number}, "actions": ["GetCurrentUser"]}}', bearer, JSON)
    access = post("/token/refresh", f'{{"refreshToken": "{pair["refreshToken"]}"}}')["accessToken"]
    assert ask(front, f"{mount}/user/current", f"Authorization: Bearer {access}").json["login"] == "admin"
    assert ask(front, f"{mount}/info").json["apiVersion"]
    assert site.guarded.seen == []


def test_the_api_managers_clients_get_their_token_by_form_and_by_basic(front: Nginx, site: Site) -> None:
    basic, form = "Authorization: Basic YWRtaW46cGFzc3dvcmQ=", "Content-Type: application/x-www-form-urlencoded"
    grant = "grant_type=client_credentials"
    for headers, body in (((basic,), grant), ((), f"{grant}&client_id=admin&client_secret=password")):
        answer = ask(front, "/apiops/auth/token", form, *headers, method="POST", body=body.encode())
        assert answer.status == 200
        bearer = f"Authorization: Bearer {answer.json['access_token']}"
        assert ask(front, "/apiops/test/hello/you", bearer).body == b"Hello you"
    made = ask(front, "/apiops/tokens/", bearer, JSON, method="POST", body=b'{"name": "a", "expires": "never"}').json
    assert [each["id"] for each in ask(front, "/apiops/tokens", bearer).json["tokens"]] == [made["id"]]
    assert ask(front, f"/apiops/tokens/{made['id']}/", bearer, method="DELETE").json["revoked"] == 1
    assert site.guarded.seen == []


def test_every_door_hears_of_the_client_from_nginx_alone_and_gets_its_authorization(tmp_path: Path) -> None:
    passed = re.findall(r"proxy_pass http://gatepass(\S*);", nginx.EXAMPLE)
    assert sorted(passed) == sorted((*DOORS, "/v1/verify/"))
    forged = ("X-Forwarded-For: 127.0.0.1", "X-Real-IP: 1", "Forwarded: for=1", "X-Forwarded-Proto: https")
    with back_end.running() as gatepass, nginx.running(tmp_path / "nginx", gatepass.port, free_port()) as front:
        for path in DOORS:
            ask(front, f"{path}?q", *forged, "X-Auth-User-Id: 1", "Authorization: Basic x", method="POST", body=b"x")
    assert [seen.target for seen in gatepass.seen] == [f"{path}?q" for path in DOORS]
    for seen in gatepass.seen:
        assert (seen.values("X-Forwarded-For"), seen.values("X-Forwarded-Proto")) == (["127.0.0.1"], ["http"])
        assert (seen.values("Host"), seen.values("Authorization")) == ([OUTSIDE], ["Basic x"])
        assert not any(seen.values(name) for name in ("X-Real-IP", "Forwarded", "X-Auth-User-Id", "Connection"))
        assert seen.body == b"x"


RPC = {"jsonrpc": "2.0", "error": {"code": -32002, "message": "Service unavailable"}, "id": None}
DEVICEHIVE = {"error": 503, "message": "Service unavailable"}
APIOPS = {"error": "temporarily_unavailable", "error_description": "The service is busy. Please try again soon."}


def test_a_dead_gatepass_is_told_in_each_doors_own_words(tmp_path: Path) -> None:
    words = {"/v1/sessions/": None, "/api": RPC, "/api/": RPC, "/apiops/auth/token": APIOPS}
    mounts = ("/token", "/token/create", "/info", "/user/current", "/auth/rest/token", "/api/rest/token/refresh")
    words |= {path: DEVICEHIVE for path in mounts}
    with back_end.running() as guarded, nginx.running(tmp_path / "nginx", free_port(), guarded.port) as front:
        for target, said in words.items():
            for method in ("GET", "POST"):
                answer = ask(front, target, "Authorization: Bearer x", method=method, body=b"x")
                assert (answer.status, answer.headers["content-type"]) == (503, "application/json")
                assert (answer.headers["retry-after"], answer.headers["cache-control"]) == ("5", "no-store")
                assert answer.code == "5501" if said is None else answer.json == said
    assert guarded.seen == []
