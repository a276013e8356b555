"""`POST /v1/oauth/revoke/` beyond its recorded answers: which token, whose tokens, and what is malformed."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.conftest import Service, add_user
from tests.doors.contract import DEAD, MakeService
from tests.doors.kinds import mint
from tests.doors.rfc.test_introspection import FORM, bearer, refused

PATH = "/v1/oauth/revoke/"


@pytest.fixture
def caller(service: Service) -> str:
    return mint(service, "api:revoke")


def revoke(service: Service, data: Any, caller: str = "", **more: Any) -> TestResponse:
    headers = bearer(caller) if caller else {}
    return service.client.post(more.pop("path", PATH), headers=headers, data=data, **more)


def live(service: Service) -> int:
    return int(service.server.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass"))


def done(response: TestResponse) -> bool:
    """200, without a body and without a Content-Type."""
    assert "Content-Type" not in response.headers
    return (response.status_code, response.data) == (200, b"")


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "nonsense", ""])
def test_a_token_is_revoked_alone_whatever_hint_and_proof_come_along(service: Service, hint: str) -> None:
    token, stays = mint(service, "mobile"), mint(service, "mobile")
    for _ in range(2):
        assert done(revoke(service, {"token": token, "token_type_hint": hint, "user": ""}, caller="nonsense"))
        assert live(service) == 1
    assert service.client.get("/v1/verify/", headers=bearer(stays)).status_code == 200


def test_a_token_is_revoked_whether_it_is_live_or_not(service: Service) -> None:
    held = [mint(service, "mobile"), mint(service, "api:stream")]
    service.server.sql("UPDATE users SET password = CONCAT('!', password)", "gatepass")
    service.server.sql("UPDATE auth_tokens SET expiry = 1 WHERE kind = 'api'", "gatepass")
    for left, token in ((1, held[0]), (0, held[1])):
        assert done(revoke(service, {"token": token}))
        assert live(service) == left


@pytest.mark.parametrize("spelling", ["Jürgen", "JÜRGEN", "jurgen", "Jürgen  "])
def test_all_of_a_users_tokens_go_however_the_name_is_spelt(service: Service, caller: str, spelling: str) -> None:
    add_user(service.server, "Jürgen")
    for kind in ("mobile", "api:stream"):
        mint(service, kind, "Jürgen")
    assert live(service) == 3
    assert done(revoke(service, {"user": spelling, "token": ""}, caller))
    assert live(service) == 1, "the caller's own"


def test_an_unknown_user_or_token_is_no_error(service: Service, caller: str) -> None:
    for name in ("nobody", "admin\0", "\xff", "a" * 1000, "' OR 1=1 -- "):
        assert done(revoke(service, {"user": name}, caller)) and done(revoke(service, {"token": name}))
    assert done(revoke(service, "user=%ff%fe", caller, content_type=FORM))
    assert live(service) == 1


def test_both_or_neither_and_fields_there_twice_are_400_and_revoke_nothing(service: Service, caller: str) -> None:
    token = mint(service, "mobile")
    wrong = ["token=", "user=", "user=&token=", f"token={token}&user=admin", f"token={token}&token=x"]
    wrong += [f"token={token}&x=1&x=2", "user=admin&user=admin", "token=x&user=nobody"]
    for data in wrong:
        assert refused(revoke(service, data, caller, content_type=FORM), 400, "invalid_request")
    for kind in ("application/json", "text/plain", ""):
        assert refused(revoke(service, f"token={token}", caller, content_type=kind), 400, "invalid_request")
    in_the_query = revoke(service, "", caller, content_type=FORM, path=f"{PATH}?token={token}&user=admin")
    assert refused(in_the_query, 400, "invalid_request")
    assert live(service) == 2


def test_a_dead_database_is_503_and_never_done(make_service: MakeService) -> None:
    service = make_service(**DEAD)
    answer = revoke(service, {"token": "ab" * 20})
    assert refused(answer, 503, "temporarily_unavailable") and int(answer.headers["Retry-After"]) > 0
    assert done(revoke(service, {"token": "this can be none"}))
