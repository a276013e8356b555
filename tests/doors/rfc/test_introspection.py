"""`POST /v1/oauth/introspect/` beyond its recorded answers: who may ask, how they prove it, and of which tokens."""

import base64
from hashlib import sha1
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.conftest import NOW, Service
from tests.doors.kinds import mint
from v1.tokens import issue

PATH = "/v1/oauth/introspect/"
FORM = "application/x-www-form-urlencoded"
INACTIVE = b'{"active":false}\n'


@pytest.fixture
def caller(service: Service) -> str:
    return mint(service, "api:introspect")


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


def ask(service: Service, headers: dict[str, str], data: Any = None, **fields: str) -> TestResponse:
    """Post these fields, or this form as it is."""
    kind = {} if data is None else {"content_type": FORM}
    return service.client.post(PATH, headers=headers, data=data or fields, **kind)


def refused(response: TestResponse, status: int, error: str) -> bool:
    assert list(response.json) == ["error", "error_description"] and response.json["error_description"]
    assert response.headers["Content-Type"] == "application/json"
    return (response.status_code, response.json["error"]) == (status, error)


def is_challenged(response: TestResponse, challenge: str) -> bool:
    return refused(response, 401, "invalid_client") and response.headers["WWW-Authenticate"] == challenge


def test_a_token_that_is_expired_revoked_or_a_disabled_users_is_inactive_and_nothing_more(
    service: Service, caller: str
) -> None:
    revoked, disabled, expired = (mint(service, "mobile") for _ in range(3))
    service.client.post("/v1/oauth/revoke/", data={"token": revoked})
    digest = sha1(expired.encode()).hexdigest()
    service.server.sql(f"UPDATE auth_tokens SET expiry = {NOW} WHERE auth_key = '{digest}'", "gatepass")
    server = issue.api(service.core, 0, "server", ("introspect",), NOW, issue.NEVER).secret
    for each in (expired, revoked):
        assert ask(service, bearer(caller), token=each).data == INACTIVE
    assert ask(service, bearer(server), token=disabled).data != INACTIVE
    service.server.sql("UPDATE users SET password = CONCAT('!', password)", "gatepass")
    assert ask(service, bearer(server), token=disabled).data == INACTIVE


MALFORMED = ["", "token=", "Token=x", "token[]=x", "token=x&token=x", "token={0}&a=1&a=2", "token=&token={0}"]


@pytest.mark.parametrize("data", MALFORMED)
def test_a_missing_token_and_a_field_that_is_there_twice_are_400(service: Service, caller: str, data: str) -> None:
    for path in (PATH, f"{PATH}?token={caller}"):
        form = data.format(caller)
        answer = service.client.post(path, headers=bearer(caller), data=form, content_type=FORM)
        assert refused(answer, 400, "invalid_request")


def test_a_form_is_known_by_its_type_in_any_case_and_with_a_charset(service: Service, caller: str) -> None:
    for kind in (FORM.upper(), FORM + "; charset=UTF-8", FORM + ";x"):
        form = f"token={caller}&token_type_hint=nonsense&x=y"
        answer = service.client.post(PATH, headers=bearer(caller), data=form, content_type=kind)
        assert answer.json["active"] is True


def test_asking_counts_as_a_use_of_both_tokens_and_writes_nothing_else(service: Service, caller: str) -> None:
    token = mint(service, "mobile")
    service.clock.now = NOW + 100
    ask(service, bearer(caller), token=token)
    service.core.write_behind.write()
    assert service.server.sql("SELECT DISTINCT last_access FROM auth_tokens", "gatepass") == f"{NOW + 100}\n"


NAMES = ["", "orders", "ann%40x", "a+b", "\u00fc 📱", "x" * 3000]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:20])
def test_a_caller_proves_itself_by_basic_or_in_the_form_whatever_its_name(
    service: Service, caller: str, name: str
) -> None:
    token = mint(service, "mobile")
    ways: list[tuple[dict[str, str], dict[str, str]]] = [
        (basic(name, caller), {}),
        (basic(name, caller), {"client_id": "other"}),
        (basic(name, caller.replace("_", "%5F")), {}),
        ({}, {"client_id": name, "client_secret": caller}),
        ({}, {"client_secret": caller}),
        (basic(name, caller), {"client_id": name, "client_secret": caller}),
        (bearer(caller), {"client_secret": caller}),
        (bearer(caller), {"client_id": name, "client_secret": ""}),
    ]
    for headers, fields in ways:
        answer = ask(service, headers, token=token, **fields)
        assert (answer.status_code, answer.json["active"]) == (200, True), (headers, fields)


def test_whoever_may_not_ask_may_not_by_any_of_these_ways(service: Service) -> None:
    token = mint(service, "mobile")
    expired = issue.api(service.core, 0, "server", ("introspect",), NOW, NOW).secret
    for secret in (token, mint(service, "api:revoke"), expired, "ab" * 20, "x", "é"):
        assert is_challenged(ask(service, basic("orders", secret), token=token), 'Basic realm="Gatepass"')
        assert is_challenged(ask(service, {}, token=token, client_id="orders", client_secret=secret), "Bearer")
    answer = ask(service, basic("admin", "password"), token=token)
    assert refused(answer, 401, "invalid_client"), "a user's password is no API token"


@pytest.mark.parametrize("header", ["Basic", "Basic ", "Basic x", "Basic YWJj", "Basic YTo=", "Basic YTpi, Bearer x"])
def test_malformed_basic_is_401_with_the_challenge_of_basic(service: Service, header: str) -> None:
    assert is_challenged(ask(service, {"Authorization": header}, token="x"), 'Basic realm="Gatepass"')


def test_a_header_of_another_kind_is_401_though_the_form_has_a_secret(service: Service, caller: str) -> None:
    for header in ("Digest x", "Bearer", caller, f"Bearer {caller}, Bearer {caller}"):
        assert is_challenged(ask(service, {"Authorization": header}, token="x", client_secret=caller), "Bearer"), header
    assert ask(service, {"Authorization": ""}, token="x", client_secret=caller).data == INACTIVE


def test_two_ways_that_differ_are_400_and_say_so(service: Service, caller: str) -> None:
    other = mint(service, "api:introspect")
    for headers in (basic("orders", other), bearer(other)):
        answer = ask(service, headers, token="x", client_secret=caller)
        assert refused(answer, 400, "invalid_request") and "differ" in answer.json["error_description"]


def test_only_introspection_takes_the_callers_token_so(service: Service) -> None:
    revoker = mint(service, "api:revoke")
    for headers, fields in ((basic("x", revoker), {}), ({}, {"client_secret": revoker})):
        answer = service.client.post("/v1/oauth/revoke/", headers=headers, data={"user": "admin", **fields})
        assert refused(answer, 401, "invalid_client")


def test_a_token_whose_holder_acts_as_nobody_names_nobody(service: Service, caller: str) -> None:
    """A server that looks at `active` and `sub` alone must not take the holder of a link for its user."""
    for kind in ("stream", "jwt_refresh"):
        answer = ask(service, bearer(caller), token=mint(service, kind)).json
        assert answer["active"] is True and answer["kind"] == kind
        assert not {"sub", "username", "token_type"} & set(answer)
    assert ask(service, bearer(caller), token=mint(service, "jwt_access")).json["username"] == "admin"
