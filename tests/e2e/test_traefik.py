"""config/traefik keeps what config/nginx.conf keeps: nginx's own tests, run before Traefik."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import back_end, traefik
from tests.e2e.nginx import Site, ask, bearer, log_in
from tests.e2e.test_caddy import (  # noqa: F401
    test_an_open_path_is_that_path_alone_in_whatever_way_it_is_written,
    test_nobody_who_comes_by_way_of_it_is_local,
)
from tests.e2e.test_nginx import (  # noqa: F401
    test_a_login_in_any_form_of_its_path_gets_a_token_and_no_redirect,
    test_the_client_is_the_peer_whatever_it_claims,
)
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
    test_nor_is_a_call_in_a_batch_or_one_that_wants_no_answer,
)
from tests.e2e.test_nginx_paths import test_no_spelling_of_a_path_gets_around_the_guard  # noqa: F401
from tests.ports import free_port
from tools.private_server import Server

SECRET = "hunter2"
TOKEN = f"Authorization: Bearer {SECRET}"


@pytest.fixture(scope="module")
def file_site(migrated: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with traefik.site(tmp_path_factory.mktemp("file"), migrated) as made:
        yield made


@pytest.mark.parametrize(
    "target", ["/tokens", "/apiopsx", "/info/", "/user/current/x", "/auth", "/API/", "/api;/", "/Console/", "/v1x"]
)
def test_what_is_near_a_door_is_guarded(site: Site, target: str) -> None:
    answer = ask(site.nginx, target)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert site.guarded.seen == []


def test_the_back_end_gets_the_path_that_was_looked_at(site: Site) -> None:
    token = bearer(log_in(site.nginx))
    for target in ("/a/../b//c", "/v1/../x%20z", "/page?x=%2F&y"):
        assert ask(site.nginx, target, token).status == 200
    assert [each.target for each in site.guarded.seen] == ["/b/c", "/x%20z", "/page?x=%2F&y"]
    for target in ("/a%2fb", "/a%5cb", "/a%3fb", "/a%25b", "/a%23b", "/a%3bb", "/a%00b"):
        assert ask(site.nginx, target, token).status == 400


@pytest.mark.parametrize("status", [204, 302, 400, 401, 403, 404, 429, 500, 502, 503, 504])
def test_only_2xx_lets_through(tmp_path: Path, status: int) -> None:
    with back_end.running(status) as gatepass, back_end.running() as guarded:
        with traefik.running(tmp_path / "traefik", gatepass.port, guarded.port) as front:
            answer = ask(front, "/page", TOKEN, "Cookie: x", method="POST", body=b"x")
    passed = [each.target for each in guarded.seen if each.target != "/healthz"]  # by which traefik.running waits
    assert passed == (["/page"] if status == 204 else [])
    assert answer.status == {204: 200, 500: 503, 502: 503, 504: 503}.get(status, status)
    check = [each for each in gatepass.seen if each.target != "/healthz"][-1]
    assert (check.method, check.target, check.body, check.values("Cookie")) == ("GET", "/v1/verify/", b"", [])
    assert check.values("X-Forwarded-For") == ["127.0.0.1"]


def test_with_gatepass_down_nobody_is_let_through_and_no_log_holds_a_secret(tmp_path: Path) -> None:
    with back_end.running() as guarded:
        with traefik.running(tmp_path / "traefik", free_port(), guarded.port) as front:
            for path in ("/page", "/v1/oauth/", "/api/", "/token", "/apiops/auth/token", "/console/"):
                for method in ("GET", "POST"):
                    answer = ask(front, f"{path}?password={SECRET}", TOKEN, method=method, body=b"x")
                    assert answer.status in (502, 503)
            assert guarded.seen == []
            assert ask(front, f"/open?{SECRET}", TOKEN).status == 200
        assert SECRET not in front.written()
