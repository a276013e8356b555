"""Pins docs/openapi.json: a valid OpenAPI 3.1 document of every URL, and the service answers as it says."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from schemathesis import Case, Response

from tests.conftest import ROOT, Server
from tests.doors import every_door, openapi
from tests.doors.contract import DEAD, DoorContract
from tests.doors.kinds import KINDS, mint
from tests.doors.openapi import CREDENTIALS, DOCUMENT, FILE, LOGIN, METHODS, RPC, SCHEMA, STREAM, VERIFY, Callers

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PROOF = "<the proof>"
TOKEN = {"body": {"token": "0" * 40}}
RPC_CALL = {"jsonrpc": "2.0", "method": "Auth.CreateApiToken", "params": [60], "id": 1}
ASKED = [
    ("POST", "/v1/oauth/", "nobody", {"body": {"username": "admin", "password": "password", "debug": "1"}}),
    ("GET", "/v1/sessions/", "mobile", {}),
    ("DELETE", "/v1/sessions/", "mobile", {"query": {"all": "1"}}),
    ("DELETE", "/v1/sessions/{id}/", "mobile", {"path_parameters": {"id": 1}}),
    ("POST", "/v1/logout/", "mobile", {}),
    ("GET", VERIFY, "mobile", {}),
    ("POST", "/v1/oauth/introspect/", "api", TOKEN),
    ("POST", "/v1/oauth/revoke/", "api", TOKEN),
    ("POST", RPC, "nobody", {"body": RPC_CALL}),
    ("GET", STREAM, "stream", {"query": {"token": PROOF, "stream": "cam1", "action": "live"}}),
    ("HEAD", STREAM, "stream", {"query": {"token": PROOF, "stream": "cam1", "action": "live"}}),
    ("POST", "/token", "nobody", {"body": LOGIN}),
    ("POST", "/token/create", "jwt_access", {"body": {"userId": 1}}),
    ("POST", "/token/refresh", "jwt_refresh", {"body": {"refreshToken": PROOF}}),
    ("GET", "/user/current", "jwt_access", {}),
    ("POST", "/apiops/auth/token", "nobody", {"body": CREDENTIALS}),
    ("GET", "/apiops/test/hello/{name}", "management", {"path_parameters": {"name": "Anna"}}),
    ("GET", "/apiops/tokens/", "management", {}),
    ("POST", "/apiops/tokens/", "management", {"body": {"name": "laptop", "expires": "never"}}),
    ("DELETE", "/apiops/tokens/{id}/", "management", {"path_parameters": {"id": 1}}),
    ("GET", "/readyz", "nobody", {}),
]
"""What needs the database, and who asks for it."""

READERS = [
    path
    for path, item in DOCUMENT["paths"].items()
    if "requestBody" in item.get("post", {}) and path != STREAM and item["post"]["tags"] != ["console"]
]
"""What reads a body. (A check of a stream refuses it like any other text, and the console with a page.)"""

OWN = [("POST", "/v1/logout/"), ("GET", "/v1/sessions/"), ("DELETE", "/v1/sessions/"), ("GET", VERIFY)]
BARE = (VERIFY, STREAM)
"""The paths that are answered before Flask, and have no rule there."""


@pytest.fixture(scope="module", params=["php", "http"])
def callers(request: pytest.FixtureRequest, migrated: Server) -> Iterator[Callers]:
    made = openapi.callers(migrated, ERROR_STATUS=request.param)
    yield made
    made.close()
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


def test_every_part_of_it_is_referred_to() -> None:
    text = FILE.read_text()
    for kind, parts in DOCUMENT["components"].items():
        form = '{{"{}": []}}' if kind == "securitySchemes" else f'"#/components/{kind}/{{}}"'
        assert [name for name in parts if form.format(name) not in text] == []


def served(callers: Callers) -> set[tuple[str, str]]:
    """Every URL of Flask, and each of its methods."""
    return {
        (re.sub(r"<[^>]+>", "{}", rule.rule), method.lower())
        for rule in callers.service.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def documented(path: str) -> set[tuple[str, str]]:
    """The same of a path of the document."""
    methods = [method for method in METHODS if method in DOCUMENT["paths"][path]]
    return {(form, method) for form in openapi.forms(path) for method in methods}


def test_every_url_and_method_is_documented_and_every_documented_one_is_served(callers: Callers) -> None:
    assert served(callers) == set().union(*(documented(path) for path in DOCUMENT["paths"] if path not in BARE))


@pytest.mark.parametrize("path", BARE)
def test_the_doors_before_flask_serve_what_is_documented(path: str, callers: Callers) -> None:
    for form in openapi.forms(path):
        answers = {each: callers.service.client.open(form, method=each.upper()) for each in METHODS}
        there = {(form, method) for method, answer in answers.items() if answer.status_code not in (404, 405)}
        assert there == {each for each in documented(path) if each[0] == form}


def test_the_service_serves_the_file(callers: Callers) -> None:
    answer = callers.service.client.get("/openapi.json")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json == json.loads(FILE.read_text())


@pytest.mark.parametrize("caller", ["nobody", "opener", "another"])
@SCHEMA.exclude(tag="console").parametrize()
def test_the_service_answers_as_the_document_says(case: Case, caller: str, callers: Callers) -> None:
    openapi.assume_loggable(case)
    kind = openapi.kind(case, caller)
    callers.check(case, callers.headers(kind), "elsewhere" if kind == "mobile" else "here")


def test_a_login_and_what_its_token_opens_are_as_the_document_says(callers: Callers) -> None:
    answer = callers.ask("POST", "/v1/oauth/", body={"username": "admin", "password": "password"})
    assert answer.json()["success"] is True
    for method, path in OWN:
        answer = callers.ask(method, path, callers.headers("mobile"))
        assert answer.status_code == 200 and b'"success": false' not in answer.content


def test_sessions_are_as_the_document_says(callers: Callers) -> None:
    callers.service.server.sql("DELETE FROM auth_tokens", "gatepass")
    headers = callers.headers("mobile")
    for kind in KINDS:
        mint(callers.service, kind)
    sessions = callers.ask("GET", "/v1/sessions/", headers).json()["data"]
    assert {each["kind"] for each in sessions} == {kind.partition(":")[0] for kind in KINDS}
    current = {"id": next(each["id"] for each in sessions if each["current"])}
    answer = callers.ask("DELETE", "/v1/sessions/{id}/", headers, path_parameters=current)
    assert answer.json() == {"success": True, "data": {"revoked": 1}}


def test_introspection_of_live_tokens_is_as_the_document_says(callers: Callers) -> None:
    server, live = callers.headers("api"), [mint(callers.service, kind) for kind in KINDS]
    for token in (*live, callers.api_token("stream", user_id=0)):
        answer = callers.ask("POST", "/v1/oauth/introspect/", server, body={"token": token})
        assert answer.json()["active"] is True


def test_revocation_is_as_the_document_says(callers: Callers) -> None:
    headers = callers.headers("mobile")
    callers.ask("POST", "/v1/oauth/revoke/", body={"token": headers["Authorization"].split()[1]})
    callers.ask("POST", "/v1/oauth/revoke/", callers.headers("api"), body={"user": "admin"})
    assert callers.service.server.sql("SELECT COUNT(*) FROM auth_tokens WHERE user_id > 0", "gatepass") == "0\n"


@pytest.mark.parametrize("method, path, caller, parts", ASKED, ids=lambda each: each if isinstance(each, str) else "")
def test_a_dead_database_is_told_as_the_document_says(callers: Callers, method, path, caller, parts) -> None:
    mode, headers = callers.service.core.settings.error_status, callers.headers(caller)
    filled = json.loads(json.dumps(parts).replace(PROOF, headers.get("Authorization", "").split(" ")[-1]))
    dead = Callers(openapi.other(callers.service, ERROR_STATUS=mode, **DEAD), 0)
    answer = dead.ask(method, path, headers, **filled)
    assert path == "/readyz" or int(answer.headers["retry-after"][0]) > 0
    assert answer.status_code == 503 or mode == "php" and code(answer) in ("5501", -32002)


@pytest.mark.parametrize("door", every_door.doors(DoorContract), ids=every_door.name)
def test_what_a_doors_own_tests_ask_is_answered_as_the_document_says(callers: Callers, door: DoorContract) -> None:
    service = callers.service
    dead = openapi.other(service, ERROR_STATUS=service.core.settings.error_status, **DEAD)
    for proof in (door.proof(service), door.wrong_proof(service)):
        openapi.fits(door.use(service, proof))
        openapi.fits(door.use(dead, proof))


@pytest.mark.parametrize("path", READERS)
def test_a_body_that_is_too_large_is_refused_as_the_document_says(callers: Callers, path: str) -> None:
    size = 65_536 if path == RPC else 16_384
    fields = {"username": "admin", "password": "x" * size, "token": "x"}
    headers = callers.headers(openapi.kind(SCHEMA[path]["POST"].Case(), "opener"))
    answer = callers.ask("POST", path, headers, body=fields)
    assert answer.headers["connection"] == ["close"]
    assert answer.status_code == 413 or code(answer) in ("2400", -32600)


def code(answer: Response) -> object:
    """Of a failure that ERROR_STATUS=php sends."""
    said = answer.json()
    return said.get("errors", said.get("error"))["code"]
