"""Pins that what the doors of streams, of DeviceHive and of the API manager say is as docs/openapi.json has it."""

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from tests.conftest import COST_4, NOW, Server, add_user
from tests.doors import openapi
from tests.doors.kinds import STREAM as CAM
from tests.doors.openapi import CREDENTIALS, DOCUMENT, LOGIN, RPC, STREAM, Callers

LIVE = {"stream": CAM, "live": True}
FAULTS = [
    (b"{", "nobody", -32700, 400),
    ({"jsonrpc": "1.0", "method": "x"}, "nobody", -32600, 400),
    ([], "nobody", -32600, 400),
    ({"method": "Auth.NoSuch"}, "nobody", -32601, 400),
    ({"method": "Auth.CreateApiToken", "params": {"ttl": -1}}, "nobody", -32602, 400),
    ({"method": "Auth.CreateAccessToken", "params": {"from": 2, "to": 1, **LIVE}}, "api:stream", -32602, 400),
    ({"method": "Auth.CreateAccessToken", "params": LIVE}, "mobile", -32001, 401),
    ({"method": "Auth.CreateApiToken", "params": [60]}, "elsewhere", -32003, 403),
]


@pytest.fixture(scope="module", params=["php", "http"])
def callers(request: pytest.FixtureRequest, migrated: Server) -> Iterator[Callers]:
    made = openapi.callers(migrated, ERROR_STATUS=request.param)
    yield made
    made.close()
    openapi.empty(migrated)


def call(callers: Callers, method: str, params: Any, headers: dict[str, str] | None = None, **more: Any) -> Any:
    """The answer to a JSON-RPC call with an id."""
    body = {"jsonrpc": "2.0", "method": method, "params": params, "id": 1, **more}
    return callers.ask("POST", RPC, headers, body=body)


def test_the_tokens_of_streams_are_as_the_document_says(callers: Callers) -> None:
    api = call(callers, "Auth.CreateApiToken", {"ttl": 60}).json()["result"]
    bearer, bare = {"Authorization": f"Bearer {api}"}, {"Authorization": api}
    made = [
        call(callers, "Auth.CreateAccessToken", LIVE, bearer),
        call(callers, "Auth.CreateAccessToken", [CAM, 60, True], bare),
        call(callers, "Auth.CreateApiToken", {**LIVE, "Token": api}),
    ]
    for secret in [answer.json()["result"] for answer in made]:
        asked = {"token": secret, "stream": CAM}
        found = call(callers, "Auth.CheckAccessToken", {**asked, "action": "live"}, bearer)
        assert found.json()["result"]["allowed"] is True
        found = call(callers, "Auth.CheckAccessToken", [secret, CAM, "dvr", 5], bare)
        assert found.json()["result"] == {"allowed": False}
        for method in ("GET", "HEAD"):
            assert callers.ask(method, STREAM, query={**asked, "action": "live"}).status_code == 204
            assert callers.ask(method, STREAM, query={**asked, "action": "dvr", "at": 5}).status_code == 403


def test_batches_and_notifications_are_as_the_document_says(callers: Callers) -> None:
    headers = callers.headers("api:stream")
    notification = {"jsonrpc": "2.0", "method": "Auth.CreateAccessToken", "params": LIVE}
    assert callers.ask("POST", RPC, headers, body=notification).status_code == 204
    assert callers.ask("POST", RPC, headers, body=[notification] * 2).status_code == 204
    batch = [{**notification, "id": "a"}, notification, {**notification, "id": 1.5}, 7]
    answer = callers.ask("POST", RPC, headers, body=batch)
    assert [each["id"] for each in answer.json()] == ["a", 1.5, None]


@pytest.mark.parametrize("body, caller, code, status", FAULTS)
def test_each_fault_of_a_call_is_as_the_document_says(callers: Callers, body, caller, code: int, status: int) -> None:
    if isinstance(body, dict):
        body = {"jsonrpc": "2.0", "id": 1, **body}
    place, kind = ("elsewhere", "nobody") if caller == "elsewhere" else ("here", caller)
    answer = callers.ask("POST", RPC, callers.headers(kind), place, body=body)
    assert answer.json()["error"]["code"] == code
    assert answer.status_code == (status if callers.service.core.settings.error_status == "http" else 400)


@pytest.mark.parametrize("method, path", [("post", RPC), ("get", STREAM)])
def test_another_method_is_answered_as_the_document_says(callers: Callers, method: str, path: str) -> None:
    said = DOCUMENT["paths"][path][method]["responses"]["405"]
    content = openapi.resolve(said).get("content", {})
    for other in ("PUT", "PATCH", "DELETE"):
        answer = callers.service.client.open(path, method=other)
        assert answer.status_code == 405 and method.upper() in answer.headers["Allow"]
        assert bool(answer.data) == bool(content)
        for media in content.values():
            schema = {**media["schema"], "components": DOCUMENT["components"]}
            assert jsonschema_rs.is_valid(schema, json.loads(answer.data))


def test_a_pair_of_devicehive_is_as_the_document_says(callers: Callers) -> None:
    callers.ask("GET", "/info")
    pair = callers.ask("POST", "/token", body=LOGIN).json()
    renewed = callers.ask("POST", "/token/refresh", body={"refreshToken": pair["refreshToken"]}).json()
    soon = {"userId": callers.user_id, "expiration": (NOW + 60) * 1000}
    wanted = {**soon, "actions": ["GetDevice", 15], "networkIds": [7], "deviceTypeIds": None}
    for access in (pair["accessToken"], renewed["accessToken"]):
        bearer = {"Authorization": f"Bearer {access}"}
        assert callers.ask("GET", "/user/current", bearer).json()["login"] == "admin"
        assert callers.ask("POST", "/token/create", bearer, body=wanted).status_code == 201


def test_a_user_who_never_logged_in_is_as_the_document_says(callers: Callers) -> None:
    callers.service.server.sql("DELETE FROM auth_tokens", "gatepass")
    bearer = callers.headers("jwt_access")
    callers.service.server.sql("UPDATE auth_tokens SET kind = 'api' WHERE kind = 'jwt_refresh'", "gatepass")
    assert callers.ask("GET", "/user/current", bearer).json()["lastLogin"] is None


def test_each_failure_of_devicehive_is_as_the_document_says(callers: Callers) -> None:
    bearer = callers.headers("jwt_access")

    def said(path: str, body: object, headers: dict[str, str] | None = None) -> object:
        answer = callers.ask("POST", path, headers or {}, body=body).json()
        return answer.get("message", answer)

    assert said("/token", {"login": "admin"}) == "password is required"
    assert said("/token", {**LOGIN, "password": "wrong"}) == "Invalid credentials"
    assert said("/token/create", {"userId": callers.user_id}) == "Unauthorized"
    assert said("/token/create", {"userId": True}, bearer) == "userId is required, as a whole number."
    assert said("/token/create", {"userId": callers.user_id + 1}, bearer) == "Access is denied"
    past = said("/token/create", {"userId": callers.user_id, "expiration": "2001-02-03"}, bearer)
    assert isinstance(past, dict)
    assert said("/token/create", {}, {"Authorization": f"Bearer {past['accessToken']}"}) == "Token expired"
    assert said("/token/refresh", {"refreshToken": past["refreshToken"]}) == "Token has expired"
    assert said("/token/refresh", {"refreshToken": past["accessToken"]}) == "Invalid token type"
    assert said("/token/refresh", {"refreshToken": "x"}) == "Unauthorized"
    assert said("/token/refresh", {}) == "refreshToken is required"


def test_what_an_administrator_is_told_is_as_the_document_says(callers: Callers) -> None:
    server, out = callers.service.server, add_user(callers.service.server, "out", "!" + COST_4)
    server.sql("UPDATE users SET is_admin = 1 WHERE username = 'admin'", "gatepass")
    bearer = callers.headers("jwt_access")
    assert callers.ask("GET", "/user/current", bearer).json()["role"] == 0
    assert callers.ask("POST", "/token/create", bearer, body={"userId": 2**31}).status_code == 404
    assert callers.ask("POST", "/token/create", bearer, body={"userId": out}).status_code == 403
    server.sql("UPDATE users SET is_admin = 0; DELETE FROM users WHERE username = 'out'", "gatepass")


def test_the_token_of_the_api_manager_is_as_the_document_says(callers: Callers) -> None:
    basic = {"Authorization": "Basic " + b64encode(b"admin:password").decode()}
    for form, headers in ((CREDENTIALS, {}), ({"grant_type": "client_credentials"}, basic)):
        token = callers.ask("POST", "/apiops/auth/token", headers, body=form).json()["access_token"]
        bearer = {"Authorization": f"Bearer {token}"}
        greeted = callers.ask("GET", "/apiops/test/hello/{name}", bearer, path_parameters={"name": "Zoë <b>"})
        assert greeted.content.decode() == "Hello Zoë <b>"


@pytest.mark.parametrize("words", ["vendor", "rfc"])
def test_each_failure_of_the_api_manager_is_as_the_document_says(callers: Callers, words: str) -> None:
    asked = Callers(openapi.other(callers.service, APIOPS_ERRORS=words), callers.user_id)
    basic = {"Authorization": "Basic " + b64encode(b"admin:wrong").decode()}
    refused = asked.ask("POST", "/apiops/auth/token", basic, body={"grant_type": "client_credentials"})
    assert refused.status_code == 401 and refused.headers["www-authenticate"] == ['Basic realm="Gatepass"']
    for form in ({**CREDENTIALS, "grant_type": "password"}, {**CREDENTIALS, "client_secret": ""}):
        assert asked.ask("POST", "/apiops/auth/token", body=form).status_code == 400
    assert asked.ask("POST", "/apiops/auth/token", body={**CREDENTIALS, "client_secret": "x"}).status_code == 401
    assert asked.ask("GET", "/apiops/tokens/", {"Authorization": "Bearer x"}).status_code == 401


def test_personal_tokens_are_as_the_document_says(callers: Callers) -> None:
    bearer, wanted = callers.headers("management"), {"name": "nightly export", "expires": "2030-01-31"}
    made = callers.ask("POST", "/apiops/tokens/", bearer, body=wanted).json()
    callers.ask("POST", "/apiops/tokens/", bearer, body={"name": "door bell", "expires": "never"})
    assert callers.ask("POST", "/apiops/tokens/", bearer, body=wanted).status_code == 409
    personal = {"Authorization": f"Bearer {made['token']}"}
    listed = callers.ask("GET", "/apiops/tokens/", personal).json()["tokens"]
    assert {each["expires"] for each in listed} >= {"2030-01-31T23:59:59Z", "never"}
    assert callers.ask("POST", "/apiops/tokens/", personal, body=wanted).status_code == 401
    for status in (200, 404):
        answer = callers.ask("DELETE", "/apiops/tokens/{id}/", bearer, path_parameters={"id": made["id"]})
        assert answer.status_code == status
