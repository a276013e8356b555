"""config/caddy/Caddyfile keeps what config/nginx.conf keeps: nginx's own tests, run before Caddy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import back_end, caddy
from tests.e2e.nginx import Site, ask, bearer, log_in
from tests.e2e.test_nginx import test_the_client_is_the_peer_whatever_it_claims  # noqa: F401
from tests.e2e.test_nginx_doors import (  # noqa: F401
    api,
    test_an_api_token_makes_stream_tokens_from_anywhere,
    test_devicehives_clients_log_in_create_and_refresh,
    test_of_two_authorization_headers_none_but_the_first_counts,
    test_the_api_managers_clients_get_their_token_by_form_and_by_basic,
)
from tests.e2e.test_nginx_guard import (  # noqa: F401
    test_a_good_token_arrives_as_its_user_and_not_as_itself,
    test_a_token_is_dead_at_once_when_it_is_given_back_or_its_user_disabled_or_it_expires,
    test_the_scheme_of_the_old_api_is_as_good,
    test_two_tokens_are_none,
    test_what_a_client_says_of_itself_never_arrives,
    test_without_a_good_token_it_is_401_and_the_back_end_hears_nothing,
)
from tests.e2e.test_nginx_outside import (  # noqa: F401
    CREATE,
    test_below_a_door_there_is_nothing_but_the_door,
    test_nobody_is_redirected,
    test_nor_is_a_call_in_a_batch_or_one_that_wants_no_answer,
    test_what_is_near_a_door_is_guarded,
    tokens,
)
from tests.e2e.test_nginx_paths import test_no_spelling_of_a_path_gets_around_the_guard  # noqa: F401
from tests.ports import free_port
from tools.private_server import Server

SECRET = "hunter2"
TOKEN = f"Authorization: Bearer {SECRET}"


@pytest.fixture(scope="module")
def file_site(migrated: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with caddy.site(tmp_path_factory.mktemp("file"), migrated) as made:
        yield made


@pytest.mark.parametrize("target", ["/v1/oauth", "/v1/oauth/", "//v1//oauth/", "/v1/oauth/index.php"])
def test_a_login_gets_a_token_and_no_redirect(site: Site, target: str) -> None:
    answer = log_in(site.nginx, target=target)
    assert (answer.status, answer.code) == (200, "ok") and "location" not in answer.headers


@pytest.mark.parametrize(
    "claimed",
    [(), ("X-Forwarded-For: 127.0.0.1",), ("Forwarded: for=127.0.0.1",), ("Connection: close, X-Forwarded-For",)],
)
def test_nobody_who_comes_by_way_of_it_is_local(site: Site, database: Server, claimed: tuple[str, ...]) -> None:
    for host in ("gatepass.example", "localhost", "127.0.0.1", "[::1]", "localhost:8000"):
        for target in ("/api/", "/api", "//api//", "/api/?X-Forwarded-For="):
            answer = ask(site.nginx, target, *claimed, method="POST", body=CREATE, host=host)
            assert (answer.status, answer.json["error"]["code"]) == (400, -32003)
        for target in ("/metrics", "/v1/../metrics", "/v1/%2e%2e/metrics", "/v1/..%2fmetrics", "/stream/check"):
            assert ask(site.nginx, target, *claimed, host=host).status in (400, 401)
    assert tokens(database) == "0" and site.guarded.seen == []


def test_an_open_path_is_that_path_alone_in_whatever_way_it_is_written(site: Site) -> None:
    for target in ("/open", "/open?x=1", "//open", "/a/../open", "/secret/%2e%2e/open"):
        assert ask(site.nginx, target, TOKEN).status == 200
    assert [each.target for each in site.guarded.seen] == ["/open", "/open?x=1", "/open", "/open", "/open"]
    assert not any(each.values("Authorization") for each in site.guarded.seen)


def test_the_console_alone_gets_its_cookies(site: Site) -> None:
    cookies = "a=1; __Host-gatepass=gpc_x; __Host-gatepass_notice=y; b=2; __Host-gatepass_form=z"
    assert ask(site.nginx, "/page", f"Cookie: {cookies}", bearer(log_in(site.nginx))).status == 200
    (seen,) = site.guarded.seen
    assert [value.rstrip("; ") for value in seen.values("Cookie")] == ["a=1; b=2"]


@pytest.mark.parametrize("status", [204, 302, 400, 401, 403, 404, 429, 500, 502, 504])
def test_only_2xx_lets_through(tmp_path: Path, status: int) -> None:
    with back_end.running(status, {"Location": "/x"}) as gatepass, back_end.running() as guarded:
        with caddy.running(tmp_path / "caddy", gatepass.port, guarded.port) as (front, _):
            answer = ask(front, "/page", TOKEN, "Cookie: x", method="POST", body=b"x")
    assert len(guarded.seen) == (1 if status == 204 else 0)
    assert answer.status == {204: 200, 401: 401, 403: 403}.get(status, 503)
    assert "location" not in answer.headers or status in (401, 403)  # these are Gatepass's own answers
    (check,) = gatepass.seen
    assert (check.method, check.target, check.body, check.values("Cookie")) == ("GET", "/v1/verify/", b"", [])
    assert check.values("X-Forwarded-For") == ["127.0.0.1"]


def test_with_gatepass_down_nobody_is_let_through_and_no_log_holds_a_secret(tmp_path: Path) -> None:
    words = {"/page": "5501", "/v1/oauth/": "5501", "/api/": "-32002", "/token": "503", "/apiops/auth/token": "busy"}
    with back_end.running() as guarded, caddy.running(tmp_path / "caddy", free_port(), guarded.port) as (front, other):
        for path, word in words.items():
            for method in ("GET", "POST"):
                answer = ask(front, f"{path}?password={SECRET}", TOKEN, method=method, body=b"x")
                assert (answer.status, answer.headers["retry-after"]) == (503, "5")
                assert word.encode() in answer.body and answer.json
        assert ask(front, "/console/", TOKEN).status == 503
        assert ask(front, "/a" * 3 + f"/gpa_{SECRET}", TOKEN).status == 503
        assert ask(other, f"/cam1/live.m3u8?token={SECRET}").status == 503
        assert guarded.seen == []
        assert ask(front, f"/open?{SECRET}", TOKEN).status == 200
    assert SECRET not in front.written() and '"uri":"/open***"' in front.written()
