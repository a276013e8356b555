"""config/nginx.conf before a guarded back end: which paths are open, and that no spelling of another one is."""

import pytest

from tests.e2e.back_end import BackEnd
from tests.e2e.nginx import Nginx, Site, ask, bearer, log_in


def test_an_open_path_needs_no_token_and_is_that_path_alone(front: Nginx, guarded: BackEnd) -> None:
    for target in ("/open", "/open?x=1", "//open", "/a/../open"):
        assert ask(front, target, "Authorization: Bearer x").status == 200
    assert [each.target for each in guarded.seen] == ["/open", "/open?x=1", "/open", "/open"]
    assert not any(each.values("Authorization") for each in guarded.seen)


@pytest.mark.parametrize(
    "target",
    [
        *("/", "//", "/v1", "/v1?x", "/V1/verify/", "/v1/verify/", "//v1//verify/", "/v1/verify", "/_gatepass_verify"),
        *("/v1/../secret", "/v1/%2e%2e/secret", "/v1%2f..%2fsecret", "/v1/..%2fsecret", "/v1//../secret"),
        *("/v1/..;/secret", "/secret/../v1/../secret", "/../secret", "/%73ecret", "http://guarded/secret"),
        *("/open/", "/open/../secret", "/open/..;/secret", "/open;/secret", "/open%2f..%2fsecret", "/OPEN"),
        *("/open%3f/../secret", "/open%00", "/open%20", "http://127.0.0.1/open/../secret"),
        *("/@gatepass_down", "*"),
    ],
)
def test_no_spelling_of_a_path_gets_around_the_guard(site: Site, guarded: BackEnd, target: str) -> None:
    answer = ask(site.nginx, target)
    assert guarded.seen == []
    assert answer.status in (400, 401, 404) or answer.json["success"] is False
    assert "location" not in answer.headers


def test_the_check_itself_cannot_be_asked_for(front: Nginx, guarded: BackEnd) -> None:
    assert ask(front, "/_gatepass_verify", bearer(log_in(front))).status == 404
    assert guarded.seen == []


def test_the_back_end_gets_the_path_that_nginx_looked_at(front: Nginx, guarded: BackEnd) -> None:
    token = bearer(log_in(front))
    for target in ("/a/../b%2fc", "/v1/../x%3fy%20z", "/%c3%bc;d/%2e%2e/e%25", "/x%0d%0aX-Auth-User-Id:%200"):
        ask(front, target, token)
    assert [each.target for each in guarded.seen] == ["/b/c", "/x%3Fy%20z", "/e%25", "/x%0D%0AX-Auth-User-Id:%200"]
    assert not any("0" in each.values("X-Auth-User-Id") for each in guarded.seen)
