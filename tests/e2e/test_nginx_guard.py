"""config/nginx.conf before a guarded back end: who gets there, as whom, and that nobody gets there as another."""

import os
import re
from collections.abc import Iterator
from hashlib import sha1
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.commands import flask
from tests.conftest import add_user
from tests.e2e import back_end, nginx, wire
from tests.e2e.back_end import BackEnd
from tests.e2e.nginx import Nginx, ask, bearer, log_in
from tools.private_server import Server

IDENTITY = ("X-Auth-User-Id", "X-Auth-Username", "X-Auth-Access-Level", "X-Auth-Token-Kind", "X-Auth-Expires")
OTHERS = (
    *("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"),
    *("X-Original-URI", "X-Original-URL", "X-Rewrite-URL"),
)


def spellings(name: str) -> Iterator[str]:
    """The ways in which a client may write a header that some server takes for this one."""
    yield from (name, name.lower(), name.upper(), name.replace("-", "_"), name.upper().replace("-", "_"))
    yield from (name.replace("-", "_", 1), name[::-1].replace("-", "_", 1)[::-1], name.replace("-", "."), name)


@pytest.mark.parametrize("name", ["somebody", "Jürgen Groß", '"my" name, 100%/+\\', "名前", "a\r\nX-Auth-User-Id: 0"])
def test_a_good_token_arrives_as_its_user_and_not_as_itself(
    front: Nginx, guarded: BackEnd, database: Server, name: str
) -> None:
    user = add_user(database, name)
    login = log_in(front, name=name)
    assert ask(front, "/page?x=%2F&y", bearer(login)).status == 200

    (seen,) = guarded.seen
    assert seen.target == "/page?x=%2F&y"
    expected = [str(user), quote(name, safe=""), "1", "mobile", str(login.json["data"]["expiry"])]
    assert [seen.values(each) for each in IDENTITY] == [[value] for value in expected]
    assert seen.values("Authorization") == []
    assert login.json["data"]["access_token"] not in repr(seen)


def test_the_scheme_of_the_old_api_is_as_good(front: Nginx, guarded: BackEnd) -> None:
    assert ask(front, "/page", bearer(log_in(front)).replace("Bearer", "Token")).status == 200
    assert len(guarded.seen) == 1


@pytest.mark.parametrize(
    "headers",
    [
        [],
        ["Authorization:"],
        ["Authorization: Bearer"],
        ["Authorization: Bearer " + "0" * 40],
        ["Authorization: Bearer x y"],
        ["Authorization: Basic YWRtaW46cGFzc3dvcmQ="],
        ["X-Original-Authorization: {}", "Proxy-Authorization: {}"],
    ],
)
def test_without_a_good_token_it_is_401_and_the_back_end_hears_nothing(
    front: Nginx, guarded: BackEnd, headers: list[str]
) -> None:
    good = bearer(log_in(front)).removeprefix("Authorization: ")
    for method in ("GET", "POST", "OPTIONS"):
        answer = ask(front, "/page", *(each.format(good) for each in headers), method=method)
        assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert guarded.seen == []


def test_two_tokens_are_none(front: Nginx, guarded: BackEnd) -> None:
    good = bearer(log_in(front))
    for first, second in ((good, "Authorization: Bearer x"), ("Authorization: Bearer x", good), (good, good)):
        assert ask(front, "/page", first, second).status in (400, 401)  # nginx 1.23 says 400 by itself
    assert guarded.seen == []


def test_a_token_is_dead_at_once_when_it_is_given_back_or_its_user_disabled_or_it_expires(
    front: Nginx, guarded: BackEnd, database: Server
) -> None:
    tokens = [bearer(log_in(front)) for _ in range(3)]
    assert [ask(front, "/page", each).status for each in tokens] == [200] * 3
    ask(front, "/v1/logout/", tokens[0], method="POST")
    digest = sha1(tokens[1].split()[-1].encode()).hexdigest()
    database.sql(f"UPDATE auth_tokens SET expiry = UNIX_TIMESTAMP() WHERE auth_key = '{digest}'", "gatepass")
    assert [ask(front, "/page", each).status for each in tokens] == [401, 401, 200]
    flask(database, "user", "disable", "admin")
    assert [ask(front, "/page", each).status for each in tokens] == [401] * 3
    assert len(guarded.seen) == 4


@pytest.mark.parametrize("path", ["/page", "/open"])
def test_what_a_client_says_of_itself_never_arrives(front: Nginx, guarded: BackEnd, path: str) -> None:
    """In any spelling, with a good token and where none is needed."""
    forged = [f"{each}: 31337" for name in (*IDENTITY, *OTHERS) for each in spellings(name)]
    forged.append("Connection: close, " + ", ".join(IDENTITY))
    assert ask(front, path, *forged, bearer(log_in(front)), "X-Mine: 31337").status == 200

    (seen,) = guarded.seen
    assert [name for name, value in seen.headers if "31337" in value] == ["X-Mine"]
    assert seen.values("X-Forwarded-For") == ["127.0.0.1"]
    named = [name for name, _ in seen.headers if re.match("x.auth", name, re.IGNORECASE)]
    assert sorted(named) == (sorted(IDENTITY) if path == "/page" else [])


@pytest.mark.parametrize("framing", ["declared", "chunked"])
def test_a_body_arrives_whole_and_the_check_gets_none_of_it(tmp_path: Path, framing: str) -> None:
    body = os.urandom(300_000)
    identity = {"X-Auth-User-Id": "7"}
    with back_end.running(headers=identity) as gatepass, back_end.running() as guarded:
        with nginx.running(tmp_path / "nginx", gatepass.port, guarded.port) as front:
            if framing == "declared":
                assert ask(front, "/page?q", "Authorization: Token x", method="POST", body=body).status == 200
            else:
                raw = wire.chunked(body).replace(b"/v1/oauth/", b"/page?q", 1)
                with wire.connect(front) as connection:
                    connection.sendall(raw)
                    assert wire.read_answer(connection).status == 200

    (check,), (seen,) = gatepass.seen, guarded.seen
    assert (check.method, check.target, check.body) == ("GET", "/v1/verify/", b"")
    assert check.values("Content-Length") == check.values("Transfer-Encoding") == []
    assert check.values("Authorization") == (["Token x"] if framing == "declared" else [])
    assert (seen.method, seen.target, seen.body, seen.values("X-Auth-User-Id")) == ("POST", "/page?q", body, ["7"])
