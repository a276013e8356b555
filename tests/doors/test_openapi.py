"""Pins docs/openapi.json: a valid OpenAPI 3.1 document of every URL, and the service answers as it says."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from schemathesis import Case

from tests.conftest import ROOT, Server
from tests.doors import openapi
from tests.doors.contract import DEAD
from tests.doors.openapi import DOCUMENT, FILE, METHODS, SCHEMA, VERIFY, Callers

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TOKEN = {"body": {"token": "0" * 40}}
ASKED = [
    ("POST", "/v1/oauth/", {"body": {"username": "admin", "password": "password", "debug": "1"}}),
    ("GET", "/v1/sessions/", {}),
    ("DELETE", "/v1/sessions/", {"query": {"all": "1"}}),
    ("DELETE", "/v1/sessions/{id}/", {"path_parameters": {"id": 1}}),
    ("POST", "/v1/logout/", {}),
    ("GET", VERIFY, {}),
    ("POST", "/v1/oauth/introspect/", TOKEN),
    ("POST", "/v1/oauth/revoke/", TOKEN),
    ("GET", "/readyz", {}),
]
OWN = [("POST", "/v1/logout/"), ("GET", "/v1/sessions/"), ("DELETE", "/v1/sessions/"), ("GET", VERIFY)]


@pytest.fixture(scope="module", params=["php", "http"])
def callers(request: pytest.FixtureRequest, migrated: Server) -> Iterator[Callers]:
    yield openapi.callers(migrated, ERROR_STATUS=request.param)
    openapi.empty(migrated)


def test_it_is_valid_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert f"\nversion = {DOCUMENT['info']['version']}\n" in (ROOT / "setup.cfg").read_text()
    SCHEMA.validate()


@pytest.mark.parametrize("kind", ["schemas", "headers", "parameters"])
def test_its_schemas_are_valid_json_schemas(kind: str) -> None:
    for each in DOCUMENT["components"][kind].values():
        jsonschema_rs.meta.validate({"$schema": DIALECT, **each.get("schema", each)})


def test_its_examples_fit_their_schemas() -> None:
    assert [(place, name) for place, media in openapi.media() for name in misfits(media)] == []


def misfits(media: dict[str, Any]) -> list[str]:
    """The names of the examples that their own schema refuses."""
    schema = {"$schema": DIALECT, "components": DOCUMENT["components"], **media["schema"]}
    examples = {name: openapi.resolve(each)["value"] for name, each in media.get("examples", {}).items()}
    return [name for name, value in examples.items() if not jsonschema_rs.is_valid(schema, value)]


def test_every_url_is_documented_and_every_documented_url_is_served(callers: Callers) -> None:
    rules = {openapi.canonical(rule.rule) for rule in callers.service.app.url_map.iter_rules()}
    assert rules | {VERIFY} == {openapi.canonical(path) for path in DOCUMENT["paths"]}


def test_every_method_is_documented_and_every_documented_method_is_served(callers: Callers) -> None:
    served = {
        (openapi.canonical(rule.rule), method.lower())
        for rule in callers.service.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    items = DOCUMENT["paths"].items()
    documented = {(openapi.canonical(path), method) for path, item in items for method in METHODS if method in item}
    assert {each for each in served ^ documented if each[0] != VERIFY} == set()
    assert {method for path, method in documented if path == VERIFY} == set(METHODS)


def test_the_service_serves_the_file(callers: Callers) -> None:
    answer = callers.service.client.get("/openapi.json")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json == json.loads(FILE.read_text())


@pytest.mark.parametrize("caller", ["nobody", "mobile", "api"])
@SCHEMA.parametrize()
def test_the_service_answers_as_the_document_says(case: Case, caller: str, callers: Callers) -> None:
    callers.check(case, callers.headers(caller), "elsewhere" if caller == "mobile" else "here")


def test_a_login_and_what_its_token_opens_are_as_the_document_says(callers: Callers) -> None:
    answer = callers.ask("POST", "/v1/oauth/", body={"username": "admin", "password": "password"})
    assert answer.json()["success"] is True
    for method, path in OWN:
        answer = callers.ask(method, path, callers.headers("mobile"))
        assert answer.status_code == 200 and b'"success": false' not in answer.content


def test_sessions_are_as_the_document_says(callers: Callers) -> None:
    headers = callers.headers("mobile")
    callers.api_token("revoke")
    sessions = callers.ask("GET", "/v1/sessions/", headers).json()["data"]
    assert {each["kind"] for each in sessions} == {"mobile", "api"}
    current = {"id": next(each["id"] for each in sessions if each["current"])}
    answer = callers.ask("DELETE", "/v1/sessions/{id}/", headers, path_parameters=current)
    assert answer.json() == {"success": True, "data": {"revoked": 1}}


def test_introspection_of_live_tokens_is_as_the_document_says(callers: Callers) -> None:
    server, mobile = callers.headers("api"), callers.headers("mobile")["Authorization"].split()[1]
    for token in (mobile, callers.api_token("stream"), callers.api_token("stream", user_id=0)):
        answer = callers.ask("POST", "/v1/oauth/introspect/", server, body={"token": token})
        assert answer.json()["active"] is True


def test_revocation_is_as_the_document_says(callers: Callers) -> None:
    headers = callers.headers("mobile")
    callers.ask("POST", "/v1/oauth/revoke/", body={"token": headers["Authorization"].split()[1]})
    callers.ask("POST", "/v1/oauth/revoke/", callers.headers("api"), body={"user": "admin"})
    assert callers.service.server.sql("SELECT COUNT(*) FROM auth_tokens WHERE user_id > 0", "gatepass") == "0\n"


@pytest.mark.parametrize("method, path, parts", ASKED, ids=lambda each: each if isinstance(each, str) else "")
def test_a_dead_database_is_told_as_the_document_says(callers: Callers, method: str, path: str, parts) -> None:
    mode = callers.service.core.settings.error_status
    dead = Callers(openapi.build(callers.service.server, ERROR_STATUS=mode, **DEAD), 0)
    answer = dead.ask(method, path, {"Authorization": "Bearer " + "0" * 40}, **parts)
    assert answer.status_code == 503 or mode == "php" and answer.json()["errors"]["code"] == "5501"


@pytest.mark.parametrize("path", ["/v1/oauth/", "/v1/oauth/introspect/", "/v1/oauth/revoke/"])
def test_a_body_that_is_too_large_is_refused_as_the_document_says(callers: Callers, path: str) -> None:
    fields = {"username": "admin", "password": "x" * 16384, "token": "x"}
    answer = callers.ask("POST", path, callers.headers("api"), body=fields)
    assert answer.status_code == 413 or answer.json()["errors"]["code"] == "2400"
