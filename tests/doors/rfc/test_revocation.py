"""Pins `POST /v1/oauth/revoke/`: RFC 7009 for whoever holds a token, and all of a user's for a server that may."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.conftest import NOW, Service, add_user
from tests.doors.contract import DEAD, MakeService
from v1.tokens import find, issue

PATH = "/v1/oauth/revoke/"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def caller(service: Service) -> str:
    """The token of a server that may revoke all of a user's."""
    return api(service, "revoke")


def api(service: Service, *scopes: str, user_id: int = 0, expiry: int = issue.NEVER) -> str:
    return issue.api(service.core, user_id, "server", scopes, NOW, expiry).secret


def log_in(service: Service, username: str = "admin") -> str:
    answer = service.client.post("/v1/oauth/", data={"username": username, "password": "password"})
    return answer.json["data"]["access_token"]


def revoke(service: Service, data: Any = None, caller: str | None = None, **more: Any) -> TestResponse:
    headers = {} if caller is None else {"Authorization": f"Bearer {caller}"}
    return service.client.open(more.pop("path", PATH), headers=headers, data=data, **{"method": "POST", **more})


def live(service: Service) -> int:
    return int(service.server.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass"))


def done(response: TestResponse) -> bool:
    """200, empty, and no type for a body that there is not."""
    assert "Content-Type" not in response.headers
    return (response.status_code, response.data) == (200, b"")


def refused(response: TestResponse, status: int, error: str) -> bool:
    assert list(response.json) == ["error", "error_description"] and response.json["error_description"]
    return (response.status_code, response.json["error"]) == (status, error)


@pytest.mark.parametrize("path", ["/v1/oauth/revoke", "/v1/oauth/revoke/", "/v1//oauth//revoke//"])
def test_whoever_holds_a_token_may_revoke_it_and_no_other(service: Service, path: str) -> None:
    token, stays = log_in(service), log_in(service)
    assert done(revoke(service, {"token": token}, path=path))
    for each, status in ((token, 401), (stays, 200)):
        assert service.client.get("/v1/verify/", headers={"Authorization": f"Token {each}"}).status_code == status
    assert done(revoke(service, {"token": token}, path=path))


def test_a_token_of_every_kind_live_or_not_is_revoked(service: Service) -> None:
    held = [log_in(service), api(service, "stream"), api(service, "stream", expiry=NOW - 1)]
    service.server.sql("UPDATE users SET password = CONCAT('!', password)", "gatepass")
    for left, token in ((2, held[0]), (1, held[1]), (0, held[2])):
        assert done(revoke(service, {"token": token}))
        assert live(service) == left


def test_a_token_that_is_none_is_no_error(service: Service) -> None:
    token = log_in(service)
    for each in ("ab" * 20, token.upper(), token[:-1], token + "0", " " + token, "x", "\0", "📱", "gpa_" + "0" * 46):
        assert done(revoke(service, {"token": each}))
    assert live(service) == 1


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "nonsense", ""])
def test_a_hint_is_ignored_and_so_is_whatever_proof_comes_along(service: Service, hint: str) -> None:
    assert done(revoke(service, {"token": log_in(service), "token_type_hint": hint, "user": ""}, caller="nonsense"))
    assert live(service) == 0


@pytest.mark.parametrize("spelling", ["Jürgen", "JÜRGEN", "jurgen", "Jürgen  "])
def test_all_of_a_users_tokens_go_however_the_name_is_spelt(service: Service, caller: str, spelling: str) -> None:
    user_id = add_user(service.server, "Jürgen")
    stays = log_in(service)
    token = log_in(service, "Jürgen")
    own = api(service, "stream", user_id=user_id)
    assert done(revoke(service, {"user": spelling, "token": ""}, caller))
    for each in (token, own):
        assert find.find(service.core, each, NOW) is None
    for each in (stays, caller):
        assert find.find(service.core, each, NOW)


def test_an_unknown_user_is_no_error(service: Service, caller: str) -> None:
    for name in ("nobody", "admin\0", "\xff", "a" * 1000, "' OR 1=1 -- "):
        assert done(revoke(service, {"user": name}, caller))
    assert done(revoke(service, "user=%ff%fe", caller, content_type=FORM))
    assert live(service) == 1


def test_only_a_server_with_the_scope_may_revoke_a_users(service: Service) -> None:
    token = log_in(service)
    for each in (token, api(service, "introspect", "stream"), api(service, "revoke", expiry=NOW), "ab" * 20, "x"):
        answer = revoke(service, {"user": "admin"}, each)
        assert refused(answer, 401, "invalid_client")
        assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
        assert answer.data == revoke(service, {"user": "nobody"}, each).data
    answer = revoke(service, {"user": "admin"})
    assert refused(answer, 401, "invalid_client") and answer.headers["WWW-Authenticate"] == "Bearer"
    assert find.find(service.core, token, NOW)


def test_both_or_neither_and_fields_there_twice_are_400_and_revoke_nothing(service: Service, caller: str) -> None:
    token = log_in(service)
    wrong = ["", "token=", "user=", "user=&token=", "hint=x", f"token={token}&user=admin", f"token={token}&token=x"]
    wrong += [f"token={token}&x=1&x=2", "user=admin&user=admin", "token=x&user=nobody"]
    for data in wrong:
        assert refused(revoke(service, data, caller, content_type=FORM), 400, "invalid_request")
    for kind in ("application/json", "text/plain", ""):
        assert refused(revoke(service, f"token={token}", caller, content_type=kind), 400, "invalid_request")
    in_the_query = revoke(service, "", caller, content_type=FORM, path=f"{PATH}?token={token}&user=admin")
    assert refused(in_the_query, 400, "invalid_request")
    assert live(service) == 2


def test_only_post_is_served_and_a_body_over_16_kib_is_413(service: Service, caller: str) -> None:
    for method in ("GET", "PUT", "DELETE", "BREW"):
        answer = revoke(service, method=method, path=f"{PATH}?token={caller}", caller=caller)
        assert refused(answer, 405, "invalid_request") and "POST" in answer.headers["Allow"]
    assert refused(revoke(service, "token=" + "x" * 16 * 1024, content_type=FORM), 413, "invalid_request")
    assert live(service) == 1


@pytest.mark.parametrize("mode", ["php", "http"])
def test_a_dead_database_is_503_and_never_done(make_service: MakeService, mode: str) -> None:
    service = make_service(ERROR_STATUS=mode, **DEAD)
    for data in ({"token": "ab" * 20}, {"user": "admin"}):
        answer = revoke(service, data, "ab" * 20)
        assert refused(answer, 503, "temporarily_unavailable") and int(answer.headers["Retry-After"]) > 0
    assert done(revoke(service, {"token": "this can be none"}))
